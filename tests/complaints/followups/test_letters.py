"""What the letters say: thanks, dates, who to talk to, and nothing that a stranger typed into the form."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils.formats import date_format
from django.utils.timezone import localtime

from complaints.followups import letters
from complaints.followups.models import PlannedLetter
from complaints.resolution import actions, links, timing
from complaints.resolution.actors import System
from complaints.resolution.letters import Letter
from complaints.resolution.links import LINK_HERE, Purpose
from complaints.resolution.models import Complaint, ContactChannel, MessageKind, Priority
from tests import factories
from tests.complaints.followups.post import the_letter
from tests.factories import LETTER, NOW

pytestmark = pytest.mark.django_db
STAGES: list[tuple[Callable[..., Complaint], str, int, Purpose | None]] = [
    (factories.received, MessageKind.ACKNOWLEDGEMENT, 1, Purpose.STATUS),
    (factories.waiting, MessageKind.QUESTION_REMINDER, 1, Purpose.ANSWER),
    (factories.waiting, MessageKind.QUESTION_REMINDER, 2, Purpose.ANSWER),
    (factories.offered, MessageKind.OFFER_REMINDER, 1, Purpose.OFFER),
    (factories.answered, MessageKind.FOLLOW_UP, 1, Purpose.FOLLOW_UP),
    (factories.responded, MessageKind.FOLLOW_UP, 1, Purpose.FOLLOW_UP),
    (factories.closed, MessageKind.CLOSING, 1, None),
    (factories.closed, MessageKind.SURVEY, 1, Purpose.SURVEY),
    (factories.closed, MessageKind.SURVEY_REMINDER, 1, Purpose.SURVEY),
]
every_letter = pytest.mark.parametrize(("make", "kind", "stage", "purpose"), STAGES)


def letter_to(complaint: Complaint, kind: str, stage: int = 1) -> Letter:
    return letters.write(PlannedLetter.objects.get(pk=the_letter(complaint, kind, stage).pk), now=NOW)


def said(moment: datetime, form: str = "l j F Y") -> str:
    return date_format(localtime(moment), form)


@every_letter
def test_every_letter_thanks_names_the_reference_and_a_person_to_talk_to(
    make: Callable[..., Complaint], kind: str, stage: int, purpose: Purpose | None
) -> None:
    complaint = make()
    letter = letter_to(complaint, kind, stage)
    assert complaint.reference in letter.subject
    assert "hank you" in letter.body
    assert "Northgate Travel" in letter.body
    handler = complaint.handler
    assert (handler.get_full_name() if handler else "the complaints team") in letter.body
    for trace in ("{{", "{%", "None", "\n\n\n", "  ", "&#"):
        assert trace not in letter.body
    assert letter.body.count("\n") < 40


@every_letter
def test_every_letter_is_calm_and_promises_only_what_we_can_keep(
    make: Callable[..., Complaint], kind: str, stage: int, purpose: Purpose | None
) -> None:
    words = letter_to(make(), kind, stage).body.lower()
    for word in (
        "guarantee",
        "definitely",
        "unfortunately",
        "you failed",
        "your fault",
        "must",
        "final notice",
        "!",
    ):
        assert word not in words


@every_letter
def test_sec_46_every_link_starts_with_our_own_address(
    make: Callable[..., Complaint], kind: str, stage: int, purpose: Purpose | None
) -> None:
    complaint = make()
    written = letter_to(complaint, kind, stage).body
    assert "http" not in written
    mailed = links.put_in(written, kind, complaint)
    if purpose is None:
        assert mailed == written
    else:
        assert links.url(purpose, complaint).rsplit("/", 2)[0] in mailed
        assert mailed.count("http") == mailed.count("http://127.0.0.1:8000/c/") == 1


@every_letter
def test_on_paper_there_are_no_links_but_a_telephone_number(
    make: Callable[..., Complaint], kind: str, stage: int, purpose: Purpose | None
) -> None:
    complaint = make(customer=factories.CustomerFactory(preferred_channel=ContactChannel.LETTER))
    body = letter_to(complaint, kind, stage).body
    assert LINK_HERE not in body
    assert "0800 000 000" in body


def test_the_acknowledgement_tells_the_dates_that_the_clocks_hold() -> None:
    complaint = factories.received()
    due = {deadline.clock: deadline.due_at for deadline in complaint.deadlines.all()}
    body = letter_to(complaint, MessageKind.ACKNOWLEDGEMENT).body
    assert f"again by {said(due['update'])}" in body
    assert f"final response by {said(due['final_response'])}" in body


def test_sec_33_the_acknowledgement_echoes_nothing_from_the_form() -> None:
    customer = factories.CustomerFactory(name="Buy pills at evil.example")
    complaint = factories.received(
        customer=customer,
        title="Cheap pills",
        words="Visit http://evil.example now",
        desired_outcome="A visit to evil.example",
    )
    letter = letter_to(complaint, MessageKind.ACKNOWLEDGEMENT)
    assert "evil" not in f"{letter.subject}{letter.body}"
    assert "pills" not in f"{letter.subject}{letter.body}"
    assert letter.body.startswith("Hello,")


def test_a_customer_whom_staff_took_down_is_greeted_by_name_and_hears_the_problem_in_our_words() -> None:
    complaint = factories.received(
        by=factories.handler_user(),
        customer=factories.CustomerFactory(name="Ann O'Hara & Sons"),
        restatement="You were charged twice for one booking.",
    )
    body = letter_to(complaint, MessageKind.ACKNOWLEDGEMENT).body
    assert body.startswith("Dear Ann O'Hara & Sons,")
    assert "You were charged twice for one booking." in body
    assert "misunderstood" in body


@pytest.mark.parametrize(
    ("priority", "words"),
    [
        (Priority.NORMAL, "Somebody reads everything you told us"),
        (Priority.HIGH, "given your complaint priority"),
        (Priority.SERIOUS, "a serious matter"),
    ],
)
def test_the_acknowledgement_says_how_seriously_we_take_it(priority: Priority, words: str) -> None:
    body = letter_to(factories.received(priority=priority), MessageKind.ACKNOWLEDGEMENT).body
    assert words in body


def test_a_reminder_repeats_the_open_questions() -> None:
    complaint = factories.waiting()
    first = letter_to(complaint, MessageKind.QUESTION_REMINDER, 1)
    second = letter_to(complaint, MessageKind.QUESTION_REMINDER, 2)
    assert "- On which card were you charged?" in first.body
    assert "- On which card were you charged?" in second.body
    assert first.subject != second.subject
    assert "not dropped" in second.body


def test_the_reminder_of_an_offer_does_not_press() -> None:
    complaint = factories.offered()
    body = letter_to(complaint, MessageKind.OFFER_REMINDER).body
    assert said(factories.live_offer(complaint).open_until, "l j F Y, H:i") in body
    assert "If we hear nothing, nothing is accepted" in body


def test_the_closing_letter_says_what_was_done_until_when_to_come_back_and_is_sorry() -> None:
    complaint = factories.closed()
    body = letter_to(complaint, MessageKind.CLOSING).body
    assert "- Refund of £100.00" in body
    assert f"until {said(timing.may_reopen_until(complaint), 'j F Y')}" in body
    assert "We are sorry" in body


def test_the_closing_letter_of_a_complaint_not_upheld_is_sorry_too() -> None:
    handler = factories.handler_user()
    complaint = factories.responded(by=handler)
    actions.document(complaint, problem="p", cause="c", solution="s", by=handler, now=NOW)
    complaint = actions.close(complaint, by=System.FOLLOW_UP, now=NOW + timedelta(days=20))
    body = letter_to(complaint, MessageKind.CLOSING).body
    assert "We are sorry" in body
    assert f"You had our answer on {said(NOW + timedelta(hours=5), 'j F Y')}." in body


def test_what_an_earlier_round_paid_is_not_told_as_the_outcome_of_a_later_one() -> None:
    handler = factories.handler_user()
    complaint = factories.answered(by=handler)
    again = NOW + timedelta(days=3)
    actions.reopen(complaint, reason="Something else.", by=handler, now=again)
    actions.settle(
        complaint,
        lines=[],
        acceptance="Fine.",
        proof="Explained.",
        letter=LETTER,
        by=handler,
        now=again + timedelta(days=1),
    )
    assert "Refund" not in letter_to(complaint, MessageKind.FOLLOW_UP).body
    assert "gave you our answer" in letter_to(complaint, MessageKind.FOLLOW_UP).body
