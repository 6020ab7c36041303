"""In whose hands the complaint is, and who may see it."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, OuterRef

from complaints.resolution import stages
from complaints.resolution.actions import steps
from complaints.resolution.actors import Actor, names_of, staff_or_none
from complaints.resolution.exceptions import (
    NobodyHolds,
    NotIndependent,
    NotPermitted,
    OwnMatter,
    ReasonNeeded,
)
from complaints.resolution.models import Complaint, Entry, EntryKind, Move
from complaints.resolution.permission import ASSIGN, SUPERVISE, WORK, require_permission


@transaction.atomic
def assign(complaint: Complaint, *, to: User, by: Actor, now: datetime) -> Complaint:
    """Give the complaint to a handler. Anybody who works complaints may take an unassigned one for themselves."""
    complaint = steps.lock(complaint)
    taking = to == by and complaint.handler_id is None
    require_permission(by, WORK if taking else ASSIGN, complaint)
    give(complaint, to)
    steps.save(complaint, by=by, now=now, reason="Assigned")
    steps.record(
        complaint, EntryKind.ASSIGNMENT, by=by, now=now, text=to.get_full_name() or to.get_username()
    )
    return complaint


def give(complaint: Complaint, to: User) -> None:
    if complaint.about.filter(pk=to.pk).exists():
        raise OwnMatter
    if not to.is_active or not to.has_perm(WORK):
        raise NotPermitted(f"{to} does not work complaints.")
    if to.pk in stages.barred(complaint):
        raise NotIndependent
    complaint.handler = to


@transaction.atomic
def investigate(complaint: Complaint, *, by: Actor, now: datetime) -> Complaint:
    """Take the complaint in hand. An unassigned one becomes the investigator's own."""
    step = steps.begin(Move.INVESTIGATE, complaint, by=by, now=now)
    person = step.complaint.handler or staff_or_none(by)
    if person is None:
        raise NobodyHolds
    give(step.complaint, person)
    return steps.finish(step)


@transaction.atomic
def take_next(*, by: User, now: datetime) -> Complaint | None:
    """Take the most urgent unassigned complaint. Handlers who press at once each get a different one.

    What somebody handed over after abuse is not given back to them.
    """
    spared = Entry.objects.filter(complaint=OuterRef("pk"), kind=EntryKind.ASSIGNMENT, facts__spared=by.pk)
    free = Complaint.objects.visible_to(by).unassigned().exclude(Exists(spared)).by_urgency()
    complaint = free.select_for_update(skip_locked=True, of=("self",)).first()
    return assign(complaint, to=by, by=by, now=now) if complaint else None


@transaction.atomic
def restrict(
    complaint: Complaint, *, confidants: Iterable[User], reason: str, by: Actor, now: datetime
) -> Complaint:
    """Hide the complaint from everybody but its handler and the people named. The restricting person stays in."""
    complaint = steps.lock(complaint)
    require_permission(by, SUPERVISE, complaint)
    if not reason.strip():
        raise ReasonNeeded
    person = staff_or_none(by)
    named = {*confidants, *([person] if person else [])}
    complaint.restricted = True
    complaint.confidants.set(named)
    steps.save(complaint, by=by, now=now, reason="Restricted")
    steps.record(complaint, EntryKind.RESTRICTION, by=by, now=now, text=reason, confidants=names_of(named))
    return complaint
