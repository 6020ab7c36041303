"""What each date on the way does to a sum."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from complaints.policies import business_days, clock, words
from complaints.policies.almanac import DAY, NOTHING, Span
from complaints.policies.calendars import Calendar, in_utc
from complaints.policies.limits import TIMED, Pause, Unit, standing


class Why(StrEnum):
    START = "start"
    COUNTED = "counted"
    SKIPPED = "skipped"
    PAUSED = "paused"
    END = "end"


class Step(NamedTuple):
    """What one date did to the sum."""

    day: date
    why: Why
    says: str
    notable: bool = True  # belongs in a short answer

    @property
    def text(self) -> str:
        """As a sentence; made only when somebody reads it."""
        if self.why is Why.SKIPPED:
            return f"{words.short_date(self.day)} is {self.says}: skipped."
        if self.notable:
            return self.says
        return f"{words.weekday_date(self.day)}: {self.says}."


def walk(
    begun: datetime,
    ended: datetime,
    unit: Unit,
    calendar: Calendar,
    pauses: tuple[Pause, ...],
    *,
    from_first_day: bool,
) -> Iterator[Step]:
    """Every date of the way."""
    ended = in_utc(ended)
    stood = standing(pauses, begun, ended)
    if unit is Unit.BUSINESS_HOUR:
        return _working_hours(begun, ended, calendar, stood)
    if unit is Unit.BUSINESS_DAY:
        return _business_days(begun, ended, calendar, stood, from_first_day=from_first_day)
    if unit in TIMED:
        return iter(())
    return _dates(begun, ended, calendar, stood, from_first_day=from_first_day)


def _working_hours(begun: datetime, ended: datetime, calendar: Calendar, stood: list[Span]) -> Iterator[Step]:
    day, last = calendar.day_of(begun), calendar.day_of(ended)
    while day <= last:
        closed = calendar.closed_because(day)
        if closed:
            yield _skipped(day, closed, calendar)
        else:
            ran = sum(
                (_ran(opens, closes, begun, ended, stood) for opens, closes in calendar.spans(day)), NOTHING
            )
            if ran:
                yield _counted(day, f"{words.span(ran)} counted", calendar)
            elif _stood_at(calendar.closing(day), stood):
                yield Step(day, Why.PAUSED, "the clock stood", notable=False)
        day += DAY


def _ran(opens: datetime, closes: datetime, begun: datetime, ended: datetime, stood: list[Span]) -> timedelta:
    def shared(since: datetime, until: datetime) -> timedelta:
        return max(min(closes, until, ended) - max(opens, since, begun), NOTHING)

    return shared(begun, ended) - sum((shared(since, until) for since, until in stood), NOTHING)


def _business_days(
    begun: datetime, ended: datetime, calendar: Calendar, stood: list[Span], *, from_first_day: bool
) -> Iterator[Step]:
    last, number = calendar.day_of(ended), 0
    day = business_days.day_one(begun, calendar, from_first_day=from_first_day)
    while day <= last:
        closed = calendar.closed_because(day)
        if closed:
            yield _skipped(day, closed, calendar)
        elif stood and _stood_at(calendar.closing(day), stood):
            yield Step(day, Why.PAUSED, "the clock stood", notable=False)
        else:
            number += 1
            yield _counted(day, f"business day {number}", calendar)
        day += DAY


def _dates(
    begun: datetime, ended: datetime, calendar: Calendar, stood: list[Span], *, from_first_day: bool
) -> Iterator[Step]:
    day, last, number = calendar.day_of(begun), calendar.day_of(ended), 0
    if not from_first_day:
        day += DAY
    while day <= last:
        if stood and _stood_at(calendar.day_start(day + DAY), stood):
            yield Step(day, Why.PAUSED, "the clock stood", notable=False)
        else:
            number += 1
            yield Step(day, Why.COUNTED, f"day {number}", notable=False)
        day += DAY


def _stood_at(close: datetime | None, stood: list[Span]) -> bool:
    return close is not None and any(since < close <= until for since, until in stood)


def _counted(day: date, says: str, calendar: Calendar) -> Step:
    opened_for = calendar.opened_for(day)
    if opened_for:
        return Step(day, Why.COUNTED, f"{words.short_date(day)} is open ({opened_for}): {says}.")
    return Step(day, Why.COUNTED, says, notable=False)


def _skipped(day: date, closed: str, calendar: Calendar) -> Step:
    """Holidays are worth a word in the short answer, ordinary weekends are not."""
    return Step(day, Why.SKIPPED, closed, notable=bool(calendar.week[day.weekday()]))


def pauses_taken(
    begun: datetime,
    ended: datetime,
    unit: Unit,
    calendar: Calendar,
    pauses: tuple[Pause, ...],
    *,
    from_first_day: bool,
) -> Iterator[Step]:
    if not pauses:
        return
    counts_from = _counts_from(begun, unit, calendar, from_first_day=from_first_day)
    for pause in sorted(pauses, key=lambda pause: pause.start):
        since, until = max(in_utc(pause.start), begun), min(in_utc(pause.end), in_utc(ended))
        if since >= until:
            continue
        since, until = since.astimezone(calendar.zone), until.astimezone(calendar.zone)
        why = f" ({pause.reason})" if pause.reason else ""
        cost = _cost(max(since, counts_from), max(until, counts_from), unit, calendar)
        text = f"Paused from {words.weekday_moment(since)} to {words.weekday_moment(until)}{why}: {cost}."
        yield Step(since.date(), Why.PAUSED, text)


def _counts_from(begun: datetime, unit: Unit, calendar: Calendar, *, from_first_day: bool) -> datetime:
    """A pause takes out no day that would not have counted: that of the start seldom does."""
    if unit in TIMED:
        return begun.astimezone(calendar.zone)
    if unit is Unit.BUSINESS_DAY:
        first = business_days.day_one(begun, calendar, from_first_day=from_first_day)
    else:
        first = calendar.day_of(begun) + (NOTHING if from_first_day else DAY)
    return calendar.day_start(first).astimezone(calendar.zone)


def _cost(since: datetime, until: datetime, unit: Unit, calendar: Calendar) -> str:
    stood = [(in_utc(since), in_utc(until))]
    if unit in TIMED:
        return f"{words.span(clock.run_time(*stood[0], unit, calendar, []))} not counted"
    if unit is Unit.BUSINESS_DAY:
        days, noun = business_days.stood_at_close(*stood[0], calendar), "business day"
    else:
        days, noun = (until.date() - since.date()).days, "day"
    return f"{words.plural(days, noun)} not counted" if days else f"no {noun} lost by it"
