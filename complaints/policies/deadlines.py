"""Every deadline a pack sets for one complaint, each with its reasons."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from complaints.policies import business_days, clock
from complaints.policies.calendars import Calendar, in_utc
from complaints.policies.explanation import due_explained
from complaints.policies.limits import TIMED, Limit, Pause, StartRule, Unit, standing
from complaints.policies.schema import Clock, ClockKind, Pack

WORKED = frozenset({Unit.BUSINESS_HOUR, Unit.BUSINESS_DAY})
VERBS = {
    StartRule.RECEIVED: "Received",
    StartRule.NEXT_BUSINESS_DAY: "Counted from the business day after receipt,",
    StartRule.ACKNOWLEDGED: "Acknowledged",
    StartRule.LAST_MESSAGE: "Last message to the customer",
    StartRule.EXTERNAL: "Counted from",
}


@dataclass(frozen=True)
class Beginnings:
    """The moments clocks may start from; those that have not come yet are left out."""

    received_at: datetime
    acknowledged_at: datetime | None = None
    last_message_at: datetime | None = None
    external_at: datetime | None = None


@dataclass(frozen=True)
class ComputedDeadline:
    clock: str
    label: str
    kind: ClockKind
    started_at: datetime
    warn_at: datetime
    due_at: datetime
    rule: str
    source: str
    reasons: tuple[str, ...]


def deadlines_for(
    pack: Pack,
    received_at: datetime,
    *,
    acknowledged_at: datetime | None = None,
    last_message_at: datetime | None = None,
    external_at: datetime | None = None,
    pauses: Iterable[Pause] = (),
    explained: bool = True,
) -> tuple[ComputedDeadline, ...]:
    """The deadline of each clock that has started, soonest first. Thousands at once go faster unexplained.

    Each clock takes of the pauses those whose `state` it may be paused in; a statutory clock takes none.
    Stopping clocks is the caller's: a deadline is computed for a clock that has stopped as well.
    """
    beginnings = Beginnings(received_at, acknowledged_at, last_message_at, external_at)
    pauses = tuple(pauses)
    computed = (deadline_of(one, pack, beginnings, pauses, explained=explained) for one in pack.clocks)
    return tuple(sorted((one for one in computed if one), key=lambda one: in_utc(one.due_at)))


def deadline_of(
    rule: Clock,
    pack: Pack,
    beginnings: Beginnings,
    pauses: Iterable[Pause] = (),
    *,
    explained: bool = True,
) -> ComputedDeadline | None:
    """The deadline of one clock, or nothing when what starts it has not happened."""
    start = started(rule.start, beginnings, pack.calendar)
    if start is None:
        return None
    limit = _from_first_day(rule)
    stood = tuple(pause for pause in pauses if pause.state in rule.pausable_in)
    due_at = clock.due(start, limit, pack.calendar, stood)
    warn_at = part_used(pack.escalation.about_to_be_overdue_at, start, due_at, limit, pack.calendar, stood)
    reasons: tuple[str, ...] = ()
    if explained:
        verb = _verb(rule.start, beginnings)
        reasons = due_explained(start, limit, pack.calendar, stood, verb=verb).reasons
    return ComputedDeadline(
        clock=rule.code,
        label=rule.label,
        kind=rule.kind,
        started_at=start,
        warn_at=warn_at,
        due_at=due_at,
        rule=rule.rule,
        source=rule.source,
        reasons=reasons,
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
    unit = Unit.BUSINESS_HOUR if limit.unit in WORKED else Unit.HOUR
    begun, ended = in_utc(start), in_utc(due_at)
    stood = standing(pauses, begun, ended)
    ran = clock.run_time(begun, ended, unit, calendar, stood)
    return clock.measured(begun, ran * float(part), unit, calendar, stood)


def _from_first_day(rule: Clock) -> Limit:
    """A clock that starts the business day after receipt has that day as day one."""
    if rule.start is StartRule.NEXT_BUSINESS_DAY and rule.limit.unit not in TIMED:
        return replace(rule.limit, from_first_day=True)
    return rule.limit


def _verb(rule: StartRule, beginnings: Beginnings) -> str:
    if rule is StartRule.LAST_MESSAGE and beginnings.last_message_at is None:
        return VERBS[StartRule.RECEIVED]
    return VERBS[rule]
