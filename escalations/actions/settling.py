"""Ending questions that somebody has answered elsewhere, or that have answered themselves."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from complaints.resolution.actors import Actor, System, name_of, staff_or_none
from complaints.resolution.models import Complaint, OfferState
from escalations.actions import steps
from escalations.models import Decision, Escalation, EscalationQuerySet, Reason, Ruling
from escalations.moot import why_moot


@transaction.atomic
def settle_by_move(
    complaint: Complaint, *, decision: Decision, by: Actor, now: datetime, text: str = ""
) -> Escalation | None:
    """The offer was approved or refused in the file itself: its question is answered by that."""
    complaint = steps.lock_complaint(complaint)
    person = staff_or_none(by)
    approved = complaint.offers.filter(state=OfferState.APPROVED).select_related("proposed_by").first()
    if decision is Decision.APPROVED and person is not None and approved is not None:
        steps.require_four_eyes(approved, person, now=now)
    escalation = _unanswered(complaint).filter(reason=Reason.OVER_LIMIT).first()
    if escalation is None:
        return None
    escalation.complaint = complaint
    escalation.decide(Ruling(decision, staff_or_none(by), name_of(by), now, text))
    escalation.save()
    steps.record(escalation, decision.label.lower(), by=by, now=now)
    return escalation


def settle_moot(complaints: Iterable[Complaint], *, now: datetime) -> list[Escalation]:
    """End the questions on these complaints that nobody need answer any more. Returns those it ended."""
    looked_at = {complaint.pk: complaint for complaint in complaints}
    asked = Escalation.objects.unanswered().filter(complaint__in=looked_at).order_by("complaint")
    keys = asked.values_list("complaint", flat=True).distinct()
    return [ended for key in keys for ended in _end_moot(looked_at[key], now=now)]


@transaction.atomic
def _end_moot(complaint: Complaint, *, now: datetime) -> list[Escalation]:
    complaint = steps.lock_complaint(complaint)
    ended = []
    for escalation in _unanswered(complaint):
        if why := why_moot(escalation, complaint, now=now):
            escalation.complaint = complaint
            escalation.drop(Ruling(Decision.MOOT, None, name_of(System.CLOCK), now, why))
            escalation.save()
            steps.record(escalation, f"no longer needed. {why}", by=System.CLOCK, now=now)
            ended.append(escalation)
    return ended


def _unanswered(complaint: Complaint) -> EscalationQuerySet:
    held = Escalation.objects.select_for_update(of=("self",)).select_related("queue", "offer", "deadline")
    return held.filter(complaint=complaint).unanswered().order_by("pk")
