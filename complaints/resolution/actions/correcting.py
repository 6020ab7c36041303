"""Facts that staff may add and correct; what was before stays in the history."""

from datetime import datetime

from django.db import transaction

from complaints.resolution.actions import steps
from complaints.resolution.actors import Actor
from complaints.resolution.exceptions import ReasonNeeded
from complaints.resolution.models import Complaint, Concern, EntryKind, Point, Priority
from complaints.resolution.permission import WORK, require_permission

CORRECTABLE = frozenset(
    {
        "title",
        "category",
        "company",
        "priority",
        "media_risk",
        "desired_outcome",
        "restatement",
        "problem",
        "cause",
        "solution",
    }
)


@transaction.atomic
def add_point(complaint: Complaint, *, text: str, by: Actor, now: datetime) -> Point:
    complaint = steps.lock(complaint)
    require_permission(by, WORK, complaint)
    if not text.strip():
        raise ReasonNeeded("Write what is complained of.")
    point = Point.objects.create(complaint=complaint, text=text.strip()[:500])
    steps.record(complaint, EntryKind.POINT, by=by, now=now, text=point.text)
    return point


@transaction.atomic
def correct(
    complaint: Complaint, *, by: Actor, now: datetime, reason: str = "", **changes: object
) -> Complaint:
    """Change facts staff may correct (see CORRECTABLE); what was before stays in the history."""
    complaint = steps.lock(complaint)
    require_permission(by, WORK, complaint)
    was = complaint.priority
    if changes.get("restatement", complaint.restatement) != complaint.restatement:
        complaint.restatement_confirmed_at = None
    for field in CORRECTABLE & changes.keys():
        setattr(complaint, field, changes[field])
    _write_down(complaint, was=was, fields=sorted(changes), by=by, now=now, text=reason)
    if complaint.priority == Priority.SERIOUS != was:
        steps.record(complaint, EntryKind.CONCERN, concern=Concern.SERIOUS, by=by, now=now, text=reason)
    return complaint


def _write_down(
    complaint: Complaint, *, was: str, fields: list[str], by: Actor, now: datetime, text: str
) -> None:
    """Of the facts corrected here, clocks hear of the priority alone."""
    reason = text or "Corrected"
    if complaint.priority == was:
        steps.save(complaint, by=by, now=now, reason=reason)
        steps.record(complaint, EntryKind.CORRECTION, by=by, now=now, text=text, fields=fields)
        return
    steps.reckon(
        complaint,
        EntryKind.CORRECTION,
        by=by,
        now=now,
        text=text,
        reason=reason,
        fields=fields,
        priority=complaint.priority,
    )


@transaction.atomic
def confirm_restatement(complaint: Complaint, *, by: Actor, now: datetime) -> Complaint:
    """The customer said: yes, that is what happened (A8, D7)."""
    complaint = steps.lock(complaint)
    require_permission(by, WORK, complaint)
    if not complaint.restatement.strip():
        raise ReasonNeeded("Write down the problem in our words first.")
    complaint.restatement_confirmed_at = now
    steps.save(complaint, by=by, now=now, reason="Restatement confirmed")
    steps.record(
        complaint, EntryKind.NOTE, by=by, now=now, text="The customer confirmed the problem in our words."
    )
    return complaint
