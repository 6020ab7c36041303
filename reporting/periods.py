"""From when to when. Days and months are the firm's own, wherever the reader and the server are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format

CUSTOM = "custom"
DAY = timedelta(days=1)
MONTHS = 12


def zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, the first and the last included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first moment that no longer belongs to it."""
        return _midnight(self.last + DAY)

    def bounds(self, field: str) -> dict[str, datetime]:
        """That this field lies within it, as a query says it."""
        return {f"{field}__gte": self.start, f"{field}__lt": self.end}

    @property
    def label(self) -> str:
        if self.first == self.last:
            return date_format(self.first, "j F Y")
        if self.first == _first_of(self.first) and self.last == _last_of(self.first):
            return date_format(self.first, "F Y")
        return f"{date_format(self.first, 'j F Y')} to {date_format(self.last, 'j F Y')}"

    def months(self) -> Iterator["Period"]:
        """Its months in turn, the first and the last cut where it begins and ends."""
        begins = _first_of(self.first)
        while begins <= self.last:
            yield Period(max(begins, self.first), min(_last_of(begins), self.last))
            begins = _last_of(begins) + DAY


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=zone())


def _first_of(day: date) -> date:
    return day.replace(day=1)


def _last_of(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - DAY


def _quarter(today: date) -> date:
    return today.replace(month=3 * ((today.month - 1) // 3) + 1, day=1)


def _this_month(today: date) -> Period:
    return Period(_first_of(today), _last_of(today))


def _last_month(today: date) -> Period:
    before = _first_of(today) - DAY
    return Period(_first_of(before), before)


def _this_quarter(today: date) -> Period:
    begins = _quarter(today)
    return Period(begins, _last_of(begins.replace(month=begins.month + 2)))


def _last_quarter(today: date) -> Period:
    before = _quarter(today) - DAY
    return Period(_quarter(before), before)


def _this_year(today: date) -> Period:
    return Period(date(today.year, 1, 1), date(today.year, 12, 31))


def _last_year(today: date) -> Period:
    return Period(date(today.year - 1, 1, 1), date(today.year - 1, 12, 31))


def _twelve_months(today: date) -> Period:
    """This month and the eleven before it."""
    months = today.year * MONTHS + today.month - MONTHS
    return Period(date(months // MONTHS, months % MONTHS + 1, 1), _last_of(today))


#: What can be chosen by name; by dates beside them.
NAMED: dict[str, tuple[str, Callable[[date], Period]]] = {
    "month": ("This month", _this_month),
    "last-month": ("Last month", _last_month),
    "quarter": ("This quarter", _this_quarter),
    "last-quarter": ("Last quarter", _last_quarter),
    "year": ("This year", _this_year),
    "last-year": ("Last year", _last_year),
    "12-months": ("Last 12 months", _twelve_months),
}
CHOICES = [*((code, title) for code, (title, _) in NAMED.items()), (CUSTOM, "From – to")]


def named(code: str, now: datetime) -> Period:
    return NAMED[code][1](now.astimezone(zone()).date())
