"""Dates that move and rules that change."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from pytest_django.fixtures import Settings

from complaints.resolution import actions
from complaints.resolution.actions import clocks
from complaints.resolution.exceptions import (
    AlreadyDone,
    CannotMove,
    NoticeNeeded,
    NotPermitted,
    NotPossibleNow,
    ReasonNeeded,
    TooLateToReopen,
    WrongRules,
)
from complaints.resolution.models import (
    Complaint,
    Deadline,
    DeadlineKind,
    Dispute,
    Ended,
    EntryKind,
    MessageKind,
    Milestone,
)
from tests import factories
from tests.complaints.resolution.living import Life
from tests.factories import LETTER, NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = NOW + 40 * DAY
WHY = "The courier does not answer."


@pytest.fixture
def handler() -> User:
    return factories.handler_user()


@pytest.fixture
def complaint(handler: User) -> Complaint:
    return factories.investigating(by=handler)


def running(complaint: Complaint, clock: str) -> Deadline:
    return complaint.deadlines.running().get(clock=clock)


def test_our_own_date_moves_with_a_reason_and_the_letter_says_so(complaint: Complaint, handler: User) -> None:
    was = running(complaint, "resolve").due_at
    moved = actions.move_date(
        complaint, clock="resolve", until=LATER, reason=WHY, letter=LETTER, by=handler, now=NOW + DAY
    )
    assert (moved.due_at, moved.first_due_at, moved.was_moved) == (LATER, was, True)
    assert any(WHY in reason for reason in moved.reasons)
    assert Milestone.objects.ahead().get(deadline=moved, part=1).at == LATER
    entry = complaint.entries.get(kind=EntryKind.DATE)
    assert (entry.text, entry.facts["was"]) == (WHY, was.isoformat())
    assert complaint.messages.filter(kind=MessageKind.UPDATE).count() == 1
    assert running(complaint, "update").started_at == NOW + DAY


def test_while_the_customer_has_not_been_told_that_is_owed(complaint: Complaint, handler: User) -> None:
    actions.move_date(complaint, clock="resolve", until=LATER, reason=WHY, by=handler, now=NOW + DAY)
    owed = running(complaint, "tell")
    assert (owed.kind, owed.label) == (DeadlineKind.PROMISE, "Tell the customer of the new date")
    assert owed.due_at < NOW + 3 * DAY
    complaint.refresh_from_db()
    assert complaint.next_due_label == "Tell the customer of the new date"
    actions.note(complaint, text="Tried to ring.", by=handler, now=NOW + DAY)
    assert running(complaint, "tell") == owed
    actions.send_letter(complaint, kind=MessageKind.UPDATE, letter=LETTER, by=handler, now=NOW + 2 * DAY)
    owed.refresh_from_db()
    assert owed.ended == Ended.DONE
    assert running(complaint, "resolve").due_at == LATER


@pytest.mark.parametrize("clock", ["final_response", "update", "offer", "tell", "nothing"])
def test_what_is_not_ours_to_move_does_not_move(complaint: Complaint, handler: User, clock: str) -> None:
    with pytest.raises(CannotMove):
        actions.move_date(
            complaint, clock=clock, until=LATER, reason=WHY, letter=LETTER, by=handler, now=NOW + DAY
        )


def test_a_date_moves_later_and_for_a_reason_only(complaint: Complaint, handler: User) -> None:
    with pytest.raises(ReasonNeeded):
        actions.move_date(complaint, clock="resolve", until=LATER, reason=" ", by=handler, now=NOW + DAY)
    with pytest.raises(CannotMove, match="later than the old"):
        actions.move_date(
            complaint, clock="resolve", until=NOW + 2 * DAY, reason=WHY, by=handler, now=NOW + DAY
        )
    reader = factories.quality_user()
    with pytest.raises(NotPermitted):
        actions.move_date(complaint, clock="resolve", until=LATER, reason=WHY, by=reader, now=NOW + DAY)
    assert not complaint.entries.filter(kind=EntryKind.DATE).exists()


def test_a_promised_remedy_may_be_put_off_too(handler: User) -> None:
    complaint = factories.offered(by=handler)
    assert complaint.customer is not None
    actions.accept(complaint, by=complaint.customer, now=NOW + DAY)
    until = running(complaint, "remedy").due_at + 5 * DAY
    moved = actions.move_date(
        complaint, clock="remedy", until=until, reason=WHY, letter=LETTER, by=handler, now=NOW + 2 * DAY
    )
    assert moved.due_at == until
    assert Milestone.objects.ahead().get(deadline=moved).at == until


def test_more_time_must_be_asked_for_before_it_is_up(settings: Settings, handler: User) -> None:
    settings.FIRM_POLICY_PACK = "us_cfpb"
    complaint = factories.investigating(by=handler, external_at=NOW)
    due_at = running(complaint, "portal_response").due_at
    with pytest.raises(NoticeNeeded):
        actions.move_date(
            complaint, clock="portal_response", until=LATER, reason=WHY, by=handler, now=NOW + DAY
        )
    with pytest.raises(CannotMove, match="time is up"):
        actions.move_date(
            complaint,
            clock="portal_response",
            until=LATER,
            reason=WHY,
            letter=LETTER,
            by=handler,
            now=due_at + DAY,
        )


def test_rules_change_for_a_reason_and_only_to_what_can_be(complaint: Complaint, handler: User) -> None:
    with pytest.raises(ReasonNeeded):
        actions.change_rules(complaint, dispute=Dispute.PAYMENT, reason="", by=handler, now=NOW + DAY)
    with pytest.raises(WrongRules, match="day 32"):
        actions.change_rules(
            complaint, dispute=Dispute.NONE, statement_day=32, reason="?", by=handler, now=NOW + DAY
        )
    with pytest.raises(WrongRules, match="lie ahead"):
        actions.change_rules(
            complaint, dispute=Dispute.NONE, external_at=LATER, reason="?", by=handler, now=NOW + DAY
        )
    done = factories.responded()
    with pytest.raises(NotPossibleNow):
        actions.change_rules(done, dispute=Dispute.PAYMENT, reason="Card.", by=handler, now=NOW + DAY)


def test_another_policy_counts_from_the_same_receipt(complaint: Complaint, handler: User) -> None:
    lead = factories.supervisor_user()
    with pytest.raises(NotPermitted):
        actions.change_pack(complaint, code="uk_telecom", reason="Their line.", by=handler, now=NOW + DAY)
    used = running(complaint, "resolve").started_at
    actions.change_pack(complaint, code="uk_telecom", reason="Their line.", by=lead, now=NOW + 9 * DAY)
    complaint.refresh_from_db()
    assert (complaint.pack_code, complaint.pack_version) == (
        "uk_telecom",
        1,
    )  # in force on the day of receipt
    assert running(complaint, "resolve").started_at == used
    assert "Ofcom" in running(complaint, "final_response").reasons[-1]
    before = list(complaint.deadlines.values())
    clocks.recompute(complaint)
    assert list(complaint.deadlines.values()) == before


def test_the_next_stage_is_asked_for_in_time_and_acknowledged_once(settings: Settings, handler: User) -> None:
    settings.FIRM_POLICY_PACK = "uk_council"
    life = Life(NOW)
    life.thanked(NOW + DAY)
    life.answered(NOW + 2 * DAY)
    complaint = life.complaint
    with pytest.raises(TooLateToReopen):
        actions.request_stage(complaint, words="Look again.", by=handler, now=NOW + 60 * DAY)
    with pytest.raises(ReasonNeeded):
        actions.request_stage(complaint, words=" ", by=handler, now=NOW + 9 * DAY)
    actions.request_stage(complaint, words="Look again.", by=handler, now=NOW + 9 * DAY)
    actions.acknowledge_stage(complaint, spoken="It begins.", by=handler, now=NOW + 10 * DAY)
    with pytest.raises(AlreadyDone):
        actions.acknowledge_stage(complaint, spoken="It begins.", by=handler, now=NOW + 11 * DAY)
