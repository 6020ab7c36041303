"""Taking a question in hand, and letting it go."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from complaints.resolution.exceptions import NotPermitted
from escalations.actions import steps
from escalations.exceptions import AlreadyClaimed, NotClaimed
from escalations.models import WORK, Escalation, State


def claim_next(*, by: User, now: datetime) -> Escalation | None:
    """Claim the most urgent unclaimed question of this person's queues, or None when there is none.

    Supervisors who press at once each get a different one: who comes second to a question goes on to the next.
    """
    if not by.has_perm(WORK):
        raise NotPermitted
    waiting = Escalation.objects.claimable_by(by).by_urgency().select_related("complaint")
    while candidate := waiting.first():
        if claimed := _claim_if_free(candidate, by=by, now=now):
            return claimed
    return None


@transaction.atomic
def claim(escalation: Escalation, *, by: User, now: datetime) -> Escalation:
    """Take this question in hand. Pressed twice it stays yours; held by somebody else it is refused."""
    step = steps.begin(escalation, by=by, now=now)
    steps.require_other_than_proposer(step.escalation, by)
    if step.escalation.claimed_by == by:
        return step.escalation
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


@transaction.atomic
def _claim_if_free(escalation: Escalation, *, by: User, now: datetime) -> Escalation | None:
    complaint = steps.lock_complaint(escalation.complaint)
    if not Escalation.objects.worked_by(by).filter(pk=escalation.pk).exists():
        return None
    won = Escalation.objects.filter(pk=escalation.pk, state=State.OPEN).update(
        state=State.CLAIMED, claimed_by=by, claimed_at=now
    )
    if not won:
        return None
    escalation.refresh_from_db()
    escalation.complaint = complaint
    steps.record(escalation, "claimed", by=by, now=now)
    return escalation
