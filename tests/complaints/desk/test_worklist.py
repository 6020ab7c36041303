from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import escape

from complaints.desk import paging
from complaints.desk.lists import LISTS, end_of_today
from complaints.resolution import actions
from complaints.resolution.models import (
    NOTHING_DUE,
    Channel,
    Complaint,
    Entry,
    EntryKind,
    Priority,
    State,
)
from tests.factories import (
    CategoryFactory,
    CustomerFactory,
    UserFactory,
    acknowledged,
    closed,
    handler_user,
    investigating,
    manager_user,
    offered,
    quality_user,
    received,
    referred,
    supervisor_user,
    waiting,
)

pytestmark = pytest.mark.django_db

URL = "/desk/resolution/complaint/"
MOST_QUERIES = 12


def login(client: Client, user: User) -> User:
    client.force_login(user)
    return user


def due(complaint: Complaint, **ago: float) -> Complaint:
    """Due this long ago; with negative figures, still to come."""
    Complaint.objects.filter(pk=complaint.pk).update(next_due_at=timezone.now() - timedelta(**ago))
    return complaint


def shown(client: Client, **query: Any) -> list[Complaint]:
    return list(client.get(URL, query).context["page"].rows)


def test_mine_shows_what_i_hold_and_is_open(client: Client) -> None:
    me = login(client, handler_user())
    mine = investigating(by=me)
    closed(by=me)
    investigating(by=handler_user())
    received()
    assert shown(client) == [mine]


def test_what_is_due_first_stands_first(client: Client) -> None:
    me = login(client, handler_user())
    later, sooner, never = (investigating(by=me) for _ in range(3))
    due(later, hours=-30)
    due(sooner, hours=2)
    Complaint.objects.filter(pk=never.pk).update(next_due_at=NOTHING_DUE)
    assert shown(client) == [sooner, later, never]


def test_unassigned_shows_what_nobody_holds(client: Client) -> None:
    me = login(client, handler_user())
    free = received()
    investigating(by=me)
    assert shown(client, list="unassigned") == [free]


def test_overdue_and_due_today_share_nothing(client: Client) -> None:
    login(client, handler_user())
    late, today, tomorrow = due(received(), minutes=1), received(), received()
    midnight = end_of_today(timezone.now())
    Complaint.objects.filter(pk=today.pk).update(next_due_at=midnight - timedelta(microseconds=1))
    Complaint.objects.filter(pk=tomorrow.pk).update(next_due_at=midnight)
    assert shown(client, list="overdue") == [late]
    assert shown(client, list="today") == [today]


def test_waiting_and_referred_go_by_state(client: Client) -> None:
    login(client, handler_user())
    asked, above = waiting(), referred()
    assert shown(client, list="waiting") == [asked]
    assert shown(client, list="referred") == [above]


def test_all_shows_closed_ones_too_newest_first(client: Client) -> None:
    login(client, quality_user())
    old = closed(now=timezone.now() - timedelta(days=90))
    new = acknowledged(now=timezone.now() - timedelta(days=1))
    assert shown(client, list="all") == [new, old]
    assert shown(client, list="open") == [new]


def test_my_tabs_narrow_what_i_hold(client: Client) -> None:
    me = login(client, handler_user())
    asked, out = waiting(by=me), offered(by=me)
    waiting()
    offered()
    assert shown(client, list="mine_waiting") == [asked]
    assert shown(client, list="mine_offers") == [out]


def test_a_new_answer_is_one_nobody_has_touched(client: Client) -> None:
    me = login(client, handler_user())
    complaint = waiting(by=me)
    assert shown(client, list="mine_answers") == []
    assert complaint.customer is not None
    answers = {question.pk: "On the Visa." for question in complaint.questions.all()}
    heard = complaint.state_since + timedelta(hours=1)
    actions.hear(complaint, answers=answers, by=complaint.customer, now=heard)
    assert shown(client, list="mine_answers") == [complaint]
    actions.note(complaint, text="Read it.", by=me, now=heard + timedelta(minutes=5))
    assert shown(client, list="mine_answers") == []


def test_a_list_nobody_knows_is_the_first_one(client: Client) -> None:
    login(client, handler_user())
    assert client.get(URL, {"list": "nonsense"}).context["list"] is LISTS["mine"]


# Paging


def walk(client: Client, query: dict[str, str], step: str) -> list[int]:
    """Every page in turn, until there is no further one."""
    found: list[int] = []
    while True:
        page = client.get(URL, query).context["page"]
        found += [row.pk for row in page.rows]
        cursor = getattr(page, step)
        if cursor is None:
            return found
        query = {"list": query["list"], step: str(cursor)}


