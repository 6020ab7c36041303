"""Writing down what the record makes of a complaint's clocks: deadlines, milestones, and the next date on the row.

The ledger and our letters are the only memory. A deadline is what they come to and nothing is reckoned on from it, so
`recompute` may be called at any time and changes nothing (decision 12).
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from complaints.policies.life import runs_of
from complaints.policies.running import Run
from complaints.resolution.happened import Record, at_first, since_then
from complaints.resolution.models import (
    NOTHING_DUE,
    Complaint,
    Deadline,
    DeadlineKind,
    Ended,
    Milestone,
)

NEVER = datetime.min.replace(tzinfo=UTC)
#: Of a clock, by where it counts from.
Part = tuple[str, datetime, Decimal]
FIELDS = (
    "label",
    "kind",
    "started_at",
    "due_at",
    "first_due_at",
    "warn_at",
    "reasons",
    "stopped_at",
    "ended",
    "paused_at",
)


def expect(complaint: Complaint) -> tuple[Run, ...]:
    """Every clock of the pack of a complaint about to be written, from receipt; it names its next date by them."""
    record = at_first(complaint)
    runs = runs_of(record.pack, record.happenings)
    _name_next(complaint, runs)
    return runs


def start(expected: Iterable[tuple[Complaint, Sequence[Run]]]) -> None:
    """Write down what was expected of complaints that are written now."""
    begun = [
        (run, Deadline(complaint=complaint, clock=run.clock)) for complaint, runs in expected for run in runs
    ]
    for run, deadline in begun:
        _take(deadline, run)
    Deadline.objects.bulk_create([deadline for _, deadline in begun])
    _set_milestones(begun, rows=[])


def follow(complaint: Complaint) -> None:
    """Let the clocks follow what the record says now (the complaint is saved by the caller)."""
    _write(complaint, since_then(complaint), rows=list(complaint.deadlines.order_by("pk")))


@transaction.atomic
def recompute(complaint: Complaint) -> Complaint:
    """Tell every clock of this complaint anew from the record. Run at any time, it changes nothing."""
    complaint = Complaint.objects.select_for_update().get(pk=complaint.pk)
    follow(complaint)
    keep_next(complaint)
    return complaint


def keep_next(complaint: Complaint) -> None:
    """Without a row of history: it follows from what is written already."""
    Complaint.objects.filter(pk=complaint.pk).update(
        next_due_at=complaint.next_due_at, next_due_label=complaint.next_due_label
    )


def awaiting(
    clock: str, *, label: str, due_at: datetime, reason: str, promised: bool = False
) -> dict[str, Any]:
    """What the ledger keeps of a date of our own: something we wait for, or promised."""
    kind = DeadlineKind.PROMISE if promised else DeadlineKind.AWAITED
    return {"clock": clock, "label": label, "kind": kind, "due_at": due_at.isoformat(), "reason": reason}


def _write(complaint: Complaint, record: Record, *, rows: Sequence[Deadline]) -> None:
    runs = runs_of(record.pack, record.happenings)
    paired, left = _paired(runs, rows)
    _no_longer_told(left)  # first, for its clock may run again in another row
    deadlines = _written(complaint, paired)
    _set_milestones(deadlines, rows)
    _name_next(complaint, runs)


def _name_next(complaint: Complaint, runs: Iterable[Run]) -> None:
    nearest = min(
        (run for run in runs if run.stopped_at is None and run.paused_at is None),
        key=lambda run: run.due_at,
        default=None,
    )
    complaint.next_due_at = nearest.due_at if nearest else NOTHING_DUE
    complaint.next_due_label = nearest.label if nearest else ""


def _paired(
    runs: Iterable[Run], rows: Sequence[Deadline]
) -> tuple[list[tuple[Run, Deadline | None]], list[Deadline]]:
    """Each run with the row that already stands for it: the same clock and start, or else the next of that clock.

    A row keeps its identity for those who refer to it, even where what it says has to be corrected.
    """
    exact: dict[tuple[str, datetime], deque[Deadline]] = defaultdict(deque)
    for row in rows:
        exact[row.clock, row.started_at].append(row)
    found: list[tuple[Run, Deadline | None]] = []
    for run in runs:
        same = exact[run.clock, run.started_at]
        found.append((run, same.popleft() if same else None))
    rest: dict[str, deque[Deadline]] = defaultdict(deque)
    for row in sorted((row for same in exact.values() for row in same), key=lambda row: row.pk):
        rest[row.clock].append(row)
    paired = [(run, row or (rest[run.clock].popleft() if rest[run.clock] else None)) for run, row in found]
    return paired, [row for left in rest.values() for row in left]


def _written(
    complaint: Complaint, paired: Iterable[tuple[Run, Deadline | None]]
) -> list[tuple[Run, Deadline]]:
    """Only what differs is written, and what stops before what begins: one clock runs once."""
    kept: list[tuple[Run, Deadline]] = []
    fresh: list[Deadline] = []
    changed: list[tuple[Deadline, list[str]]] = []
    for run, row in paired:
        deadline = row or Deadline(complaint=complaint, clock=run.clock)
        differing = _take(deadline, run)
        if row is None:
            fresh.append(deadline)
        elif differing:
            changed.append((deadline, differing))
        kept.append((run, deadline))
    # One by one: it is one row or two, and telling them apart in one statement costs more than the second.
    for deadline, differing in sorted(changed, key=lambda one: one[0].stopped_at is None):
        deadline.save(update_fields=differing)
    if fresh:
        Deadline.objects.bulk_create(fresh)
    return kept


def _take(deadline: Deadline, run: Run) -> list[str]:
    """Let the row say what the run says. In what did they differ?"""
    said = {name: getattr(run, name) for name in FIELDS}
    said |= {"reasons": list(run.reasons), "ended": run.ended.value if run.ended else ""}
    differing = [name for name, value in said.items() if getattr(deadline, name) != value]
    for name in differing:
        setattr(deadline, name, said[name])
    return differing


def _no_longer_told(left: Iterable[Deadline]) -> None:
    """A row the record knows nothing of is not deleted, for somebody may refer to it; it runs no more."""
    for row in left:
        if row.stopped_at is None:
            row.stopped_at, row.ended = row.started_at, Ended.LET_GO
            row.save(update_fields=["stopped_at", "ended"])


def _set_milestones(deadlines: Iterable[tuple[Run, Deadline]], rows: Sequence[Deadline]) -> None:
    """What lies ahead is what runs and does not stand; what was passed is never touched.

    A part told of before its moment, as it is now, is told of again then: its date has moved.
    """
    known = Milestone.objects.filter(deadline__in=[row.pk for row in rows]) if rows else ()
    wanted = _untold(deadlines, _last_told(known, rows))
    ahead = {(one.deadline_id, one.part): one for one in known if one.passed_at is None}
    gone = [one.pk for key, one in ahead.items() if wanted.get(key) != one.at]
    if gone:
        Milestone.objects.ahead().filter(pk__in=gone).delete()
    Milestone.objects.bulk_create(
        Milestone(deadline_id=pk, part=part, at=at)
        for (pk, part), at in wanted.items()
        if (pk, part) not in ahead or ahead[pk, part].at != at
    )


def _untold(
    deadlines: Iterable[tuple[Run, Deadline]], told: Mapping[Part, datetime]
) -> dict[tuple[int, Decimal], datetime]:
    return {
        (deadline.pk, part): at
        for run, deadline in deadlines
        if run.stopped_at is None and run.paused_at is None
        for part, at in run.milestones
        if at > told.get((run.clock, run.started_at, part), NEVER)
    }


def _last_told(known: Iterable[Milestone], rows: Iterable[Deadline]) -> dict[Part, datetime]:
    """When each part was told of last, whichever row it stood in: a clock left and come back to is one."""
    begun = {row.pk: (row.clock, row.started_at) for row in rows}
    told: dict[Part, datetime] = {}
    for one in known:
        part = (*begun[one.deadline_id], one.part)
        if one.passed_at:
            told[part] = max(one.passed_at, told.get(part, NEVER))
    return told
