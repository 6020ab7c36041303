"""How every verb begins and ends: lock and guard first; change, save, record and announce last."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django_fsm import can_proceed

from complaints.resolution.actions import clocks
from complaints.resolution.actors import Actor, name_of, staff_or_none
from complaints.resolution.exceptions import NotPossibleNow
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
    return Step(move, complaint, by, now, came_from=complaint.state)


def finish(step: Step, *, text: str = "", **facts: Any) -> Complaint:
    complaint = step.complaint
    getattr(complaint, step.move.value)(now=step.now)
    complaint.state_since = step.now
    entry = Entry(kind=EntryKind.MOVE, move=step.move, from_state=step.came_from, text=text, facts=facts)
    _reckon_and_announce(complaint, entry, by=step.by, now=step.now, reason=step.move.label)
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
    _sign(entry, complaint, by=by, now=now)
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
    **facts: Any,
) -> Entry:
    """End a verb of which the clocks must hear, though nothing moves."""
    entry = Entry(kind=kind, text=text, facts=facts)
    return _reckon_and_announce(complaint, entry, by=by, now=now, reason=kind.label)


def save(complaint: Complaint, *, by: Actor, now: datetime, reason: str) -> None:
    """Save with the history row saying who, when and why."""
    complaint._history_user = staff_or_none(by)
    complaint._history_date = now
    complaint._change_reason = reason
    complaint.save()


def _reckon_and_announce(
    complaint: Complaint, entry: Entry, *, by: Actor, now: datetime, reason: str
) -> Entry:
    """The clocks read the ledger, so here it is written first."""
    _sign(entry, complaint, by=by, now=now)
    entry.save()
    clocks.follow(complaint)
    save(complaint, by=by, now=now, reason=reason)
    _announce([entry], now=now)
    return entry


def record_all(entries: Iterable[tuple[Complaint, Entry]], *, by: Actor, now: datetime) -> list[Entry]:
    """End a deed done to many complaints at once: one write for all of them, an announcement for each."""
    signed = [_sign(entry, complaint, by=by, now=now) for complaint, entry in entries]
    Entry.objects.bulk_create(signed, batch_size=500)
    _announce(signed, now=now)
    return signed


def _sign(entry: Entry, complaint: Complaint, *, by: Actor, now: datetime) -> Entry:
    entry.complaint = complaint
    entry.to_state = complaint.state
    entry.actor = staff_or_none(by)
    entry.actor_name = name_of(by)
    entry.at = now
    return entry


def _announce(entries: Iterable[Entry], *, now: datetime) -> None:
    for entry in entries:
        moved.send(sender=Complaint, complaint=entry.complaint, entry=entry, now=now)
