"""The working periods of whole years laid end to end, so that any sum is two bisections."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from complaints.policies.periods import Period

DAY = timedelta(days=1)
NOTHING = timedelta(0)
FIRST_YEAR, LAST_YEAR = 1900, 2199
Span = tuple[datetime, datetime]


@dataclass(slots=True)
class Almanac:
    """Never changed once laid out: a longer one replaces it. All moments are UTC."""

    begins: datetime
    ends: datetime
    opens: list[datetime] = field(default_factory=list)
    closes: list[datetime] = field(default_factory=list)
    before: list[timedelta] = field(default_factory=list)  # working time before each period
    total: timedelta = NOTHING
    days: list[date] = field(default_factory=list)  # business days
    day_closes: list[datetime] = field(default_factory=list)  # the close of each of them

    def worked_until(self, moment: datetime) -> timedelta:
        here = bisect_right(self.closes, moment)  # the first period that is not over
        if here == len(self.closes):
            return self.total
        opened = self.opens[here]
        return self.before[here] + (moment - opened) if moment > opened else self.before[here]

    def moment_of(self, worked: timedelta) -> datetime:
        """The first moment at which so much has been worked; `worked` is above nothing, within the total."""
        here = bisect_left(self.before, worked) - 1
        return self.opens[here] + (worked - self.before[here])

    def add_day(self, day: date, spans: list[Span]) -> None:
        for opens, closes in spans:
            self.opens.append(opens)
            self.closes.append(closes)
            self.before.append(self.total)
            self.total += closes - opens
        if spans:
            self.days.append(day)
            self.day_closes.append(spans[-1][1])


def lay_out(hours_on: Callable[[date], tuple[Period, ...]], zone: ZoneInfo, first: int, last: int) -> Almanac:
    day, end = date(first, 1, 1), date(last + 1, 1, 1)
    start = day_start(day, zone)
    almanac = Almanac(begins=start, ends=day_start(end, zone))
    while day < end:
        tomorrow = day + DAY
        next_start = day_start(tomorrow, zone)
        periods = hours_on(day)
        if periods:
            almanac.add_day(day, spans_of(day, periods, start, next_start, zone))
        day, start = tomorrow, next_start
    return almanac


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """The first moment whose date in the zone is this one or later, also where midnight does not exist."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def spans_of(
    day: date, periods: tuple[Period, ...], start: datetime, end: datetime, zone: ZoneInfo
) -> list[Span]:
    if end - start == DAY:
        return [(start + period.opens_after, start + period.closes_after) for period in periods]
    return _spans_by_the_wall(day, periods, start, end, zone)


def _spans_by_the_wall(
    day: date, periods: tuple[Period, ...], start: datetime, end: datetime, zone: ZoneInfo
) -> list[Span]:
    """On a day of clock change a moment is working time when the clock on the wall says so.

    An hour that is skipped is worked by nobody; an hour that comes twice is worked twice.
    """
    spans: list[Span] = []
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    for since, until in _stretches(start, end, zone):
        ahead = _offset(since, zone)
        for period in periods:
            opens = max(midnight + period.opens_after - ahead, since)
            closes = min(midnight + period.closes_after - ahead, until)
            if opens < closes:
                spans.append((opens, closes))
    return list(joined(spans))


def joined(spans: list[Span]) -> Iterator[Span]:
    """Spans that touch or overlap made one, in order of time."""
    kept: Span | None = None
    for opens, closes in sorted(spans):
        if kept is None:
            kept = (opens, closes)
        elif opens <= kept[1]:
            kept = (kept[0], max(kept[1], closes))
        else:
            yield kept
            kept = (opens, closes)
    if kept is not None:
        yield kept


def _stretches(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[Span]:
    """The day cut where the zone changes its offset."""
    if start >= end:  # a date the zone left out altogether, as Samoa did in 2011
        return
    change = _change(start, end, zone)
    if change is None:
        yield start, end
    else:
        yield start, change
        yield change, end


def _change(start: datetime, end: datetime, zone: ZoneInfo) -> datetime | None:
    second = timedelta(seconds=1)
    old = _offset(start, zone)
    if _offset(end - second, zone) == old:
        return None
    low, high = start, end - second
    while high - low > second:
        middle = low + (high - low) // second // 2 * second
        low, high = (middle, high) if _offset(middle, zone) == old else (low, middle)
    return high


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or NOTHING
