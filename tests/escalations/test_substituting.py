"""Standing in for a colleague: their seat, their queue, their name beside one's own; never a way around four eyes."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from complaints.resolution import actions as resolution
from complaints.resolution.exceptions import NotPermitted, OverLimit, OwnProposal, ReasonNeeded
from complaints.resolution.models import EntryKind
from escalations import actions
from escalations.exceptions import (
    AlreadyAway,
    AlreadyClaimed,
    BadDates,
    CannotStandIn,
    NotStanding,
    NotYourQueue,
)
from escalations.models import Decision, Escalation, Queue, State, Substitution
from tests import factories
from tests.escalations.people import LATER, ladder, manager, over_limit, raised, seal_of, supervisor
from tests.factories import NOW

pytestmark = pytest.mark.django_db
TODAY, TOMORROW = date(2026, 3, 2), date(2026, 3, 3)


def away(principal: User, substitute: User, **details: Any) -> Substitution:
    usual = {"starts_on": TODAY, "ends_on": TOMORROW, "reason": "On leave", "by": principal, "now": NOW}
    return actions.name_substitute(principal, substitute=substitute, **{**usual, **details})


def for_managers(**details: Any) -> Escalation:
    """A question in the managers' queue."""
    asked = raised(**details)
    return actions.pass_up(asked, text="Too high for us.", by=supervisor(), now=LATER)


def test_the_substitute_sees_the_queue_and_answers_as_such() -> None:
    ladder()
    boss, deputy = manager(), supervisor(first_name="Ada", last_name="Bell")
    User.objects.filter(pk=boss.pk).update(first_name="Sam", last_name="Lee")
    asked = for_managers()
    with pytest.raises(NotYourQueue):
        actions.answer(asked, text="Yes.", by=deputy, now=LATER)
    away(boss, deputy)
    assert Escalation.objects.worked_by(deputy, now=LATER).get(queue__level=2) == asked
    answered = actions.answer(asked, text="Yes.", by=deputy, now=LATER)
    assert (answered.decided_by, answered.decided_by_name) == (deputy, "Ada Bell for Sam Lee")
    entry = asked.complaint.entries.filter(kind=EntryKind.ESCALATION).latest("pk")
    assert entry.text == "Raised by staff: for Sam Lee, answered. Yes."
    assert (entry.actor, entry.facts["on_behalf"]) == (deputy, boss.pk)


def test_in_ones_own_queue_one_acts_in_ones_own_right() -> None:
    ladder()
    one, other = supervisor(), supervisor()
    away(other, one)
    answered = actions.answer(raised(), text="Yes.", by=one, now=LATER)
    assert " for " not in answered.decided_by_name


@pytest.mark.parametrize("days", [-1, 2])
def test_before_the_first_day_and_after_the_last_there_is_no_seat(days: int) -> None:
    ladder()
    boss, deputy = manager(), supervisor()
    for_managers()
    away(boss, deputy)
    now = NOW + timedelta(days=days)
    assert not Queue.objects.worked_by(deputy, now=now).filter(level=2).exists()


def test_what_somebody_absent_has_claimed_is_taken_over_by_their_substitute_alone() -> None:
    ladder()
    absent, deputy, third = supervisor(), supervisor(), supervisor()
    asked = actions.claim(raised(), by=absent, now=LATER)
    away(absent, deputy)
    with pytest.raises(AlreadyClaimed):
        actions.claim(asked, by=third, now=LATER)
    claimed = actions.claim(asked, by=deputy, now=LATER)
    assert (claimed.state, claimed.claimed_by) == (State.CLAIMED, deputy)
    assert actions.answer(claimed, text="Yes.", by=deputy, now=LATER).decision == Decision.ANSWERED


def test_ended_early_the_seat_is_gone() -> None:
    ladder()
    boss, deputy = manager(), supervisor()
    absence = away(boss, deputy)
    with pytest.raises(NotPermitted):
        actions.end_substitution(absence, by=supervisor(), now=NOW)
    actions.end_substitution(absence, by=boss, now=NOW)
    assert not Queue.objects.worked_by(deputy, now=NOW).filter(level=2).exists()
    with pytest.raises(NotStanding):
        actions.end_substitution(absence, by=boss, now=NOW)


