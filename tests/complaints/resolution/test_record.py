"""The ledger and the letters are the whole memory of a clock: telling them anew changes nothing."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.policies.happenings import Learnt, Ranked
from complaints.resolution import actions
from complaints.resolution.actions import clocks
from complaints.resolution.actors import System
from complaints.resolution.happened import since_then
from complaints.resolution.models import (
    Category,
    Channel,
    Complaint,
    Deadline,
    Direction,
    Dispute,
    Entry,
    EntryKind,
    Message,
    MessageKind,
    Milestone,
    Priority,
)
from tests import factories
from tests.factories import LETTER, NOW

pytestmark = pytest.mark.django_db
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def written(complaint: Complaint) -> list[Any]:
    """Everything the clocks keep, as it stands in the database."""
    next_due = Complaint.objects.filter(pk=complaint.pk).values("next_due_at", "next_due_label")
    milestones = Milestone.objects.filter(deadline__complaint=complaint).order_by("deadline", "part")
    return [
        *next_due,
        *Deadline.objects.filter(complaint=complaint).order_by("pk").values(),
        *milestones.values("deadline", "part", "at", "passed_at"),
    ]


def told(complaint: Complaint) -> list[tuple[Any, ...]]:
    names = ("clock", "started_at", "due_at", "stopped_at", "ended", "paused_at", "reasons")
    return list(complaint.deadlines.order_by("clock", "started_at", "stopped_at").values_list(*names))


def answered_after_a_talk() -> Complaint:
    handler = factories.handler_user()
    complaint = factories.waiting(by=handler)
    actions.send_letter(
        complaint, kind=MessageKind.QUESTION_REMINDER, letter=LETTER, by=handler, now=NOW + 2 * DAY
    )
    complaint = actions.hear(
        complaint, answers={}, waived_because="She rang off.", by=handler, now=NOW + 4 * DAY
    )
    actions.acknowledge_by_letter(
        complaint, letter=LETTER, by=System.FOLLOW_UP, now=NOW + 5 * DAY, key="once more"
    )
    return complaint


def reopened() -> Complaint:
    complaint = factories.responded()
    return actions.reopen(complaint, reason="Wrong card.", by=factories.handler_user(), now=NOW + 9 * DAY)


def withdrawn_while_waiting() -> Complaint:
    complaint = factories.waiting()
    assert complaint.customer is not None
    return actions.withdraw(complaint, words="Never mind.", by=complaint.customer, now=NOW + 20 * DAY)


def accepted() -> Complaint:
    complaint = factories.offered()
    assert complaint.customer is not None
    actions.accept(complaint, by=complaint.customer, now=NOW + DAY)
    return complaint


LIVES = [
    factories.received,
    factories.acknowledged,
    factories.waiting,
    factories.offered,
    factories.responded,
    answered_after_a_talk,
    reopened,
    withdrawn_while_waiting,
    accepted,
]


@pytest.mark.parametrize("live", LIVES)
def test_telling_the_clocks_anew_changes_nothing(live: Any) -> None:
    complaint = live()
    before = written(complaint)
    clocks.recompute(complaint)
    assert written(complaint) == before


@pytest.mark.parametrize("live", LIVES)
def test_clocks_lost_altogether_come_back_as_they_were(live: Any) -> None:
    complaint = live()
    before = told(complaint)
    Milestone.objects.all().delete()
    Deadline.objects.all().delete()
    clocks.recompute(complaint)
    assert told(complaint) == before


def test_it_does_not_matter_in_what_order_the_ledger_was_written() -> None:
    one = answered_after_a_talk()
    other = factories.received()
    later = one.entries.exclude(kind=EntryKind.OPENED)
    entries = [Entry(**{**entry, "id": None, "complaint_id": other.pk}) for entry in later.values()]
    messages = [
        Message(**{**message, "id": None, "complaint_id": other.pk, "key": None, "mail_id": None})
        for message in one.messages.filter(direction=Direction.OUT).values()
    ]
    random.Random(7).shuffle(entries)
    random.Random(7).shuffle(messages)
    Entry.objects.bulk_create(entries)
    Message.objects.bulk_create(messages)
    clocks.recompute(other)
    assert told(other) == told(one)


def ranked(complaint: Complaint, priority: Priority, day: int) -> None:
    actions.correct(complaint, priority=priority, by=factories.handler_user(), now=NOW + day * DAY)


def test_a_change_of_category_leaves_every_date_alone() -> None:
    complaint = factories.investigating()
    before = written(complaint)
    elsewhere = Category.objects.create(name="Elsewhere")
    actions.correct(complaint, category=elsewhere, by=factories.handler_user(), now=NOW + 3 * DAY)
    assert written(complaint) == before


def test_a_change_of_priority_touches_our_silence_alone_and_loses_no_time() -> None:
    """Received and thanked on a Monday; by Thursday a serious matter has been silent for too long since Tuesday."""
    complaint = factories.investigating()
    before = told(complaint)
    ranked(complaint, Priority.SERIOUS, 3)
    silence = complaint.deadlines.running().get(clock="update")
    assert (silence.started_at, silence.due_at) == (NOW + HOUR, datetime(2026, 3, 3, 17, tzinfo=UTC))
    assert "serious matter" in silence.reasons[-2]
    assert [row for row in told(complaint) if row[0] != "update"] == [
        row for row in before if row[0] != "update"
    ]
    complaint.refresh_from_db()
    assert complaint.next_due_at == silence.due_at
    stands = written(complaint)
    clocks.recompute(complaint)
    assert written(complaint) == stands
    ranked(complaint, Priority.NORMAL, 4)
    assert told(complaint) == before


def test_a_complaint_serious_from_the_first_day_is_told_so_from_the_record() -> None:
    complaint = factories.received(priority=Priority.SERIOUS)
    before = written(complaint)
    assert complaint.deadlines.get(clock="update").due_at == datetime(2026, 3, 3, 17, tzinfo=UTC)
    clocks.recompute(complaint)
    assert written(complaint) == before


def test_a_priority_and_a_dispute_noted_at_once_do_not_undo_each_other() -> None:
    """Each entry says what it changed: the one noted last need not have happened last."""
    complaint = factories.investigating()
    handler = factories.handler_user()
    ranked(complaint, Priority.HIGH, 3)
    actions.change_rules(complaint, dispute=Dispute.PAYMENT, reason="A card.", by=handler, now=NOW + 2 * DAY)
    facts = [one for one in since_then(complaint).happenings if isinstance(one, Ranked | Learnt)]
    assert {type(one) for one in facts} == {Ranked, Learnt}
    assert complaint.deadlines.running().get(clock="update").due_at == datetime(2026, 3, 4, 17, tzinfo=UTC)


def test_a_letter_resets_the_silence_whatever_its_kind_and_a_note_or_their_word_does_not() -> None:
    handler = factories.handler_user()
    complaint = factories.investigating(by=handler)

    def silent_since() -> Any:
        return complaint.deadlines.running().get(clock="update").started_at

    since = silent_since()
    actions.note(complaint, text="Rang the bank.", by=handler, now=NOW + DAY)
    actions.take_message(complaint, body="Well?", channel=Channel.PHONE, by=handler, now=NOW + DAY)
    assert silent_since() == since
    for number, kind in enumerate(MessageKind, start=2):
        actions.send_letter(complaint, kind=kind, letter=LETTER, by=System.FOLLOW_UP, now=NOW + number * DAY)
        assert silent_since() == NOW + number * DAY


def test_an_open_complaint_knows_its_dispute_from_the_first_day() -> None:
    complaint = factories.received(dispute=Dispute.PAYMENT)
    before = written(complaint)
    clocks.recompute(complaint)
    assert written(complaint) == before


def test_a_long_life_is_told_in_as_many_queries_as_a_short_one() -> None:
    handler = factories.handler_user()

    def asked(complaint: Complaint) -> int:
        with CaptureQueriesContext(connection) as seen:
            clocks.recompute(complaint)
        return len(seen)

    short = factories.investigating(by=handler)
    long = factories.investigating(by=handler)
    for day in range(1, 12):
        actions.send_letter(long, kind=MessageKind.UPDATE, letter=LETTER, by=handler, now=NOW + day * DAY)
    assert asked(long) == asked(short) <= 8
