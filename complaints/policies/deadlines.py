"""Every deadline a pack sets for one complaint, each with its reasons."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from complaints.policies import business_days, clock, extending
from complaints.policies.calendars import Calendar, in_utc
from complaints.policies.extending import Notice
from complaints.policies.facts import NOTHING_SPECIAL, Facts
from complaints.policies.limits import Limit, Pause, StartRule, Unit, standing
from complaints.policies.reckoning import Reckoning
from complaints.policies.schema import Clock, ClockKind, OnExpiry, Pack
from complaints.policies.sources import Status
from complaints.policies.steps import Step, Why

WORKED = frozenset({Unit.BUSINESS_HOUR, Unit.BUSINESS_DAY})
VERBS = {
    StartRule.RECEIVED: "Received",
    StartRule.NEXT_BUSINESS_DAY: "Counted from the business day after receipt,",
    StartRule.ACKNOWLEDGED: "Acknowledged",
    StartRule.LAST_MESSAGE: "Last message to the customer",
    StartRule.EXTERNAL: "Counted from",
    StartRule.ANSWERED: "Answered",
    StartRule.STAGE_REQUESTED: "Next stage asked for",
    StartRule.STAGE_ACKNOWLEDGED: "Next stage acknowledged",
}


class Moments(TypedDict, total=False):
    """The moments, beside the receipt, that clocks may start from."""

    acknowledged_at: datetime | None
    last_message_at: datetime | None
    external_at: datetime | None
    answered_at: datetime | None
    stage_requested_at: datetime | None
    stage_acknowledged_at: datetime | None


@dataclass(frozen=True)
class Beginnings:
    """The moments clocks may start from; those that have not come yet are left out."""

    received_at: datetime
    acknowledged_at: datetime | None = None
    last_message_at: datetime | None = None
    external_at: datetime | None = None
    answered_at: datetime | None = None
    stage_requested_at: datetime | None = None
    stage_acknowledged_at: datetime | None = None


@dataclass(frozen=True)
class ComputedDeadline:
    clock: str
    label: str
    kind: ClockKind
    started_at: datetime
    warn_at: datetime  # the last of the warnings
    due_at: datetime
    rule: str
    source: str
    steps: tuple[Step, ...]  # the whole sum, day by day
    status: Status
    on_expiry: OnExpiry
    warnings: tuple[datetime, ...]
    first_due_at: datetime  # before an extension
    milestones: tuple[tuple[Decimal, datetime], ...]  # each part of which somebody hears, and its moment

    @property
    def reasons(self) -> tuple[str, ...]:
        """The short answer to "why this date?"."""
        return tuple(step.text for step in self.steps if step.notable)

    @property
    def extended(self) -> bool:
        return self.due_at != self.first_due_at


def deadlines_for(
    pack: Pack,
    received_at: datetime,
    *,
    facts: Facts = NOTHING_SPECIAL,
    pauses: Iterable[Pause] = (),
    notices: Iterable[Notice] = (),
    windows: bool = False,
    explained: bool = True,
    **moments: Unpack[Moments],
) -> tuple[ComputedDeadline, ...]:
    """The deadline of each clock that has started, soonest first. Thousands at once go faster unexplained.

    Each clock takes of the pauses those whose `state` it may be paused in; a statutory clock takes none.
    Stopping clocks is the caller's: a deadline is computed for a clock that has stopped as well.
    A window that merely ends cannot be missed and is left out unless asked for.

    Nothing here depends on what the facts were before: a clock that new facts call for starts where its rule
    says, so the time already used is used.
    """
    beginnings = Beginnings(received_at, **moments)
    pauses, noticed = tuple(pauses), extending.by_clock(notices, pack)
    facts = pack.situated(facts)
    computed = (
        deadline_of(
            one, pack, beginnings, pauses, facts=facts, notice=noticed.get(one.code), explained=explained
        )
        for one in pack.clocks_for(facts)
        if windows or one.can_be_missed
    )
    return tuple(sorted((one for one in computed if one), key=lambda one: in_utc(one.due_at)))


def deadline_of(
    rule: Clock,
    pack: Pack,
    beginnings: Beginnings,
    pauses: Iterable[Pause] = (),
    *,
    facts: Facts = NOTHING_SPECIAL,
    notice: Notice | None = None,
    explained: bool = True,
) -> ComputedDeadline | None:
    """The deadline of one clock, or nothing when what starts it has not happened. Conditions are the caller's."""
    start = started(rule.start, beginnings, pack.calendar)
    if start is None:
        return None
    stood = tuple(pause for pause in pauses if pause.state in rule.pausable_in)
    reckoning = Reckoning(rule, start, pack.calendar, stood, facts)
    due = reckoning.due(notice)
    passed = {
        part: part_used(part, start, due.due_at, due.limit, pack.calendar, stood)
        for part in {*pack.warn_at(rule), *pack.milestones(rule)}
    }
    warnings = tuple(passed[part] for part in pack.warn_at(rule))
    return ComputedDeadline(
        clock=rule.code,
        label=rule.label,
        kind=rule.kind,
        started_at=start,
        warn_at=warnings[-1],
        due_at=due.due_at,
        rule=rule.rule,
        source=rule.source,
        steps=reckoning.steps(due, verb=_verb(rule.start, beginnings)) if explained else (),
        status=rule.status,
        on_expiry=rule.on_expiry,
        warnings=warnings,
        first_due_at=due.first_due_at,
        milestones=tuple((part, passed[part]) for part in pack.milestones(rule)),
    )