@pytest.mark.parametrize("proposer_is", ["principal", "substitute"])
def test_sec_22_who_stands_in_for_the_proposer_or_for_whom_they_stand_in_approves_nothing(
    proposer_is: str,
) -> None:
    ladder()
    one, other = supervisor(), supervisor()
    asked = over_limit(amount=500, by=one)
    away(one, other) if proposer_is == "principal" else away(other, one)
    with pytest.raises(OwnProposal, match="stands in for the other"):
        actions.approve(asked, seal=seal_of(asked), by=other, now=LATER)
    with pytest.raises(OwnProposal, match="stands in for the other"):
        resolution.approve(asked.complaint, seal=seal_of(asked), by=other, now=LATER)
    assert not Escalation.objects.claimable_by(other, now=LATER).exists()
    asked.refresh_from_db()
    assert asked.is_unanswered
    assert actions.approve(asked, seal=seal_of(asked), by=supervisor(), now=LATER).decision


def test_a_substitute_grants_no_more_than_either_of_the_two() -> None:
    ladder()
    boss, deputy = manager(), supervisor()
    asked = over_limit(amount=3000)
    assert asked.level == 2
    away(boss, deputy)
    with pytest.raises(OverLimit):
        actions.approve(asked, seal=seal_of(asked), by=deputy, now=LATER)


def test_standing_in_for_somebody_lower_one_grants_no_more_than_they() -> None:
    ladder()
    low, high = supervisor(), manager()
    asked = over_limit(amount=3000)
    Escalation.objects.filter(pk=asked.pk).update(queue=Queue.objects.get(level=1), level=1)
    away(low, high)
    asked.refresh_from_db()
    with pytest.raises(OverLimit, match="for whom you stand in"):
        actions.approve(asked, seal=seal_of(asked), by=high, now=LATER)


def test_nobody_stands_in_for_a_substitute_and_who_is_away_stands_in_for_nobody() -> None:
    one, two, three = supervisor(), supervisor(), supervisor()
    away(one, two)
    for principal, substitute in ((two, three), (three, one), (one, three)):
        with pytest.raises(AlreadyAway):
            away(principal, substitute)
    later = TOMORROW + timedelta(days=1)
    away(two, three, starts_on=later, ends_on=later)
    away(three, two)


def test_what_is_asked_for_in_vain() -> None:
    one, two, handler = supervisor(), supervisor(), factories.handler_user()
    with pytest.raises(CannotStandIn):
        away(one, one)
    with pytest.raises(CannotStandIn):
        away(one, handler)
    with pytest.raises(ReasonNeeded):
        away(one, two, reason=" ")
    with pytest.raises(BadDates):
        away(one, two, starts_on=TOMORROW, ends_on=TODAY)
    with pytest.raises(BadDates):
        away(one, two, starts_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=1))
    with pytest.raises(NotPermitted):
        away(one, two, by=two)


def test_the_database_forbids_standing_in_for_oneself() -> None:
    one = supervisor()
    details = {"starts_on": TODAY, "ends_on": TODAY, "reason": "-", "named_by": one, "named_at": NOW}
    with pytest.raises(IntegrityError), transaction.atomic():
        Substitution.objects.create(principal=one, substitute=one, **details)


def test_a_hidden_complaint_stays_hidden_from_the_substitute() -> None:
    ladder()
    boss, deputy = manager(), supervisor()
    complaint = factories.investigating()
    asked = for_managers(complaint=complaint)
    complaint.about.add(deputy)
    away(boss, deputy)
    assert not Escalation.objects.worked_by(deputy, now=LATER).filter(pk=asked.pk).exists()


def test_the_substitute_is_told_of_what_comes_into_the_queue() -> None:
    ladder()
    boss, deputy = manager(), supervisor()
    asked = for_managers()
    away(boss, deputy)
    told = actions.tell_queue(asked, now=LATER)
    assert {mail.to for mail in told} == {boss.email, deputy.email}
