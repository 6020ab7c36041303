"""The same sums as `clock`, done day by day on paper, so that each step can be shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from complaints.policies import business_days, clock, steps, words
from complaints.policies.calendars import Calendar, in_utc
from complaints.policies.limits import TIMED, Limit, Pause, Unit
from complaints.policies.steps import Step, Why


@dataclass(frozen=True)
class Sum:
    """A moment and how it comes about."""

    moment: datetime
    steps: tuple[Step, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """The short answer to "why this date?": the start, what was skipped and why, the pauses, the end."""
        return tuple(step.text for step in self.steps if step.notable)


@dataclass(frozen=True)
class Tally:
    """An amount of time used up and how it comes about."""

    amount: Fraction
    unit: Unit
    steps: tuple[Step, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        return tuple(step.text for step in self.steps if step.notable)


def due_explained(
    start: datetime, limit: Limit, calendar: Calendar, pauses: Iterable[Pause] = (), *, verb: str = "Started"
) -> Sum:
    """`clock.due` with its steps. The verb opens the first sentence: "Received Friday 18 Dec …"."""
    pauses = tuple(pauses)
    begun = in_utc(start)
    moment = clock.due(start, limit, calendar, pauses)
    shown = (
        _opening(begun, calendar, limit.unit, verb, from_first_day=limit.from_first_day),
        *steps.walk(begun, moment, limit.unit, calendar, pauses, from_first_day=limit.from_first_day),
        *steps.pauses_taken(begun, moment, limit.unit, calendar, pauses, from_first_day=limit.from_first_day),
        Step(calendar.day_of(moment), Why.END, f"{limit}: due {words.full_moment(moment)}."),
    )
    return Sum(moment, shown)


def elapsed_explained(
    start: datetime,
    end: datetime,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
    *,
    unit: Unit = Unit.BUSINESS_HOUR,
    from_first_day: bool = False,
    verb: str = "Started",
) -> Tally:
    pauses = tuple(pauses)
    begun, ended = in_utc(start), max(in_utc(end), in_utc(start))
    amount = clock.elapsed(start, end, calendar, pauses, unit=unit, from_first_day=from_first_day)
    until = ended.astimezone(calendar.zone)
    shown = (
        _opening(begun, calendar, unit, verb, from_first_day=from_first_day),
        *steps.walk(begun, ended, unit, calendar, pauses, from_first_day=from_first_day),
        *steps.pauses_taken(begun, ended, unit, calendar, pauses, from_first_day=from_first_day),
        Step(until.date(), Why.END, f"By {words.full_moment(until)}: {_amount(amount, unit)} used."),
    )
    return Tally(amount, unit, shown)


def _opening(begun: datetime, calendar: Calendar, unit: Unit, verb: str, *, from_first_day: bool) -> Step:
    here = begun.astimezone(calendar.zone)
    said = f"{verb} {words.full_moment(here)}"
    if unit is Unit.BUSINESS_DAY and not from_first_day:
        counted_as = business_days.counted_as(begun, calendar)
        if counted_as != here.date():
            said += f", {_outside(here, calendar)}: counts as {words.weekday_date(counted_as)}"
    elif unit is Unit.BUSINESS_HOUR and not calendar.is_open(begun):
        said += (
            f", {_outside(here, calendar)}: counts from {words.weekday_moment(calendar.next_opening(begun))}"
        )
    return Step(here.date(), Why.START, said + ".")


def _outside(here: datetime, calendar: Calendar) -> str:
    if not calendar.is_business_day(here.date()):
        return calendar.holiday_on(here.date()) or "not a working day"
    closing = calendar.closing(here.date())
    if closing and here >= closing:
        return "after closing"
    return "before opening" if here < calendar.periods(here.date())[0][0] else "between working hours"


def _amount(amount: Fraction, unit: Unit) -> str:
    if unit in TIMED:
        return words.span(timedelta(seconds=float(amount * int(TIMED[unit].total_seconds()))))
    number = str(amount) if amount.denominator == 1 else f"{float(amount):.1f}"
    return words.plural(number, unit.replace("_", " ")) if number != "1" else f"1 {unit.replace('_', ' ')}"
