"""What would become of a complaint's dates under other rules. A question: nothing is written."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from complaints.policies import library
from complaints.policies.happenings import Ruled
from complaints.policies.life import runs_of
from complaints.policies.running import Run
from complaints.policies.schema import Pack
from complaints.resolution.happened import Record, since_then
from complaints.resolution.models import Complaint
from complaints.resolution.timing import local_day

#: After whatever else happened in the same moment.
LAST = (3,)


@dataclass(frozen=True, slots=True)
class Change:
    """What runs now and will not, or not yet and will, or will be due on another day."""

    label: str
    was: datetime | None
    becomes: datetime | None


def packs_to_choose(complaint: Complaint) -> tuple[Pack, ...]:
    """Every other policy in its version of the day of receipt."""
    day = local_day(complaint.received_at)
    begun = ([one for one in ones if one.effective_from <= day] for ones in library.everything().values())
    in_force = (ones[-1] for ones in begun if ones)
    here = (complaint.pack_code, complaint.pack_version)
    return tuple(
        sorted((one for one in in_force if (one.code, one.version) != here), key=lambda one: one.name)
    )


def under(complaint: Complaint, pack: Pack, *, now: datetime) -> list[Change]:
    """The dates that would change, the soonest first."""
    record = since_then(complaint)
    before = _running(record, now)
    after = _running(Record(record.pack, [*record.happenings, Ruled(pack=pack, at=now, order=LAST)]), now)
    return sorted(_changes(before, after), key=lambda one: one.becomes or one.was or now)


def _running(record: Record, now: datetime) -> dict[str, Run]:
    """By clock; times that merely end run until then."""
    runs = runs_of(record.pack, record.happenings, explained=False)
    return {run.clock: run for run in runs if run.stopped_at is None or run.stopped_at > now}


def _changes(before: dict[str, Run], after: dict[str, Run]) -> Iterator[Change]:
    for clock in before.keys() | after.keys():
        old, new = before.get(clock), after.get(clock)
        was, becomes = old.due_at if old else None, new.due_at if new else None
        told = new or old
        if was != becomes and told:
            yield Change(told.label, was, becomes)
