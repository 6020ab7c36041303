"""Whole lives, replayed by sweeps at successive moments: exactly the letters that belong in them, in their order."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.core import mail

from complaints.followups import actions as followups
from complaints.policies import packs
from complaints.resolution import actions
from complaints.resolution.actions import Terms
from complaints.resolution.models import Complaint, Concern, MessageKind, OfferState, State
from tests import factories
from tests.complaints.followups.post import deliver
from tests.factories import LETTER

pytestmark = pytest.mark.django_db
#: A Wednesday afternoon. What follows crosses Easter and the change of the clocks.
START = factories.NOW.replace(day=18, hour=15)
Deed = Callable[[Complaint, datetime], object]


def tick(now: datetime) -> None:
    """What the timetable does, all of it, and the post after it; twice, because ticks may double."""
    for _ in range(2):
        followups.plan_missing(now=now)
        followups.send_due(now=now)
        followups.report_unanswered(now=now)
        followups.close_due(now=now)
        deliver(now)


def live(complaint: Complaint, days: int, deeds: dict[int, Deed] | None = None) -> None:
    """Let the days pass by halves, each day's deed done after the sweeps."""
    for half_day in _halves(days):
        tick(half_day)
        day, rest = divmod(half_day - START, timedelta(days=1))
        if deeds and rest == timedelta(0) and day in deeds:
            deeds[day](Complaint.objects.get(pk=complaint.pk), half_day + timedelta(minutes=30))


def _halves(days: int) -> Iterator[datetime]:
    return (START + timedelta(hours=12 * number) for number in range(2 * days + 1))


def letters(complaint: Complaint) -> list[tuple[str, str]]:
    """Day and kind of everything the customer was written, by hand or by plan."""
    sent = complaint.messages.filter(direction="out").order_by("at", "pk")
    return [(f"{message.at:%d %b}", message.kind) for message in sent]


def document(complaint: Complaint, now: datetime) -> None:
    assert complaint.handler is not None
    actions.document(
        complaint, problem="Twice", cause="Retry", solution="Paid", by=complaint.handler, now=now
    )


def investigate_and_ask(complaint: Complaint, now: datetime) -> None:
    handler = factories.handler_user()
    actions.investigate(complaint, by=handler, now=now)
    actions.ask(
        complaint,
        questions=["Which card?"],
        letter=LETTER,
        answer_by=now + timedelta(days=7),
        by=handler,
        now=now,
    )


def hear_and_offer(complaint: Complaint, now: datetime) -> None:
    assert complaint.customer
    assert complaint.handler
    answers = {complaint.questions.get().pk: "The blue one."}
    actions.hear(complaint, answers=answers, by=complaint.customer, now=now)
    factories.find(complaint, by=complaint.handler, now=now)
    terms = factories.terms(100, now=now)
    terms = Terms(terms.lines, terms.open_until, (now + timedelta(days=7)).date(), terms.benefit)
    actions.propose(complaint, terms=terms, by=complaint.handler, now=now)
    actions.offer(complaint, letter=LETTER, by=complaint.handler, now=now)


def accept(complaint: Complaint, now: datetime) -> None:
    assert complaint.customer
    actions.accept(complaint, by=complaint.customer, now=now)


def fulfil(complaint: Complaint, now: datetime) -> None:
    assert complaint.handler
    for line in complaint.offers.get(state=OfferState.ACCEPTED).lines.all():
        actions.complete_line(line, proof="Paid.", by=complaint.handler, now=now)
    actions.fulfil(complaint, letter=LETTER, by=complaint.handler, now=now)
    document(complaint, now)


def test_from_the_form_to_the_survey_everything_goes_once_and_in_order() -> None:
    factories.house_limits()
    complaint = factories.received(now=START)
    live(complaint, 60, {1: investigate_and_ask, 9: hear_and_offer, 21: accept, 22: fulfil})

    assert letters(complaint) == [
        ("18 Mar", MessageKind.ACKNOWLEDGEMENT),
        ("19 Mar", MessageKind.QUESTION),
        ("25 Mar", MessageKind.QUESTION_REMINDER),
        ("27 Mar", MessageKind.OFFER),
        ("08 Apr", MessageKind.OFFER_REMINDER),
        ("09 Apr", MessageKind.OUTCOME),
        ("17 Apr", MessageKind.FOLLOW_UP),
        ("24 Apr", MessageKind.CLOSING),
        ("27 Apr", MessageKind.SURVEY),
        ("05 May", MessageKind.SURVEY_REMINDER),
    ]
    assert len(mail.outbox) == 10
    assert len({sent.extra_headers["Message-ID"] for sent in mail.outbox}) == 10
    assert Complaint.objects.get(pk=complaint.pk).state == State.CLOSED


def test_silence_after_a_question_brings_two_reminders_then_a_supervisor() -> None:
    handler = factories.handler_user()
    complaint = factories.waiting(by=handler, now=START)
    live(complaint, 40)
    assert [kind for _, kind in letters(complaint)][2:] == [
        MessageKind.QUESTION_REMINDER,
        MessageKind.QUESTION_REMINDER,
    ]
    assert complaint.entries.filter(concern=Concern.NO_ANSWER).count() == 1
    assert Complaint.objects.get(pk=complaint.pk).state == State.WAITING


def test_not_put_right_starts_a_second_round_with_letters_of_its_own() -> None:
    handler = factories.handler_user()
    complaint = factories.responded(by=handler, now=START)
    customer = complaint.customer
    assert customer is not None

    def answer_again(complaint: Complaint, now: datetime) -> None:
        actions.settle(
            complaint, lines=[], acceptance="Yes.", proof="Done.", letter=LETTER, by=handler, now=now
        )
        document(complaint, now)

    live(
        complaint,
        60,
        {
            8: lambda complaint, now: followups.take_follow_up_answer(
                complaint, satisfied=False, text="No.", by=customer, now=now
            ),
            9: answer_again,
        },
    )
    assert [kind for _, kind in letters(complaint)][1:] == [
        MessageKind.FINAL_RESPONSE,
        MessageKind.FOLLOW_UP,
        MessageKind.FINAL_RESPONSE,
        MessageKind.FOLLOW_UP,
        MessageKind.CLOSING,
        MessageKind.SURVEY,
        MessageKind.SURVEY_REMINDER,
    ]


def test_no_automatic_letter_of_any_life_left_outside_the_contact_window() -> None:
    handler = factories.handler_user()
    window = packs.pack("house", 1).contact_window
    complaints = [make(by=handler, now=START) for make in (factories.waiting, factories.responded)]
    document(complaints[1], START)
    for half_day in _halves(45):
        tick(half_day)
    automatic = [message for one in complaints for message in one.messages.filter(automatic=True)]
    assert len(automatic) == 6
    assert all(window.is_open(message.at) for message in automatic)