@pytest.mark.parametrize("code", ["open", "all"])
def test_pages_show_every_complaint_once_even_where_moments_are_alike(
    client: Client, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    login(client, handler_user())
    monkeypatch.setattr(paging, "SIZE", 3)
    for _ in range(11):
        received()
    Complaint.objects.update(next_due_at=NOTHING_DUE)
    due(received(), days=3)
    everything = [row.pk for row in Complaint.objects.order_by(*LISTS[code].order)]
    assert walk(client, {"list": code}, "after") == everything


def test_pages_lead_back_to_where_one_came_from(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    login(client, handler_user())
    monkeypatch.setattr(paging, "SIZE", 3)
    for _ in range(8):
        received()
    first = client.get(URL, {"list": "open"}).context["page"]
    second = client.get(URL, {"list": "open", "after": str(first.after)}).context["page"]
    third = client.get(URL, {"list": "open", "after": str(second.after)}).context["page"]
    assert (first.before, third.after) == (None, None)
    again = client.get(URL, {"list": "open", "before": str(third.before)}).context["page"]
    assert again.rows == second.rows
    assert client.get(URL, {"list": "open", "before": str(again.before)}).context["page"].rows == first.rows


@pytest.mark.parametrize("cursor", ["", "x", "1", "1.x", "9" * 40 + ".1", "1." + "9" * 40, "-1.1", "1.1\x00"])
@pytest.mark.parametrize("way", ["after", "before"])
def test_a_damaged_place_in_the_list_is_no_error(client: Client, cursor: str, way: str) -> None:
    login(client, handler_user())
    received()
    assert client.get(URL, {"list": "open", way: cursor}).status_code == 200


# Filters


@pytest.fixture
def unlike() -> Complaint:
    """One complaint like no other in every column the list can be narrowed by."""
    received()
    handler = handler_user(first_name="Petra")
    complaint = investigating(
        by=handler,
        category=CategoryFactory(),
        priority=Priority.SERIOUS,
        channel=Channel.LETTER,
        now=timezone.now() - timedelta(days=40),
    )
    return due(complaint, days=1)


@pytest.mark.parametrize(
    "narrow",
    [
        lambda c: {"category": c.category_id},
        lambda _: {"state": State.INVESTIGATING.value},
        lambda _: {"priority": Priority.SERIOUS.value},
        lambda _: {"channel": "letter"},
        lambda c: {"handler": c.handler_id},
        lambda c: {"received_from": (c.received_at - timedelta(days=1)).date(), "handler": c.handler_id},
        lambda c: {"received_to": timezone.localtime(c.received_at).date(), "state": "investigating"},
    ],
)
def test_each_filter_narrows(
    client: Client, unlike: Complaint, narrow: Callable[[Complaint], dict[str, object]]
) -> None:
    login(client, handler_user())
    assert unlike in shown(client, list="open")
    assert shown(client, list="open", **narrow(unlike)) == [unlike]


def test_the_last_day_counts_whole_and_the_day_after_not(client: Client) -> None:
    login(client, handler_user())
    complaint = received(now=timezone.now() - timedelta(days=10))
    day = timezone.localtime(complaint.received_at).date()
    assert shown(client, list="open", received_from=day, received_to=day) == [complaint]
    assert shown(client, list="open", received_to=day - timedelta(days=1)) == []


def test_nonsense_in_a_filter_is_shown_as_an_error_and_changes_nothing(client: Client) -> None:
    login(client, handler_user())
    complaint = received()
    page = client.get(
        URL, {"list": "open", "state": "flying", "received_from": "tea time", "handler": "1; --"}
    )
    assert page.context["page"].rows == [complaint]
    assert set(page.context["form"].errors) == {"state", "received_from", "handler"}


# What it costs


def queries_of_lists(client: Client) -> dict[str, int]:
    asked = {}
    for code in LISTS:
        client.get(URL, {"list": code})
        with CaptureQueriesContext(connection) as queries:
            client.get(URL, {"list": code})
        asked[code] = len(queries)
    return asked


def test_every_list_costs_the_same_at_one_row_and_at_many(client: Client) -> None:
    me = login(client, supervisor_user())
    costs = []
    for number in (1, 5):
        for _ in range(number):
            for complaint in (received(), referred(by=me), offered(by=me), waiting(by=me)):
                due(complaint, minutes=1)
        costs.append(queries_of_lists(client))
    assert costs[0] == costs[1]
    assert max(costs[0].values()) <= MOST_QUERIES


@pytest.mark.parametrize("code", LISTS)
def test_no_list_counts_or_skips_rows(client: Client, code: str) -> None:
    login(client, manager_user())
    received()
    with CaptureQueriesContext(connection) as queries:
        client.get(URL, {"list": code, "after": "1.1", "category": "", "state": "received"})
    for query in queries:
        assert "OFFSET" not in query["sql"]
        assert query["sql"].count("COUNT(") == query["sql"].count(") bounded)")


# What it shows


def test_a_row_says_who_what_when_and_who_holds_it(client: Client) -> None:
    me = login(client, handler_user(first_name="Jana", last_name="Weiss"))
    customer = CustomerFactory(name="Maria Okafor", vulnerable=True)
    complaint = due(investigating(by=me, customer=customer, priority=Priority.HIGH), days=2)
    page = client.get(URL).content.decode()
    for words in (
        complaint.title,
        complaint.reference,
        "Maria Okafor",
        "2 days late",
        "High",
        "Vulnerable",
        ">JW<",
    ):
        assert words in page


def test_a_restricted_complaint_is_listed_without_the_name(client: Client) -> None:
    me = login(client, handler_user())
    complaint = investigating(by=me, customer=CustomerFactory(name="Famous Person"))
    actions.restrict(complaint, confidants=[me], reason="Press", by=supervisor_user(), now=timezone.now())
    page = client.get(URL).content.decode()
    assert "(restricted)" in page
    assert "Famous Person" not in page


def test_an_empty_list_says_something_kind(client: Client) -> None:
    login(client, handler_user())
    for code, work_list in LISTS.items():
        assert escape(work_list.empty) in client.get(URL, {"list": code}).content.decode()


def test_what_a_customer_typed_is_text_and_nothing_else(client: Client) -> None:
    login(client, handler_user())
    received(title="<script>alert(1)</script>", customer=CustomerFactory(name="<b>Bobby</b>"))
    page = client.get(URL, {"list": "open"}).content.decode()
    assert "<script>alert(1)" not in page
    assert "<b>Bobby" not in page


# Who gets in


def test_anonymous_goes_to_the_login_page(client: Client) -> None:
    for method in (client.get, client.post):
        answer = method(URL)
        assert (answer.status_code, answer["Location"]) == (302, f"/desk/login/?next={URL}")


def test_staff_without_permission_see_no_lists(client: Client) -> None:
    login(client, UserFactory())
    assert client.get(URL).status_code == 403
    assert client.post(URL, {"do": "take_next"}).status_code == 403


def test_people_who_are_no_staff_see_no_lists(client: Client) -> None:
    login(client, handler_user(is_staff=False))
    assert client.get(URL).status_code == 302


def test_quality_reads_and_gets_no_buttons(client: Client) -> None:
    login(client, quality_user())
    received()
    page = client.get(URL, {"list": "all"}).content.decode()
    assert "Take next" not in page
    assert 'name="pk"' not in page


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_lists_answer_to_get_and_post_alone(client: Client, method: str) -> None:
    login(client, handler_user())
    assert getattr(client, method)(URL).status_code == 405


# Take next


def take_next(client: Client) -> str:
    answer = client.post(URL, {"do": "take_next"})
    assert answer.status_code == 303
    return str(answer["Location"])


def test_take_next_gives_the_most_urgent_free_complaint_and_opens_it(client: Client) -> None:
    me = login(client, handler_user())
    due(received(), hours=1)
    urgent = due(received(), hours=5)
    due(investigating(), days=3)
    assert take_next(client) == f"{URL}{urgent.pk}/change/"
    urgent.refresh_from_db()
    assert urgent.handler == me


def test_take_next_passes_over_what_i_may_not_see_or_hold(client: Client) -> None:
    me = login(client, handler_user())
    about_me = due(received(about=[me]), days=5)
    hidden = due(received(), days=4)
    actions.restrict(hidden, confidants=[], reason="Press", by=supervisor_user(), now=timezone.now())
    mine = due(received(), days=3)
    assert take_next(client).endswith(f"/{mine.pk}/change/")
    assert not Complaint.objects.filter(pk__in=[about_me.pk, hidden.pk], handler__isnull=False).exists()


def test_with_nothing_to_take_one_stays_where_one_was(client: Client) -> None:
    login(client, handler_user())
    assert take_next(client) == URL
    assert "Every complaint is in somebody" in client.get(URL).content.decode()


def test_quality_takes_nothing(client: Client) -> None:
    login(client, quality_user())
    complaint = received()
    assert take_next(client) == URL
    complaint.refresh_from_db()
    assert complaint.handler is None


def test_taking_by_get_is_impossible(client: Client) -> None:
    login(client, handler_user())
    received()
    client.get(URL, {"do": "take_next", "list": "unassigned"})
    assert Complaint.objects.filter(handler__isnull=True).exists()


def test_a_post_without_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)
    login(client, handler_user())
    received()
    assert client.post(URL, {"do": "take_next"}).status_code == 403
    assert Complaint.objects.filter(handler__isnull=True).exists()


def test_a_deed_nobody_knows_is_refused(client: Client) -> None:
    login(client, handler_user())
    assert client.post(URL, {"do": "close_all"}).status_code == 400


# Give many to one


def give(client: Client, to: object, complaints: list[Complaint], **extra: object) -> str:
    data = {"do": "assign", "to": to, "pk": [complaint.pk for complaint in complaints], **extra}
    answer = client.post(f"{URL}?list=open", data, follow=True)
    assert answer.redirect_chain == [(f"{URL}?list=open", 303)]
    return " ".join(str(message) for message in answer.context["messages"])


def test_a_supervisor_gives_many_complaints_to_one_handler(client: Client) -> None:
    login(client, supervisor_user())
    jana = handler_user(first_name="Jana", last_name="Weiss")
    complaints = [received() for _ in range(4)]
    assert give(client, jana.pk, complaints) == "4 complaints given to Jana Weiss."
    assert Complaint.objects.filter(handler=jana).count() == 4
    assert Entry.objects.filter(kind=EntryKind.ASSIGNMENT).count() == 4


def test_a_handler_takes_free_ones_and_no_others(client: Client) -> None:
    me = login(client, handler_user())
    free, held = received(), investigating()
    said = give(client, "me", [free, held])
    assert said.startswith("1 complaint given to you. 1 complaint left as before")
    assert list(Complaint.objects.filter(handler=me)) == [free]


def test_a_handler_gives_nothing_to_others(client: Client) -> None:
    login(client, handler_user())
    complaint = received()
    give(client, handler_user().pk, [complaint])
    complaint.refresh_from_db()
    assert complaint.handler is None


@pytest.mark.parametrize("to", ["", "0", "x", "me; --"])
def test_nobody_chosen_changes_nothing(client: Client, to: str) -> None:
    login(client, supervisor_user())
    complaint = received()
    assert "Select complaints" in give(client, to, [complaint])
    complaint.refresh_from_db()
    assert complaint.handler is None


def test_complaints_go_only_to_people_who_work_them(client: Client) -> None:
    login(client, supervisor_user())
    complaint = received()
    for person in (quality_user(), UserFactory(), handler_user(is_active=False)):
        give(client, person.pk, [complaint])
    complaint.refresh_from_db()
    assert complaint.handler is None


def test_sec_20_of_fifty_selected_those_not_permitted_or_not_visible_do_not_change(client: Client) -> None:
    boss = login(client, supervisor_user())
    jana = handler_user(first_name="Jana", last_name="Weiss")
    open_to_all = [received() for _ in range(47)]
    hidden, about_boss, about_jana = received(), received(about=[boss]), received(about=[jana])
    actions.restrict(hidden, confidants=[], reason="Press", by=supervisor_user(), now=timezone.now())
    said = give(
        client,
        jana.pk,
        [*open_to_all, hidden, about_boss, about_jana],
        select_across="1",
        list="all",
    )
    assert Complaint.objects.filter(handler=jana).count() == 47
    untouched = Complaint.objects.filter(pk__in=[hidden.pk, about_boss.pk, about_jana.pk])
    assert not untouched.filter(handler__isnull=False).exists()
    assert "47 complaints given to Jana Weiss." in said
    assert "3 complaints left as before" in said
    assert not any(complaint.reference in said for complaint in untouched)


def test_sec_20_selecting_across_pages_gives_away_nothing_that_was_not_chosen(client: Client) -> None:
    login(client, supervisor_user())
    chosen, other = received(), received()
    give(client, handler_user().pk, [chosen], select_across="1", action="assign", index="0")
    other.refresh_from_db()
    assert other.handler is None


@pytest.mark.parametrize("key", ["-1", "1e3", "٣", "9" * 30, "", "1 OR 1=1"])
def test_what_is_no_key_is_no_complaint(client: Client, key: str) -> None:
    login(client, supervisor_user())
    received()
    client.post(URL, {"do": "assign", "to": handler_user().pk, "pk": [key]})
    assert Complaint.objects.filter(handler__isnull=True).exists()
