"""Starting and stopping the clocks of one complaint, and keeping its next deadline on the row."""

from datetime import datetime

from complaints.policies import packs
from complaints.policies.packs import Pack
from complaints.resolution.models import (
    NOTHING_DUE,
    OPEN_STATES,
    Complaint,
    Deadline,
    DeadlineKind,
    Move,
)

#: What a move tells the clocks. A pack's clock names the word that stops it.
WORDS: dict[Move, tuple[str, ...]] = {
    Move.ACKNOWLEDGE: ("acknowledged", "message_out"),
    Move.ASK: ("message_out",),
    Move.OFFER: ("message_out",),
    Move.FULFIL: ("answered", "message_out"),
    Move.RESPOND: ("answered", "message_out"),
    Move.SETTLE: ("acknowledged", "answered", "message_out"),
}
#: What we wait for by ourselves, and the moves that end the wait.
AWAITED: dict[str, tuple[Move, ...]] = {
    "answer": (Move.HEAR,),
    "offer": (Move.ACCEPT, Move.DECLINE, Move.LAPSE),
    "remedy": (Move.FULFIL,),
}


def pack_of(complaint: Complaint) -> Pack:
    """The rules in force when the complaint was received; it keeps them for life."""
    return packs.pack(complaint.pack_code, complaint.pack_version)


def start(complaint: Complaint) -> None:
    """Start every clock of the pack, from receipt, and note the nearest on the complaint (not saved here)."""
    computed = packs.deadlines_for(pack_of(complaint), complaint.received_at)
    Deadline.objects.bulk_create(
        Deadline(
            complaint=complaint,
            clock=deadline.clock,
            label=deadline.label,
            kind=deadline.kind,
            started_at=complaint.received_at,
            due_at=deadline.due_at,
            reasons=list(deadline.reasons),
        )
        for deadline in computed
    )
    refresh(complaint)


def follow(complaint: Complaint, move: Move, *, now: datetime) -> None:
    """Let the clocks follow a move just made (the complaint is saved by the caller)."""
    running = complaint.deadlines.running()
    if complaint.state not in OPEN_STATES:
        running.update(stopped_at=now)
    else:
        running.filter(clock__in=_stopped_by(complaint, move)).update(stopped_at=now)
        if "message_out" in WORDS.get(move, ()):
            _restart_silence(complaint, now=now)
    refresh(complaint)


def await_until(
    complaint: Complaint, clock: str, *, label: str, due_at: datetime, now: datetime, reason: str
) -> None:
    """Start a clock of our own for something we wait for or promised; a running one of that name gives way."""
    complaint.deadlines.running().filter(clock=clock).update(stopped_at=now)
    kind = DeadlineKind.PROMISE if clock == "remedy" else DeadlineKind.AWAITED
    Deadline.objects.create(
        complaint=complaint,
        clock=clock,
        label=label,
        kind=kind,
        started_at=now,
        due_at=due_at,
        reasons=[reason],
    )


def spoke_to_customer(complaint: Complaint, *, now: datetime) -> None:
    """A message to the customer ends our silence; an internal note does not (C18)."""
    if complaint.state in OPEN_STATES:
        _restart_silence(complaint, now=now)
        refresh(complaint)


def refresh(complaint: Complaint) -> None:
    nearest = complaint.deadlines.running().first()
    complaint.next_due_at = nearest.due_at if nearest else NOTHING_DUE
    complaint.next_due_label = nearest.label if nearest else ""


def _stopped_by(complaint: Complaint, move: Move) -> list[str]:
    words = WORDS.get(move, ())
    by_pack = [clock.code for clock in pack_of(complaint).clocks if set(clock.stops) & set(words)]
    return by_pack + [clock for clock, ends in AWAITED.items() if move in ends]


def _restart_silence(complaint: Complaint, *, now: datetime) -> None:
    """Clocks that a message resets begin again from this moment."""
    pack = pack_of(complaint)
    resets = {clock.code for clock in pack.clocks if "message_out" in clock.resets}
    if not resets:
        return
    complaint.deadlines.running().filter(clock__in=resets).update(stopped_at=now)
    Deadline.objects.bulk_create(
        Deadline(
            complaint=complaint,
            clock=deadline.clock,
            label=deadline.label,
            kind=deadline.kind,
            started_at=now,
            due_at=deadline.due_at,
            reasons=list(deadline.reasons),
        )
        for deadline in packs.deadlines_for(pack, now)
        if deadline.clock in resets
    )
