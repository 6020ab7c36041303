"""Starting, pausing and stopping the clocks of one complaint, and keeping its next deadline on the row.

What a clock has used up is never kept as a sum: it is recomputed from receipt, last letter and the spells of waiting
in the ledger, so no change can lose it.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from complaints.policies.deadlines import ComputedDeadline, deadlines_for
from complaints.policies.limits import Pause
from complaints.policies.schema import ClockEvent
from complaints.resolution.models import (
    NOTHING_DUE,
    OPEN_STATES,
    WHOLE,
    Complaint,
    Deadline,
    DeadlineKind,
    Milestone,
    Move,
    State,
)
from complaints.resolution.timing import pack_of

OUT = ClockEvent.MESSAGE_OUT
#: What a move tells the clocks of the pack.
WORDS: dict[Move, frozenset[ClockEvent]] = {
    Move.ACKNOWLEDGE: frozenset({ClockEvent.ACKNOWLEDGED, OUT}),
    Move.ASK: frozenset({OUT}),
    Move.OFFER: frozenset({OUT}),
    Move.SETTLE: frozenset({ClockEvent.ACKNOWLEDGED, ClockEvent.ANSWERED, OUT}),
    Move.RESPOND: frozenset({ClockEvent.ANSWERED, OUT}),
    Move.FULFIL: frozenset({ClockEvent.ANSWERED, OUT}),
}
#: Clocks of our own, for what we wait for or promised, and the moves that end the wait.
AWAITED: dict[str, frozenset[Move]] = {
    "answer": frozenset({Move.HEAR}),
    "offer": frozenset({Move.ACCEPT, Move.DECLINE, Move.LAPSE}),
    "remedy": frozenset({Move.FULFIL}),
}


def start(complaint: Complaint) -> None:
    """Start every clock of the pack of a complaint just written, from receipt."""
    _run(complaint, deadlines_for(pack_of(complaint), complaint.received_at))
    refresh(complaint)
    # No row of history for what follows from the row before.
    Complaint.objects.filter(pk=complaint.pk).update(
        next_due_at=complaint.next_due_at, next_due_label=complaint.next_due_label
    )


def start_again(complaint: Complaint, *, now: datetime) -> None:
    """A reopened complaint is owed its dates anew, counted from the reopening; thanked it has been."""
    pack = pack_of(complaint)
    computed = deadlines_for(pack, now)
    _run(
        complaint, (one for one in computed if ClockEvent.ACKNOWLEDGED not in pack.clock(one.clock).stops_on)
    )


def follow(complaint: Complaint, move: Move, *, came_from: str, now: datetime) -> None:
    """Let the clocks follow a move just made (the complaint is saved by the caller)."""
    running = complaint.deadlines.running()
    if complaint.state not in OPEN_STATES:
        _stop(running, now=now)
    else:
        _stop(running.filter(clock__in=_stopped_by(complaint, move)), now=now)
        if OUT in WORDS.get(move, ()):
            _restart_silence(complaint, now=now)
        if State.WAITING in (came_from, complaint.state):
            _pause_or_resume(complaint, now=now)
    refresh(complaint)


def await_until(
    complaint: Complaint, clock: str, *, label: str, due_at: datetime, now: datetime, reason: str
) -> None:
    """Start a clock of our own for something we wait for or promised; a running one of that name gives way."""
    _stop(complaint.deadlines.running().filter(clock=clock), now=now)
    kind = DeadlineKind.PROMISE if clock == "remedy" else DeadlineKind.AWAITED
    deadline = Deadline.objects.create(
        complaint=complaint,
        clock=clock,
        label=label,
        kind=kind,
        started_at=now,
        due_at=due_at,
        reasons=[reason],
    )
    if kind == DeadlineKind.PROMISE:
        Milestone.objects.create(deadline=deadline, part=WHOLE, at=due_at)


def spoke_to_customer(complaint: Complaint, *, now: datetime) -> None:
    """A message to the customer ends our silence; an internal note does not (C18)."""
    if complaint.is_open:
        _restart_silence(complaint, now=now)
        refresh(complaint)


def refresh(complaint: Complaint) -> None:
    nearest = complaint.deadlines.running().filter(paused_at__isnull=True).first()
    complaint.next_due_at = nearest.due_at if nearest else NOTHING_DUE
    complaint.next_due_label = nearest.label if nearest else ""


def pauses_of(complaint: Complaint, *, now: datetime) -> list[Pause]:
    """The spells of waiting for the customer, from the ledger; one that still lasts is counted until now."""
    spells: list[Pause] = []
    since: datetime | None = None
    for entry in complaint.entries.moves().order_by("at", "pk"):
        if since is not None and entry.from_state == State.WAITING:
            spells.append(Pause(since, entry.at, state=State.WAITING))
        since = entry.at if entry.to_state == State.WAITING else None
    if since is not None and since < now:
        spells.append(Pause(since, now, state=State.WAITING))
    return spells


def _pause_or_resume(complaint: Complaint, *, now: datetime) -> None:
    """While we wait, the clocks that may pause stand still; afterwards they are due later by what stood."""
    pack = pack_of(complaint)
    pausable = [clock.code for clock in pack.clocks if State.WAITING in clock.pausable_in]
    running = complaint.deadlines.running().filter(clock__in=pausable)
    if complaint.state == State.WAITING:
        Milestone.objects.ahead().filter(deadline__in=running).delete()
        running.update(paused_at=now)
        return
    computed = {one.clock: one for one in _computed_now(complaint, now=now)}
    for deadline in running:
        deadline.due_at, deadline.warn_at = computed[deadline.clock].due_at, computed[deadline.clock].warn_at
        deadline.reasons, deadline.paused_at = list(computed[deadline.clock].reasons), None
        deadline.save()
        _set_milestones(deadline, computed[deadline.clock])


def _computed_now(complaint: Complaint, *, now: datetime) -> tuple[ComputedDeadline, ...]:
    silence = complaint.deadlines.running().filter(clock__in=_reset_by_message(complaint)).first()
    return deadlines_for(
        pack_of(complaint),
        complaint.received_at,
        acknowledged_at=complaint.acknowledged_at,
        last_message_at=silence.started_at if silence else None,
        pauses=pauses_of(complaint, now=now),
    )


def _restart_silence(complaint: Complaint, *, now: datetime) -> None:
    """The clocks that a message resets begin again from this moment."""
    resets = _reset_by_message(complaint)
    _stop(complaint.deadlines.running().filter(clock__in=resets), now=now)
    computed = deadlines_for(pack_of(complaint), complaint.received_at, last_message_at=now)
    _run(complaint, (one for one in computed if one.clock in resets))


def _reset_by_message(complaint: Complaint) -> set[str]:
    return {clock.code for clock in pack_of(complaint).clocks if OUT in clock.resets_on}


def _stopped_by(complaint: Complaint, move: Move) -> Iterable[str]:
    words = WORDS.get(move, frozenset())
    by_pack = [clock.code for clock in pack_of(complaint).clocks if words & set(clock.stops_on)]
    return by_pack + [clock for clock, ends in AWAITED.items() if move in ends]


def _run(complaint: Complaint, computed: Iterable[ComputedDeadline]) -> None:
    computed = list(computed)
    rows = Deadline.objects.bulk_create(_row(complaint, one) for one in computed)
    Milestone.objects.bulk_create(
        Milestone(deadline=row, part=part, at=at)
        for row, one in zip(rows, computed, strict=True)
        for part, at in one.milestones
    )


def _stop(deadlines: QuerySet[Deadline], *, now: datetime) -> None:
    """What still lay ahead of a clock that stops never comes."""
    Milestone.objects.ahead().filter(deadline__in=deadlines).delete()
    deadlines.update(stopped_at=now)


def _set_milestones(deadline: Deadline, computed: ComputedDeadline) -> None:
    passed = set(deadline.milestones.filter(passed_at__isnull=False).values_list("part", flat=True))
    deadline.milestones.ahead().delete()
    Milestone.objects.bulk_create(
        Milestone(deadline=deadline, part=part, at=at)
        for part, at in computed.milestones
        if part not in passed
    )


def _row(complaint: Complaint, computed: ComputedDeadline) -> Deadline:
    return Deadline(
        complaint=complaint,
        clock=computed.clock,
        label=computed.label,
        kind=computed.kind,
        started_at=computed.started_at,
        warn_at=computed.warn_at,
        due_at=computed.due_at,
        reasons=[*computed.reasons, computed.rule, computed.source],
    )
