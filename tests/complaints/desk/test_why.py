import re
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.utils.html import escape
from django.utils.timezone import localtime

from complaints.followups import actions as followups
from complaints.followups import plan
from complaints.policies.words import full_date, full_moment
from complaints.resolution import actions, why
from complaints.resolution.actors import System
from complaints.resolution.models import Complaint, Move, Promise, Reading
from escalations import actions as passing_up
from escalations.models import Queue
from tests.complaints.desk.test_promises import promised
from tests.dumps import whole_database
from tests.escalations.people import ladder, manager, raised, supervisor
from tests.factories import (
    NOW,
    acknowledged,
    closed,
    fulfilling,
    handler_user,
    investigating,
    live_offer,
    offered,
    received,
    responded,
    supervisor_user,
    waiting,
)

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def me() -> User:
    return handler_user()


@pytest.fixture
def client(me: User) -> Client:
    return signed_in(me)


def asked(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_deadline_tells_its_sum_and_shows_its_calendar(client: Client) -> None:
    for complaint in (received(), acknowledged(), waiting(), closed()):
        for deadline in complaint.deadlines.all():
            page = asked(client, f"/desk/why/{deadline.pk}/")
            assert all(escape(words) in page for words in [deadline.label, *deadline.reasons])
            assert ("r-strip__day--end" in page) == bool(
                run.steps if (run := why.run_behind(deadline)) else ()
            )


def test_the_calendar_ends_on_the_day_that_is_stored(client: Client) -> None:
    for deadline in waiting().deadlines.all():
        run = why.run_behind(deadline)
        assert run is not None
        assert run.due_at == deadline.due_at


def test_the_date_in_the_list_is_the_nearest_and_none_is_said_to_be_none(client: Client) -> None:
    complaint = received()
    page = asked(client, f"/desk/why/next/{complaint.pk}/")
    assert complaint.next_due_label in page
    assert f"/desk/why/next/{complaint.pk}/" in asked(client, "/desk/resolution/complaint/?list=all")
    assert "Nothing is due" in asked(client, f"/desk/why/next/{closed().pk}/")


def test_the_date_of_a_question_is_its_levels(client: Client) -> None:
    ladder()
    question = raised()
    page = asked(client, f"/desk/why/answer/{question.pk}/")
    assert str(question.queue) in page
    assert "passes up the ladder" in page


def test_a_question_passed_up_counts_from_the_queue_it_came_into(client: Client) -> None:
    ladder()
    supervisor()
    manager()
    question = raised()
    higher = passing_up.pass_up(
        question, text="Too large for me", by=System.CLOCK, now=NOW + timedelta(days=3)
    )
    page = asked(client, f"/desk/why/answer/{higher.pk}/")
    assert f"Passed up to this queue {full_moment(localtime(higher.queued_at))}" in page
    assert full_moment(localtime(higher.due_at)) in page


def test_the_answer_is_reckoned_by_the_limit_and_the_policy_of_the_moment_it_was_asked(
    client: Client,
) -> None:
    ladder()
    question = raised()
    Queue.objects.update(answer_within="3 business hours")
    lead, later = supervisor_user(), question.queued_at + timedelta(hours=1)
    actions.change_pack(question.complaint, code="us_billing", reason="A card.", by=lead, now=later)
    page = asked(client, f"/desk/why/answer/{question.pk}/")
    assert f"1 business day: due {full_moment(localtime(question.due_at))}." in page
    assert "3 business hours" not in page


def test_a_promise_names_the_letter_that_made_it(client: Client, me: User) -> None:
    promised(me, "Send the till roll")
    promise = Promise.objects.get()
    page = asked(client, f"/desk/why/promise/{promise.pk}/")
    assert escape(promise.text) in page
    assert f"“{promise.message}”" in page


def test_the_days_of_an_offer_are_told_together(client: Client, me: User) -> None:
    offer = live_offer(offered(by=me))
    page = asked(client, f"/desk/why/offer/{offer.pk}/")
    days = [full_date(line.due_on) for line in offer.lines.all()]
    assert all(
        day in page
        for day in [*days, full_date(offer.follow_up_on), full_moment(localtime(offer.open_until))]
    )


def test_every_letter_that_goes_by_itself_tells_its_rule(client: Client, me: User) -> None:
    for complaint in (received(), waiting(by=me), offered(by=me), closed(by=me)):
        cycle = complaint.entries.filter(kind__in=plan.TURNS).latest("pk")
        letters = followups.plan_for([cycle], now=cycle.at)
        assert letters
        for letter in letters:
            page = asked(client, f"/desk/why/letter/{letter.pk}/")
            assert "By our rules it goes" in page
            assert "put off" not in page


def test_a_letter_that_waits_for_the_next_opening_says_so_on_the_complaint_and_in_the_list(
    client: Client, me: User
) -> None:
    """Answered on a Saturday afternoon: a week later the office that writes letters is shut as well."""
    complaint = responded(by=me, now=datetime(2026, 3, 7, 14, tzinfo=UTC))
    turn = complaint.entries.get(move=Move.RESPOND)
    (letter,) = followups.plan_for([turn], now=turn.at)
    why = "is outside the hours in which our policy has letters sent: it waits for the next opening."
    me.user_permissions.add(Permission.objects.get(codename="view_plannedletter"))
    pages = (
        f"/desk/why/letter/{letter.pk}/",
        f"/desk/resolution/complaint/{complaint.pk}/change/",
        "/desk/followups/plannedletter/",
    )
    assert all(why in asked(client, page) for page in pages)
    assert "Mon 16 Mar, 08:00" in asked(client, pages[1])


def test_every_way_to_a_reason_on_a_page_leads_there(client: Client, me: User) -> None:
    promised(me, "Send the till roll")
    for complaint in (Complaint.objects.get(), waiting(by=me), offered(by=me), fulfilling(by=me)):
        for tab in ("story", "offer"):
            page = asked(client, f"/desk/resolution/complaint/{complaint.pk}/change/?tab={tab}")
            ways = set(re.findall(r'href="(/desk/why/[^"]+)"', page))
            assert ways
            assert {client.get(way).status_code for way in ways} == {200}


def test_dates_said_in_dialogs_lead_to_their_reasons(client: Client, me: User) -> None:
    told = {"acknowledge": received(), "accept": offered(by=me), "move-date": investigating(by=me)}
    for name, complaint in told.items():
        dialog = asked(client, f"/desk/resolution/complaint/{complaint.pk}/do/{name}/")
        assert re.search(r'href="/desk/why/[^"]+" target="_blank"', dialog), name


def test_who_may_not_see_the_complaint_is_not_told_its_dates(me: User, client: Client) -> None:
    complaint = received(about=[me])
    deadline = complaint.deadlines.first()
    assert deadline is not None
    colleague = handler_user()
    hidden = offered(by=colleague)
    hidden.about.add(me)
    letter = followups.plan_for([hidden.entries.filter(move="offer").latest("pk")], now=NOW)[0]
    promised(colleague, "Mend the gate").about.add(me)
    more = (f"offer/{live_offer(hidden).pk}", f"letter/{letter.pk}", f"promise/{Promise.objects.get().pk}")
    assert all(client.get(f"/desk/why/{one}/").status_code == 404 for one in more)
    for url in (f"/desk/why/{deadline.pk}/", f"/desk/why/next/{complaint.pk}/", "/desk/why/999999/"):
        assert client.get(url).status_code == 404
    assert signed_in(supervisor_user()).get(f"/desk/why/{deadline.pk}/").status_code == 200
    assert Client().get(f"/desk/why/{deadline.pk}/").status_code == 302


def test_looking_changes_nothing_but_the_log_of_restricted_readings(me: User, client: Client) -> None:
    complaint = received()
    before = whole_database()
    asked(client, f"/desk/why/next/{complaint.pk}/")
    assert whole_database() == before
    assert client.post(f"/desk/why/next/{complaint.pk}/").status_code == 405
    Complaint.objects.filter(pk=complaint.pk).update(restricted=True, handler=me)
    asked(client, f"/desk/why/next/{complaint.pk}/")
    assert Reading.objects.filter(complaint=complaint, reader=me).count() == 1


def test_a_window_of_reading_is_a_few_queries(client: Client, django_assert_max_num_queries: object) -> None:
    complaint = waiting()
    with django_assert_max_num_queries(25):  # type: ignore[operator]
        client.get(f"/desk/why/next/{complaint.pk}/")
