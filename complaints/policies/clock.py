"""When a limit falls due, and how much of it is used up.

Two ways of counting:

Minutes, hours and business hours are measured. A minute is a minute: across a change of the clocks real time
counts, and business hours are those in which the wall clock says the firm is open. A pause takes out exactly
what it covers.

Days, business days, weeks and months are counted by dates. The day of the start is day nought and the limit
ends on the Nth day after it (Regulation (EEC) 1182/71, art. 3(1); so too FCA DISP 1.5.1 R with its third
business day following the day of receipt, and DISP 1.6.2A R). A day counts when the clock ran at its end:
a pause that covers the close of business (for other days: midnight) takes that day out, one that begins and
ends between two of them takes out none. Months are clipped to the end of the month: 31 January and a month is
28 or 29 February. Only business days step over weekends and holidays; a limit in weeks may end on a Sunday.

A start outside business counts for business days as the calendar's `after_hours` says (FCA DISP 1.5.3 G).

A longer pause never makes a date earlier, and `elapsed(start, due(start, limit))` is `limit.n`, except where
a limit in days is pulled back to the close of business before a day on which nobody works.
"""

from calendar import monthrange
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

from complaints.policies import business_days
from complaints.policies.almanac import DAY, NOTHING, Span
from complaints.policies.calendars import Calendar, in_utc
from complaints.policies.limits import TIMED, FallsDue, Limit, Pause, Unit, standing

MONTHS_A_YEAR = 12
DAYS_A_WEEK = 7
BUSINESS_HOUR = Unit.BUSINESS_HOUR  # looked up once: millions of sums ask for it


def due(start: datetime, limit: Limit, calendar: Calendar, pauses: Iterable[Pause] = ()) -> datetime:
    """The moment, in the calendar's zone, at which the limit is used up."""
    if limit.unit is BUSINESS_HOUR and not pauses:
        return calendar.after_working(start, limit.span)
    begun = in_utc(start)
    stood = standing(pauses, begun)
    if limit.unit in TIMED:
        return measured(begun, limit.span, limit.unit, calendar, stood)
    if limit.unit is Unit.BUSINESS_DAY:
        day, close = business_days.last_day(begun, limit, calendar, stood)
        return close if limit.ends is FallsDue.CLOSE_OF_BUSINESS else calendar.day_end(day)
    return _end_of(last_date(begun, limit, calendar, stood), begun, limit, calendar, stood)


def elapsed(
    start: datetime,
    end: datetime,
    calendar: Calendar,
    pauses: Iterable[Pause] = (),
    *,
    unit: Unit = Unit.BUSINESS_HOUR,
    from_first_day: bool = False,
) -> Fraction:
    """How many units are used up: exact for hours, dates passed for days and months, sevenths for weeks.

    Nothing when the end is not after the start.
    """
    begun, ended = in_utc(start), in_utc(end)
    if ended <= begun:
        return Fraction(0)
    stood = standing(pauses, begun, ended)
    if unit in TIMED:
        return Fraction(run_time(begun, ended, unit, calendar, stood) / timedelta.resolution) / (
            TIMED[unit] // timedelta.resolution
        )
    if unit is Unit.BUSINESS_DAY:
        return Fraction(business_days.passed(begun, ended, calendar, stood, from_first_day=from_first_day))
    return _dates_elapsed(begun, ended, calendar, stood, unit, from_first_day=from_first_day)


def run_time(
    begun: datetime, ended: datetime, unit: Unit, calendar: Calendar, stood: list[Span]
) -> timedelta:
    """Working time for business hours, real time for the others, without the pauses."""
    if unit is Unit.BUSINESS_HOUR:
        gone = sum((calendar.working_time(since, until) for since, until in stood), NOTHING)
        return calendar.working_time(begun, ended) - gone
    return ended - begun - sum((until - since for since, until in stood), NOTHING)


def measured(begun: datetime, span: timedelta, unit: Unit, calendar: Calendar, stood: list[Span]) -> datetime:
    """The moment by which the clock has run so long."""
    left, here = span, begun
    for since, until in stood:
        ran = run_time(here, since, unit, calendar, [])
        if left <= ran:
            break
        left, here = left - ran, until
    if unit is BUSINESS_HOUR:
        return calendar.after_working(here, left)
    return (here + left).astimezone(calendar.zone)


def last_date(begun: datetime, limit: Limit, calendar: Calendar, stood: list[Span]) -> date:
    """The Nth date that counts."""
    first = calendar.day_of(begun)
    last = _plain_last_date(first, limit)
    if limit.from_first_day:
        first, last = first - DAY, last - DAY
    for since, until in stood:
        out_from, out_to = _dates_out(since, until, calendar)
        out_from = max(out_from, first + DAY)
        if out_from <= last and out_from < out_to:
            last += out_to - out_from
    return last


def _plain_last_date(first: date, limit: Limit) -> date:
    if limit.unit is Unit.MONTH:
        return months_after(first, int(limit.n))
    return first + int(limit.n) * (DAYS_A_WEEK if limit.unit is Unit.WEEK else 1) * DAY


def months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, MONTHS_A_YEAR)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _dates_out(since: datetime, until: datetime, calendar: Calendar) -> tuple[date, date]:
    """The dates, up to but without the second, at whose midnight the clock stood."""
    return calendar.day_of(since), calendar.day_of(until)


def _dates_elapsed(
    begun: datetime,
    ended: datetime,
    calendar: Calendar,
    stood: list[Span],
    unit: Unit,
    *,
    from_first_day: bool,
) -> Fraction:
    first, last = calendar.day_of(begun), calendar.day_of(ended)
    nought = first - DAY if from_first_day else first
    days = (last - nought).days
    for since, until in stood:
        out_from, out_to = _dates_out(since, until, calendar)
        days -= max((out_to - max(out_from, nought + DAY)).days, 0)
    if unit is Unit.MONTH:
        return Fraction(_whole_months(first, nought + days * DAY + (first - nought)))
    return Fraction(days, DAYS_A_WEEK if unit is Unit.WEEK else 1)


def _whole_months(first: date, last: date) -> int:
    months = (last.year - first.year) * MONTHS_A_YEAR + last.month - first.month
    return months if months_after(first, months) <= last else months - 1


def _end_of(day: date, begun: datetime, limit: Limit, calendar: Calendar, stood: list[Span]) -> datetime:
    if limit.ends is FallsDue.END_OF_DAY:
        return calendar.day_end(day)
    if limit.ends is FallsDue.CLOSE_OF_BUSINESS:
        return business_days.close_by(day, begun, calendar)
    started = begun.astimezone(calendar.zone)
    at = datetime.combine(day, time(started.hour, started.minute, started.second, started.microsecond))
    moment = at.replace(tzinfo=calendar.zone, fold=started.fold).astimezone(UTC)
    for since, until in stood:  # nothing falls due while the clock stands
        if since < moment < until:
            moment = until
    return moment.astimezone(calendar.zone)
