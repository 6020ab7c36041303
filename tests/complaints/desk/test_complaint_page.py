"""The complaint page: all at a glance, bounded, for those who may see it."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints.desk.story import AT_ONCE, told
from complaints.mailroom.models import OutgoingMail
from complaints.mailroom.signals import Outcome as MailOutcome
from complaints.resolution import actions
from complaints.resolution.actors import System
from complaints.resolution.letters import Letter
from complaints.resolution.models import Channel, Complaint, Concern, Message, MessageKind, Outcome, Reading
from escalations.actions import set_up_queues
from tests.complaints.desk.pages import LATELY, STAGES, at_stage, everything, no_logins, page_of
from tests.factories import (
    CustomerFactory,
    answered,
    closed,
    fulfilling,
    handler_user,
    investigating,
    offered,
    quality_user,
    ready_to_offer,
    received,
    referred,
    responded,
    supervisor_user,
)

pytestmark = pytest.mark.django_db
TABS = ("story", "facts", "offer", "escalations", "customer", "history")


@pytest.fixture
def handler(client: Client) -> User:
    person = handler_user(first_name="Jana", last_name="Weiss")
    client.force_login(person)
    return person


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_who_what_where_next_and_why_stand_on_the_page(client: Client, handler: User) -> None:
    customer = CustomerFactory(name="Maria Okafor", access_needs="large print", vulnerable=True)
    complaint = investigating(
        by=handler, now=LATELY, customer=customer, points=["Charged twice", "No call back"]
    )
    page = text_of(client, page_of(complaint))
    for words in (
        "Charged twice for the same booking",
        "Maria Okafor",
        "Jana Weiss",
        "Needs: large print",
        "Vulnerable",
        "Investigating",
        "Tell the customer how it stands",
        "statutory, cannot pause",
        "The second charge back",
        "No call back",
        "You charged me twice and nobody called back.",
    ):
        assert words in page, words


def test_each_clock_says_why(client: Client, handler: User) -> None:
    complaint = investigating(by=handler, now=LATELY)
    page = text_of(client, page_of(complaint))
    for deadline in complaint.deadlines.running():
        assert deadline.reasons[0] in page


@pytest.mark.parametrize("stage", list(STAGES))
def test_every_tab_opens_at_every_stage(client: Client, handler: User, stage: str) -> None:
    complaint = at_stage(stage, by=handler)
    for tab in TABS:
        assert complaint.reference in text_of(client, page_of(complaint, tab)), tab


def test_an_unknown_tab_opens_the_story(client: Client, handler: User) -> None:
    assert client.get(page_of(received(), "payroll")).context["tab"] == "story"


@pytest.mark.parametrize(
    ("stage", "step"),
    [
        ("received", "Thank the customer."),
        ("acknowledged", "Look into it."),
        ("investigating", "Find out what happened."),
        ("ready", "Make an offer."),
        ("waiting", "The customer has our questions until"),
        ("referred", "A superior decides on the offer."),
        ("approved", "Send the offer."),
        ("offered", "The customer decides until"),
        ("fulfilling", "Do what was promised: Refund of £100.00, by"),
        ("answered", "Write down what we learn."),
        ("closed", "Nothing to do."),
        ("withdrawn", "Nothing to do."),
        ("merged", "Go on in the other complaint."),
    ],
)
def test_each_stage_names_its_one_next_step(client: Client, handler: User, stage: str, step: str) -> None:
    assert client.get(page_of(at_stage(stage, by=handler))).context["next"].say.startswith(step)


def test_facts_decide_on_the_next_step(client: Client, handler: User) -> None:
    complaint = investigating(by=handler, now=LATELY, points=["Charged twice"])
    actions.waive_questions(complaint, reason="Clear", by=handler, now=LATELY)
    assert client.get(page_of(complaint)).context["next"].say == "Record the finding, then offer."


def test_authority_is_shown_with_what_is_used(client: Client, handler: User) -> None:
    complaint = offered(by=handler, now=LATELY, amount=80)
    page = text_of(client, page_of(complaint))
    assert '<span class="r-strong">£120</span> left of £200' in page


def test_without_a_limit_the_page_says_so(client: Client, handler: User) -> None:
    assert "You grant no money yourself" in text_of(client, page_of(investigating(by=handler, now=LATELY)))


def test_the_smaller_room_of_the_customer_is_explained(client: Client, handler: User) -> None:
    customer = CustomerFactory()
    for _ in range(2):
        offered(by=handler, now=LATELY, amount=150, customer=customer)
    page = text_of(client, page_of(ready_to_offer(by=handler, now=LATELY, customer=customer)))
    assert "£100</span> left of £200" in page
    assert "The limit for this customer over 365 days allows no more." in page


def test_the_story_is_one_line_of_time_newest_first(handler: User) -> None:
    complaint = investigating(by=handler, now=LATELY)
    actions.note(complaint, text="Billing confirms it.", by=handler, now=LATELY + timedelta(hours=5))
    actions.take_message(
        complaint, body="Any news?", channel=Channel.PHONE, by=handler, now=LATELY + timedelta(hours=6)
    )
    actions.keep_document(
        complaint, name="log.txt", content=b"two", by=handler, now=LATELY + timedelta(hours=7)
    )
    episodes = told(complaint).episodes
    assert [episode.shape for episode in episodes[:3]] == ["file", "letter", "note"]
    assert [episode.at for episode in episodes] == sorted((e.at for e in episodes), reverse=True)


def test_what_the_letter_says_is_not_said_twice(handler: User) -> None:
    complaint = investigating(by=handler, now=LATELY)
    actions.keep_document(complaint, name="log.txt", content=b"two", by=handler, now=LATELY)
    letter = Letter("News", "We are working on it.")
    actions.send_letter(complaint, kind=MessageKind.UPDATE, letter=letter, by=handler, now=timezone.now())
    titles = [episode.title for episode in told(complaint).episodes]
    assert titles.count("Update") == 1
    assert titles.count("Document") == 1
    assert not {"Note", "Message sent", "Message received"} & set(titles)


def test_notes_look_unlike_letters(client: Client, handler: User) -> None:
    complaint = investigating(by=handler, now=LATELY)
    actions.note(complaint, text="Billing confirms it.", by=handler, now=timezone.now())
    page = text_of(client, page_of(complaint))
    note = page[page.index("r-note") :]
    assert "only staff see this" in note[: note.index("Billing confirms it.")]


def test_a_long_story_is_told_in_pieces_without_a_gap(client: Client, handler: User) -> None:
    complaint = investigating(by=handler, now=LATELY)
    for number in range(2 * AT_ONCE + 5):
        actions.note(
            complaint,
            text=f"Note {number}.",
            by=handler,
            now=LATELY + timedelta(hours=4, minutes=number // 2),
        )
    seen: list[str] = []
    until = ""
    for _ in range(9):
        context = client.get(page_of(complaint), {"until": until} if until else {}).context
        seen += [told.episode.text for told in context["episodes"] if told.episode.shape == "note"]
        if context["earlier"] is None:
            break
        until = context["earlier"].isoformat()
    assert seen == list(dict.fromkeys(seen)), "nothing twice"
    assert set(seen) == {f"Note {number}." for number in range(2 * AT_ONCE + 5)}


def test_a_letter_taken_back_says_so_and_offers_to_be_written_anew_once(
    client: Client, handler: User
) -> None:
    complaint = investigating(by=handler, now=LATELY)
    letter = Letter("News", "We are working on it.")
    by: dict[str, Any] = {"by": handler, "now": timezone.now()}
    message = actions.send_letter(complaint, kind=MessageKind.UPDATE, letter=letter, **by)
    assert "Take back" in text_of(client, page_of(complaint))
    actions.take_back(message, **by)
    page = text_of(client, page_of(complaint))
    assert "taken back today" in page
    assert "Write it anew" in page
    actions.write_anew(Message.objects.get(pk=message.pk), letter=letter, **by)
    assert "Write it anew" not in text_of(client, page_of(complaint))


def test_what_the_house_wrote_by_itself_is_not_offered_back(client: Client, handler: User) -> None:
    complaint = received(now=LATELY)
    actions.acknowledge_by_letter(
        complaint,
        letter=Letter("Thank you", "We have it."),
        by=System.FOLLOW_UP,
        now=timezone.now(),
        key="ack",
    )
    page = text_of(client, page_of(complaint))
    assert "waiting to be sent" in page
    assert "Take back" not in page


@pytest.mark.parametrize("until", ["yesterday", "2026-99-99T00:00", "' OR 1=1"])
def test_a_nonsense_place_in_the_story_is_its_beginning(client: Client, handler: User, until: str) -> None:
    assert client.get(page_of(received(now=LATELY)), {"until": until}).status_code == 200


def test_the_state_of_each_letter_is_shown(client: Client, handler: User) -> None:
    complaint = investigating(by=handler, now=LATELY)
    letter = Letter("News", "We are working on it.")
    message = actions.send_letter(
        complaint, kind=MessageKind.UPDATE, letter=letter, by=handler, now=timezone.now()
    )
    assert "leaves today" in text_of(client, page_of(complaint))
    OutgoingMail.objects.filter(message=message).update(attempts=1, last_error="451 Not now")
    assert "waiting to be sent" in text_of(client, page_of(complaint))
    OutgoingMail.objects.filter(message=message).update(
        state="failed", due_at=None, last_error="550 no such mailbox"
    )
    page = text_of(client, page_of(complaint))
    assert "550 no such mailbox" in page
    actions.letter_ended(message, outcome=MailOutcome.SENT, now=timezone.now())
    assert ">sent today" in text_of(client, page_of(complaint))


def test_a_paper_letter_waits_to_be_marked_as_posted(client: Client, handler: User) -> None:
    customer = CustomerFactory(preferred_channel="letter")
    complaint = investigating(by=handler, now=LATELY, customer=customer)
    letter = Letter("News", "We are working on it.")
    message = actions.send_letter(
        complaint, kind=MessageKind.UPDATE, letter=letter, by=handler, now=timezone.now()
    )
    page = text_of(client, page_of(complaint))
    assert "to be posted" in page
    assert f"/do/posted/{message.pk}/" in page


def test_what_customers_write_is_never_markup(client: Client, handler: User) -> None:
    customer = CustomerFactory(name="<b>Eve</b>")
    complaint = received(
        now=LATELY, customer=customer, title="<script>alert(1)</script>", words="<img src=x onerror=alert(2)>"
    )
    page = text_of(client, page_of(complaint))
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>Eve" not in page


def test_the_customers_other_complaints_are_listed(client: Client, handler: User) -> None:
    complaint = received(now=LATELY)
    other = received(now=LATELY, customer=complaint.customer, title="Wrong seat")
    hidden = received(now=LATELY, customer=complaint.customer, title="About you", about=[handler])
    page = text_of(client, page_of(complaint))
    assert other.reference in page
    assert hidden.reference not in page
    assert hidden.reference not in text_of(client, page_of(complaint, "customer"))


def test_points_show_what_is_answered(client: Client, handler: User) -> None:
    complaint = ready_to_offer(by=handler, now=LATELY, points=["Charged twice", "No call back"])
    point = complaint.points.earliest("pk")
    actions.answer_point(point, answer="You were.", outcome=Outcome.UPHELD, by=handler, now=timezone.now())
    context = client.get(page_of(complaint)).context
    assert [mark for _, mark in context["points"]] == ["●", "○"]
    assert ("facts", "Facts 1 of 2") in context["tabs"]


def test_reading_a_restricted_complaint_is_logged_and_of_others_nothing(
    client: Client, handler: User
) -> None:
    complaint = investigating(by=handler, now=LATELY)
    client.get(page_of(complaint))
    assert not Reading.objects.exists()
    actions.restrict(complaint, confidants=[], reason="Press", by=supervisor_user(), now=LATELY)
    client.get(page_of(complaint))
    client.get(page_of(complaint, "history"))
    assert list(Reading.objects.values_list("reader", flat=True)) == [handler.pk] * 2


@pytest.mark.parametrize("tab", TABS)
def test_sec_41_looking_changes_nothing(client: Client, handler: User, tab: str) -> None:
    complaint = fulfilling(by=handler, now=LATELY)
    before = no_logins(everything())
    client.get(page_of(complaint, tab))
    client.head(page_of(complaint, tab))
    assert no_logins(everything()) == before


@pytest.mark.parametrize("tab", TABS)
@pytest.mark.parametrize("stage", ["received", "ready", "answered"])
def test_the_page_takes_at_most_25_queries_at_a_short_story(
    client: Client, handler: User, stage: str, tab: str
) -> None:
    assert queries_of(client, page_of(at_stage(stage, by=handler), tab)) <= 25


@pytest.mark.parametrize("tab", TABS)
def test_the_page_takes_at_most_25_queries_at_a_long_story(client: Client, tab: str) -> None:
    supervisor = supervisor_user()
    client.force_login(supervisor)
    complaint = long_story(supervisor)
    assert queries_of(client, page_of(complaint, tab)) <= 25


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def long_story(person: User) -> Complaint:
    """Offers declined and made again, points, questions, letters, files, escalations, other complaints."""
    complaint = referred(by=handler_user(), now=LATELY, points=[f"Point {n}" for n in range(9)])
    for number in range(40):
        at = LATELY + timedelta(hours=6, minutes=number)
        actions.note(complaint, text=f"Note {number}", by=person, now=at)
        actions.take_message(complaint, body="Any news?", channel=Channel.PHONE, by=person, now=at)
        message = complaint.messages.latest("pk")
        actions.keep_document(complaint, name="a.txt", content=b"a", by=person, now=at, message=message)
        actions.raise_concern(complaint, concern=Concern.UNHAPPY, by=person, now=at)
        received(now=LATELY, customer=complaint.customer)
    actions.restrict(complaint, confidants=[], reason="Press", by=person, now=LATELY)
    return complaint


def test_the_history_names_who_changed_what_from_what(client: Client, handler: User) -> None:
    complaint = investigating(by=handler, now=LATELY)
    actions.correct(
        complaint, title="Charged three times", reason="Miscounted", by=handler, now=timezone.now()
    )
    page = text_of(client, f"/desk/resolution/complaint/{complaint.pk}/history/")
    for words in ("Miscounted", "Charged twice for the same booking", "Charged three times", "Jana Weiss"):
        assert words in page


def test_the_history_says_words_and_not_codes(client: Client, handler: User) -> None:
    complaint = responded(by=handler, now=LATELY)
    page = text_of(client, f"/desk/resolution/complaint/{complaint.pk}/history/")
    assert "Not upheld" in page
    assert "not_upheld" not in page


def test_of_a_closed_complaint_taking_it_up_again_is_no_next_step(client: Client, handler: User) -> None:
    client.force_login(handler)
    step = client.get(page_of(closed(by=handler, now=LATELY))).context["next"]
    assert step.primary == []
    assert [button.label for button in step.secondary] == ["Reopen"]


def test_the_story_names_those_concerned_to_those_who_may_read_it(client: Client) -> None:
    accused, boss = handler_user(last_name="Accused"), supervisor_user()
    complaint = received(now=LATELY, about=[accused])
    actions.restrict(
        complaint, confidants=[handler_user(last_name="Friend")], reason="Press", by=boss, now=LATELY
    )
    texts = [episode.text for episode in told(complaint).episodes]
    assert any("about" in text and "Accused" in text for text in texts)
    assert any(text.startswith("Press · shown to its handler,") and "Friend" in text for text in texts)
    client.force_login(accused)
    assert client.get(page_of(complaint)).status_code == 404


def test_sec_24_the_history_is_seen_by_those_who_see_the_complaint_and_undoes_nothing(client: Client) -> None:
    handler, other = handler_user(), handler_user()
    about = received(now=LATELY, about=[other])
    hidden = investigating(by=handler, now=LATELY)
    actions.restrict(hidden, confidants=[], reason="Press", by=supervisor_user(), now=LATELY)
    client.force_login(other)
    for complaint in (about, hidden):
        history = f"/desk/resolution/complaint/{complaint.pk}/history/"
        version = complaint.history.latest().pk
        assert client.get(history).status_code == 404
        assert client.get(f"{history}{version}/", follow=True).status_code == 404
    client.force_login(handler)
    before = no_logins(everything())
    history = f"/desk/resolution/complaint/{about.pk}/history/"
    assert client.post(history, {"history": about.history.latest().pk}).status_code == 405
    assert no_logins(everything()) == before


@pytest.mark.parametrize(
    "path", ["change/", "change/?tab=facts", "history/", "delete/", "do/note/", "documents/1/"]
)
def test_what_one_may_not_see_is_not_there(client: Client, path: str) -> None:
    person = handler_user()
    client.force_login(person)
    complaint = received(now=LATELY, about=[person])
    assert client.get(f"/desk/resolution/complaint/{complaint.pk}/{path}").status_code == 404
    assert client.get(f"/desk/resolution/complaint/{complaint.pk + 999}/{path}").status_code == 404


@pytest.mark.parametrize("key", ["0", "abc", "٣", "99999999999999999999999999", "1e3"])
def test_a_nonsense_number_is_not_there(client: Client, handler: User, key: str) -> None:
    assert client.get(f"/desk/resolution/complaint/{key}/change/").status_code == 404


def test_those_who_only_read_get_no_buttons(client: Client) -> None:
    client.force_login(quality_user())
    for stage in STAGES:
        complaint = at_stage(stage, by=handler_user())
        for tab in TABS:
            assert "/do/" not in text_of(client, page_of(complaint, tab)), (stage, tab)


def test_a_visitor_without_an_account_is_sent_to_log_in(client: Client) -> None:
    answer = client.get(page_of(received()))
    assert answer.status_code == 302
    assert "/login/" in answer["Location"]


def test_money_done_and_checked_is_shown_with_its_proof(client: Client, handler: User) -> None:
    page = text_of(client, page_of(answered(by=handler, now=LATELY), "offer"))
    assert "Paid, ref 4711" in page
    assert "within own authority" in page


def test_a_supervisor_is_shown_the_way_to_the_offer_that_waits(client: Client) -> None:
    set_up_queues()
    supervisor = supervisor_user()
    group = supervisor.groups.get()
    group.permissions.add(*Permission.objects.filter(content_type__app_label="escalations"))
    complaint = referred(by=handler_user(), now=LATELY)
    question = complaint.escalations.get(reason="over_limit")
    client.force_login(supervisor)
    link = f'href="/desk/escalations/escalation/{question.pk}/change/"'
    assert link in text_of(client, page_of(complaint))
    client.force_login(handler_user())
    assert link not in text_of(client, page_of(complaint))
