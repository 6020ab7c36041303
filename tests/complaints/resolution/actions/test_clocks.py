from datetime import UTC, datetime, timedelta

import pytest

from complaints.resolution import actions
from complaints.resolution.models import Complaint, Deadline, DeadlineKind, MessageKind
from tests import factories
from tests.factories import LETTER, NOW

pytestmark = pytest.mark.django_db


def due(complaint: Complaint, clock: str) -> datetime:
    return complaint.deadlines.running().get(clock=clock).due_at


def test_waiting_moves_the_service_clock_and_never_the_statutory_one() -> None:
    handler = factories.handler_user()
    complaint = factories.waiting(by=handler)
    resolve, final = due(complaint, "resolve"), due(complaint, "final_response")

    back = NOW + timedelta(days=3)
    actions.hear(complaint, answers={}, waived_because="She rang off.", by=handler, now=back)

    assert due(complaint, "final_response") == final
    # Asked on Monday, the day of receipt, which is day nought; heard on Thursday: two days did not count.
    assert due(complaint, "resolve") == resolve + timedelta(days=2)
    assert not complaint.deadlines.running().filter(paused_at__isnull=False).exists()


def test_while_we_wait_the_list_shows_the_answer_we_wait_for() -> None:
    complaint = factories.waiting()
    assert complaint.next_due_label == "Customer's answer"
    paused = set(complaint.deadlines.filter(paused_at__isnull=False).values_list("clock", flat=True))
    assert paused == {"update", "resolve"}


def test_a_clock_that_stands_still_is_never_missed() -> None:
    complaint = factories.waiting()
    much_later = NOW + timedelta(days=365)
    missed = set(Deadline.objects.missed(much_later).values_list("clock", flat=True))
    assert missed == {"answer", "final_response"}
    assert complaint.deadlines.running().count() == 4


def test_a_letter_to_the_customer_ends_our_silence_and_a_note_does_not() -> None:
    handler = factories.handler_user()
    complaint = factories.investigating(by=handler)
    before = due(complaint, "update")
    later = NOW + timedelta(days=2)

    actions.note(complaint, text="Still looking.", by=handler, now=later)
    assert due(complaint, "update") == before
    actions.send_letter(complaint, kind=MessageKind.UPDATE, letter=LETTER, by=handler, now=later)
    assert due(complaint, "update") == datetime(2026, 3, 11, 17, 0, tzinfo=UTC)


def test_an_answer_stops_every_clock() -> None:
    complaint = factories.responded()
    assert not complaint.deadlines.running().exists()
    assert not complaint.has_due_date


def test_a_reopened_complaint_is_owed_its_dates_anew() -> None:
    complaint = factories.responded()
    later = NOW + timedelta(days=5)
    complaint = actions.reopen(complaint, reason="Wrong card.", by=factories.handler_user(), now=later)
    assert {deadline.clock for deadline in complaint.deadlines.running()} == {
        "update",
        "resolve",
        "final_response",
    }
    assert complaint.has_due_date


def test_an_offer_and_a_promise_have_their_own_dates() -> None:
    complaint = factories.offered()
    assert complaint.deadlines.running().get(clock="offer").kind == DeadlineKind.AWAITED
    assert complaint.customer is not None
    actions.accept(complaint, by=complaint.customer, now=NOW + timedelta(days=1))
    assert not complaint.deadlines.running().filter(clock="offer").exists()
    assert complaint.deadlines.running().get(clock="remedy").kind == DeadlineKind.PROMISE


def test_every_deadline_explains_itself() -> None:
    for deadline in factories.investigating().deadlines.all():
        assert deadline.reasons
        assert all(isinstance(reason, str) for reason in deadline.reasons)