def put_off(
    computed: ComputedDeadline,
    until: datetime,
    note: str,
    *,
    rule: Clock,
    pack: Pack,
    pauses: Iterable[Pause] = (),
) -> ComputedDeadline:
    """The same deadline at a later moment that somebody set, its warnings moved along."""
    stood = tuple(pause for pause in pauses if pause.state in rule.pausable_in)
    passed = {
        part: part_used(part, computed.started_at, until, rule.limit, pack.calendar, stood)
        for part in {*pack.warn_at(rule), *pack.milestones(rule)}
    }
    warnings = tuple(passed[part] for part in pack.warn_at(rule))
    return replace(
        computed,
        due_at=until,
        steps=(*computed.steps, Step(pack.calendar.day_of(in_utc(until)), Why.END, note)),
        warn_at=warnings[-1],
        warnings=warnings,
        milestones=tuple((part, passed[part]) for part in pack.milestones(rule)),
    )


def started(rule: StartRule, beginnings: Beginnings, calendar: Calendar) -> datetime | None:
    """When a clock with this start rule begins to run."""
    received = in_utc(beginnings.received_at)
    if rule is StartRule.NEXT_BUSINESS_DAY:
        counted_as = business_days.counted_as(received, calendar)
        return calendar.periods(calendar.next_business_day(counted_as))[0][0]
    moments = {
        StartRule.RECEIVED: received,
        StartRule.ACKNOWLEDGED: beginnings.acknowledged_at,
        StartRule.LAST_MESSAGE: beginnings.last_message_at or received,
        StartRule.EXTERNAL: beginnings.external_at,
        StartRule.ANSWERED: beginnings.answered_at,
        StartRule.STAGE_REQUESTED: beginnings.stage_requested_at,
        StartRule.STAGE_ACKNOWLEDGED: beginnings.stage_acknowledged_at,
    }
    moment = moments[rule]
    return in_utc(moment).astimezone(calendar.zone) if moment else None


def part_used(
    part: Decimal,
    start: datetime,
    due_at: datetime,
    limit: Limit,
    calendar: Calendar,
    pauses: tuple[Pause, ...] = (),
) -> datetime:
    """The moment at which this part of the time is used up: of working time where business is counted."""
    if part == 1:
        return due_at
    unit = Unit.BUSINESS_HOUR if limit.unit in WORKED else Unit.HOUR
    begun, ended = in_utc(start), in_utc(due_at)
    stood = standing(pauses, begun, ended)
    ran = clock.run_time(begun, ended, unit, calendar, stood)
    return clock.measured(begun, ran * float(part), unit, calendar, stood)


def _verb(rule: StartRule, beginnings: Beginnings) -> str:
    if rule is StartRule.LAST_MESSAGE and beginnings.last_message_at is None:
        return VERBS[StartRule.RECEIVED]
    return VERBS[rule]
