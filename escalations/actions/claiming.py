"""Taking a question in hand, and letting it go."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from complaints.resolution.exceptions import NotPermitted
from escalations.actions import steps
from escalations.actions.steps import Step
from escalations.exceptions import AlreadyClaimed, NotClaimed
from escalations.models import WORK, Escalation, State
from escalations.standing_in import acts_for


def claim_next(*, by: User, now: datetime) -> Escalation | None:
    """Claim the most urgent unclaimed question of this person's queues, or None when there is none.

    Supervisors who press at once each get a different one: who comes second to a question goes on to the next.
    """
    if not by.has_perm(WORK):
        raise NotPermitted
    waiting = Escalation.objects.claimable_by(by, now=now).by_urgency().select_related("complaint")
    while candidate := waiting.first():
        if claimed := _claim_if_free(candidate, by=by, now=now):
            return claimed
    return None


@transaction.atomic
def claim(escalation: Escalation, *, by: User, now: datetime) -> Escalation:
    """Take this question in hand. Pressed twice it stays yours; held by somebody else it is refused."""
    step = steps.begin(escalation, by=by, now=now)
    steps.require_other_than_proposer(step.escalation, by, now=now)
    if step.escalation.claimed_by == by:
        return step.escalation
    if step.escalation.claimed_by is not None:
        return _take_over(step, by=by)
    claimed = _claim_if_free(step.escalation, by=by, now=now)
    if claimed is None:
        raise AlreadyClaimed
    return claimed


@transaction.atomic
def release(escalation: Escalation, *, by: User, now: datetime) -> Escalation:
    """Put it back for a colleague."""
    step = steps.begin(escalation, by=by, now=now)
    if step.escalation.claimed_by != by:
        raise NotClaimed
    step.escalation.release()
    step.escalation.save()
    steps.record(step.escalation, f"released to {step.escalation.queue}", by=by, now=now)
    return step.escalation


def _take_over(step: Step, *, by: User) -> Escalation:
    """From the hands of somebody absent, for whom this person stands in."""
    escalation = step.escalation
    escalation.release()
    escalation.claim(by=by, now=step.now)
    escalation.save()
    steps.record(escalation, "claimed", by=by, now=step.now, on_behalf=step.on_behalf)
    return escalation


@transaction.atomic
def _claim_if_free(escalation: Escalation, *, by: User, now: datetime) -> Escalation | None:
    complaint = steps.lock_complaint(escalation.complaint)
    if not Escalation.objects.worked_by(by, now=now).filter(pk=escalation.pk).exists():
        return None
    won = Escalation.objects.filter(pk=escalation.pk, state=State.OPEN).update(
        state=State.CLAIMED, claimed_by=by, claimed_at=now
    )
    if not won:
        return None
    escalation.refresh_from_db()
    escalation.complaint = complaint
    on_behalf = acts_for(by, escalation, now=now)
    steps.record(escalation, "claimed", by=by, now=now, on_behalf=on_behalf)
    return escalation
