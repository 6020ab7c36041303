"""One clock of one complaint: from when it runs, what has happened to it, and what that makes of its date."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from complaints.policies import deadlines, words
from complaints.policies.calendars import in_utc
from complaints.policies.deadlines import Beginnings, ComputedDeadline
from complaints.policies.extending import Notice
from complaints.policies.facts import Facts
from complaints.policies.happenings import Awaited, Ended, Moved
from complaints.policies.limits import Pause
from complaints.policies.schema import ALL, Clock, Pack
from complaints.policies.steps import Step

AWAITED = "awaited"
WINDOW = "window"


@dataclass(frozen=True)
class Run:
    """A stretch of one clock, with its date and the sum; still running unless it has `stopped_at`.

    A window runs out by itself and has its end from the beginning: nobody is ever late for it.
    """

    clock: str
    label: str
    kind: str
    started_at: datetime
    due_at: datetime
    first_due_at: datetime
    reasons: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    warn_at: datetime | None = None
    milestones: tuple[tuple[Decimal, datetime], ...] = ()
    stopped_at: datetime | None = None
    ended: Ended | None = None
    paused_at: datetime | None = None


@dataclass
class Running:
    """A clock of a pack while its story is told."""

    rule: Clock
    pack: Pack
    facts: Facts
    beginnings: Beginnings
    since: datetime
    notice: Notice | None = None
    moved: Moved | None = None
    stopped_at: datetime | None = None
    ended: Ended | None = None

    def told(self, spells: list[Pause], standing: Pause | None, *, explained: bool) -> Run | None:
        """`spells` are those that ended, `standing` the one that lasts."""
        stood = self._until_stopped((*spells, *((standing,) if standing and self.stopped_at else ())))
        computed = deadlines.deadline_of(
            self.rule,
            self.pack,
            self.beginnings,
            stood,
            facts=self.facts,
            notice=self.notice,
            explained=explained,
        )
        if computed is None:
            return None
        if self.moved is not None:
            computed = self._put_off(computed, self.moved, stood)
        return self._run(computed, standing)

    def _until_stopped(self, stood: tuple[Pause, ...]) -> tuple[Pause, ...]:
        end = self.stopped_at
        if end is None:
            return stood
        return tuple(replace(pause, end=min(pause.end, end)) for pause in stood if pause.start < end)

    def _put_off(
        self, computed: ComputedDeadline, moved: Moved, stood: tuple[Pause, ...]
    ) -> ComputedDeadline:
        """A date somebody set holds unless the sum itself has come to a later one."""
        if in_utc(moved.until) <= in_utc(computed.due_at):
            return computed
        until = moved.until.astimezone(self.pack.calendar.zone)
        on = words.full_moment(moved.at.astimezone(self.pack.calendar.zone))
        note = f"Moved on {on} to {words.full_moment(until)}: {moved.reason}"
        return deadlines.put_off(computed, until, note, rule=self.rule, pack=self.pack, pauses=stood)

    def _run(self, computed: ComputedDeadline, standing: Pause | None) -> Run:
        stands = standing and not self.stopped_at and standing.state in self.rule.pausable_in
        stopped_at, ended = self.stopped_at, self.ended
        if not self.rule.can_be_missed and (stopped_at is None or stopped_at >= computed.due_at):
            stopped_at, ended = computed.due_at, Ended.RAN_OUT
        return Run(
            clock=computed.clock,
            label=computed.label,
            kind=computed.kind.value if self.rule.can_be_missed else WINDOW,
            started_at=computed.started_at,
            due_at=computed.due_at,
            first_due_at=computed.first_due_at,
            reasons=(*computed.reasons, computed.rule, computed.source),
            steps=computed.steps,
            warn_at=computed.warn_at if self.rule.can_be_missed else None,
            milestones=computed.milestones,
            stopped_at=stopped_at,
            ended=ended,
            paused_at=max(standing.start, in_utc(computed.started_at)) if standing and stands else None,
        )


@dataclass
class Standing:
    """A date of our own while its story is told. It runs whatever we wait for."""

    awaited: Awaited
    since: datetime = field(init=False)
    moved: Moved | None = None
    stopped_at: datetime | None = None
    ended: Ended | None = None

    def __post_init__(self) -> None:
        self.since = self.awaited.at

    def told(self, _spells: list[Pause], _standing: Pause | None, *, explained: bool) -> Run:
        awaited = self.awaited
        until = max(awaited.due_at, self.moved.until) if self.moved else awaited.due_at
        reasons = [awaited.reason, *([f"Moved: {self.moved.reason}"] if self.moved else [])]
        return Run(
            clock=awaited.clock,
            label=awaited.label,
            kind=awaited.kind,
            started_at=awaited.at,
            due_at=until,
            first_due_at=awaited.due_at,
            reasons=tuple(reasons),
            milestones=((ALL, until),) if awaited.kind != AWAITED else (),
            stopped_at=self.stopped_at,
            ended=self.ended,
        )
