from datetime import timedelta

import pytest

from complaints.resolution import actions
from complaints.resolution.actions import sweeping
from complaints.resolution.actors import System
from complaints.resolution.exceptions import (
    AcceptanceNeeded,
    CannotMerge,
    LedgerIsAppendOnly,
    NoFinding,
    TooLateToReopen,
    TooSoonToClose,
    Undocumented,
)
from complaints.resolution.models import Complaint, Entry, EntryKind, Finding, Offer, OfferState, State
from tests import factories
from tests.factories import LETTER, NOW

pytestmark = pytest.mark.django_db


def test_closing_needs_the_follow_up_or_its_time_run_out() -> None:
    handler = factories.handler_user()
    complaint = factories.documented(by=handler)
    soon = NOW + timedelta(days=5)
    with pytest.raises(TooSoonToClose):
        actions.close(complaint, by=handler, now=soon)
    actions.record_follow_up(complaint, satisfied=False, text="Still waiting.", by=handler, now=soon)
    with pytest.raises(TooSoonToClose):
        actions.close(complaint, by=handler, now=soon)
    actions.record_follow_up(complaint, satisfied=True, text="All well.", by=handler, now=soon)
    assert actions.close(complaint, by=handler, now=soon).state == State.CLOSED


def test_closing_needs_problem_cause_and_solution() -> None:
    complaint = factories.answered()
    with pytest.raises(Undocumented):
        actions.close(complaint, by=System.FOLLOW_UP, now=NOW + timedelta(days=30))
    with pytest.raises(Undocumented):
        actions.document(
            complaint, problem="x", cause=" ", solution="y", by=factories.handler_user(), now=NOW
        )


def test_our_fault_is_not_filed_without_its_root_cause() -> None:
    complaint = factories.documented()
    Finding.objects.update(root_cause=None)
    with pytest.raises(NoFinding):
        actions.close(complaint, by=System.FOLLOW_UP, now=NOW + timedelta(days=30))


def test_reopening_ends_with_the_window() -> None:
    complaint = factories.closed()
    with pytest.raises(TooLateToReopen):
        actions.reopen(complaint, reason="Again", by=factories.handler_user(), now=NOW + timedelta(days=200))
    reopened = actions.reopen(
        complaint, reason="Again", by=factories.handler_user(), now=NOW + timedelta(days=100)
    )
    assert reopened.state == State.INVESTIGATING
    assert (reopened.answered_at, reopened.closed_at, reopened.followed_up_at) == (None, None, None)


def test_a_later_return_is_a_linked_complaint() -> None:
    complaint = factories.closed()
    later = factories.received(customer=complaint.customer, follows=complaint, now=NOW + timedelta(days=200))
    assert later.follows == complaint


def test_withdrawing_takes_the_offer_with_it() -> None:
    complaint = factories.offered()
    assert complaint.customer is not None
    actions.withdraw(complaint, words="Forget it.", by=complaint.customer, now=NOW + timedelta(days=1))
    assert Offer.objects.get().state == OfferState.WITHDRAWN
    assert complaint.messages.last().body == "Forget it."  # type: ignore[union-attr]
    assert not complaint.deadlines.running().exists()


def test_merging_carries_the_points_over_and_is_told_in_both_files() -> None:
    handler = factories.handler_user()
    complaint = factories.received(points=["Charged twice"])
    other = factories.received(customer=complaint.customer, points=["No call back"])
    actions.merge(complaint, into=other, reason="Same booking", by=handler, now=NOW)

    assert [point.text for point in other.points.all()] == ["Charged twice", "No call back"]
    assert Complaint.objects.get(pk=complaint.pk).merged_into == other
    assert other.entries.filter(kind=EntryKind.NOTE, text__contains=complaint.reference).exists()


def test_another_customers_complaint_is_merged_by_a_supervisor_only() -> None:
    complaint, other = factories.received(), factories.received()
    with pytest.raises(CannotMerge):
        actions.merge(complaint, into=other, reason="Couple", by=factories.handler_user(), now=NOW)
    merged = actions.merge(complaint, into=other, reason="Couple", by=factories.supervisor_user(), now=NOW)
    assert merged.state == State.MERGED


def test_nothing_is_merged_into_itself_or_into_what_is_over() -> None:
    supervisor = factories.supervisor_user()
    complaint = factories.received()
    with pytest.raises(CannotMerge):
        actions.merge(complaint, into=complaint, reason="?", by=supervisor, now=NOW)
    with pytest.raises(CannotMerge):
        actions.merge(complaint, into=factories.responded(), reason="?", by=supervisor, now=NOW)


def test_settling_needs_the_customers_yes() -> None:
    with pytest.raises(AcceptanceNeeded):
        actions.settle(
            factories.received(),
            lines=[],
            acceptance=" ",
            proof="Apologised",
            letter=LETTER,
            by=factories.handler_user(),
            now=NOW,
        )


def test_unanswered_offers_lapse_by_themselves_once() -> None:
    complaint = factories.offered()
    after = NOW + timedelta(days=60)
    assert (sweeping.lapse_offers(now=after), sweeping.lapse_offers(now=after)) == (1, 0)
    complaint.refresh_from_db()
    assert complaint.state == State.INVESTIGATING


def test_the_ledger_is_only_ever_added_to() -> None:
    entry = factories.received().entries.get()
    entry.text = "Nothing happened."
    for tampering in (entry.save, entry.delete, Entry.objects.all().delete):
        with pytest.raises(LedgerIsAppendOnly):
            tampering()
    with pytest.raises(LedgerIsAppendOnly):
        Entry.objects.update(text="Nothing happened.")
