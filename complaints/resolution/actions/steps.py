"""How every verb begins and ends: lock and guard first; change, save, record and announce last."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django_fsm import can_proceed

from complaints.resolution import stages
from complaints.resolution.actions import clocks
from complaints.resolution.actors import Actor, name_of, staff_or_none
from complaints.resolution.exceptions import NotIndependent, NotPossibleNow
from complaints.resolution.models import Complaint, Concern, Entry, EntryKind, Move
from complaints.resolution.permission import require_move
from complaints.resolution.signals import moved


@dataclass(frozen=True, slots=True)
class Step:
    """A move that has begun: the complaint is locked, the mover may make it, the graph allows it."""

    move: Move
    complaint: Complaint
    by: Actor
    now: datetime
    came_from: str


def lock(complaint: Complaint) -> Complaint:
    """The complaint as it stands now, held until the transaction ends."""
    return Complaint.objects.select_for_update().get(pk=complaint.pk)


def lock_all(keys: Iterable[int]) -> dict[int, Complaint]:
    """The same of many, by their keys; always in one order, so that two never wait for each other."""
    held = Complaint.objects.select_for_update().filter(pk__in=set(keys))
    return {complaint.pk: complaint for complaint in held.order_by("pk")}


def lock_open(complaint: Complaint) -> Complaint:
    """The same, for work that makes sense only while somebody still owes the customer something."""
    complaint = lock(complaint)
    if not complaint.is_open:
        raise NotPossibleNow(f"The complaint is {complaint.get_state_display().lower()}. Reopen it first.")
    return complaint


def begin(move: Move, complaint: Complaint, *, by: Actor, now: datetime) -> Step:
    complaint = lock(complaint)
    require_move(by, move, complaint)
    if not can_proceed(getattr(complaint, move.value)):
        raise NotPossibleNow(
            f"“{move.label}” is not possible: the complaint is {complaint.get_state_display().lower()}."
        )
    if move in stages.DECIDING and isinstance(by, User) and by.pk in stages.barred(complaint):
        raise NotIndependent
    return Step(move, complaint, by, now, came_from=complaint.state)


def finish(step: Step, *, text: str = "", **facts: Any) -> Complaint:
    complaint = step.complaint
    getattr(complaint, step.move.value)(now=step.now)
    complaint.state_since = step.now
    entry = Entry(kind=EntryKind.MOVE, move=step.move, from_state=step.came_from, text=text, facts=facts)
    sign(entry, complaint, by=step.by, now=step.now)
    entry.save()
    reckon_and_announce(complaint, entry, by=step.by)
    return complaint


def record(
    complaint: Complaint,
    kind: EntryKind,
    *,
    by: Actor,
    now: datetime,
    text: str = "",
    concern: Concern | None = None,
    **facts: Any,
) -> Entry:
    """End a verb that changes the file without moving it."""
    entry = Entry(kind=kind, concern=concern or "", text=text, facts=facts)
    sign(entry, complaint, by=by, now=now)
    entry.save()
    _announce([entry], now=now)
    return entry


def reckon(
    complaint: Complaint,
    kind: EntryKind,
    *,
    by: Actor,
    now: datetime,
    text: str = "",
    reason: str = "",
    **facts: Any,
) -> Entry:
    """End a verb of which the clocks must hear, though nothing moves. `reason` is for the history of the row."""
    entry = Entry(kind=kind, text=text, facts=facts)
    sign(entry, complaint, by=by, now=now)
    entry.save()
    return reckon_and_announce(complaint, entry, by=by, reason=reason)


def save(complaint: Complaint, *, by: Actor, now: datetime, reason: str) -> None:
    """Save with the history row saying who, when and why."""
    signed(complaint, by=by, now=now, reason=reason).save()


def signed(complaint: Complaint, *, by: Actor, now: datetime, reason: str) -> Complaint:
    """Not saved yet; its next row of history will say who, when and why."""
    complaint._history_user = staff_or_none(by)
    complaint._history_date = now
    complaint._change_reason = reason
    return complaint


def write_down(
    complaint: Complaint, kind: EntryKind, *, by: Actor, now: datetime, text: str = "", **facts: Any
) -> Entry:
    """Begin the end: the entry, and what the clocks make of it. `reckon_and_announce` must follow."""
    entry = Entry(kind=kind, text=text, facts=facts)
    sign(entry, complaint, by=by, now=now)
    entry.save()
    clocks.follow(complaint)
    return entry


def reckon_and_announce(complaint: Complaint, entry: Entry, *, by: Actor, reason: str = "") -> Entry:
    """The clocks read the ledger, so it has been written before."""
    clocks.follow(complaint)
    save(complaint, by=by, now=entry.at, reason=reason or str(entry))
    _announce([entry], now=entry.at)
    return entry


def record_all(entries: Iterable[tuple[Complaint, Entry]], *, by: Actor, now: datetime) -> list[Entry]:
    """End a deed done to many complaints at once: one write for all of them, and one announcement."""
    return write_all([sign(entry, complaint, by=by, now=now) for complaint, entry in entries], now=now)


def write_all(entries: list[Entry], *, now: datetime) -> list[Entry]:
    """Write down and announce entries that are signed."""
    Entry.objects.bulk_create(entries, batch_size=500)
    _announce(entries, now=now)
    return entries


def sign(entry: Entry, complaint: Complaint, *, by: Actor, now: datetime) -> Entry:
    entry.complaint = complaint
    entry.to_state = complaint.state
    entry.actor = staff_or_none(by)
    entry.actor_name = name_of(by)
    entry.at = now
    return entry


def _announce(entries: list[Entry], *, now: datetime) -> None:
    moved.send(sender=Complaint, entries=entries, now=now)
