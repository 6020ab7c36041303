"""One date as somebody wrote it: what is on the paper, before anybody decides what order it is in."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final

from complaints.intake.reading.exceptions import BadDate
from complaints.intake.reading.months import month_named

FIXED: Final = ""  # the shape of a date that can be read in one way only
LONGEST: Final = 80  # nobody needs more to write a date
EARLIEST: Final = 1970  # older “complaints” are spreadsheets' zero dates
# A one-digit year does not exist, so a single last digit is a day.
_ORDERS: Final = {"1": ("ymd",), "2": ("dmy", "mdy", "ymd"), "4": ("dmy", "mdy")}
_PIVOT: Final = 69  # two-digit years from here on belong to the last century, as in POSIX
_COMMON_ERA_DIGITS: Final = 4

_REST = r"(?:(?:[Tt]|[ ,]+(?:at |um |à )?)(?P<clock>\S.*))?$"
_NUMERIC = re.compile(r"(\d{1,4})\s?([-/. ])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{1,2})\.?" + _REST)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[Tt](?P<clock>\d.*))?$")
_CJK = re.compile(r"(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]?(?:\s*(?P<clock>\d.*))?$")
_WEEKDAY = r"(?:[^\W\d_]{2,}\.?,?\s+)?"
_DAY_FIRST = re.compile(
    _WEEKDAY
    + r"(\d{1,2})(?:st|nd|rd|th|er|[.º°])?[-/\s]*(?:de |of )?([^\W\d_]{3,})\.?,?[-/\s]*(?:de |del )?(\d{4}|\d\d)"
    + _REST
)
_MONTH_FIRST = re.compile(
    r"(?:[^\W\d_]{2,}\.?,?\s+)??([^\W\d_]{3,})\.?[-/\s]+(\d{1,2})(?:st|nd|rd|th)?[-/,\s]+(\d{4}|\d\d)" + _REST
)
_YEAR_FIRST = re.compile(r"(\d{4})[-/.\s]+([^\W\d_]{3,})\.?[-/\s]+(\d{1,2})" + _REST)
_CLOCK = re.compile(
    r"(\d{1,2})(?:[:.h](\d\d)(?:[:.](\d\d)(?:[.,](\d{1,9}))?)?)?\s*(?:uhr|h)?\s*([ap])?\.?\s?(?:m\.?)?\s*"
    r"(z|[a-z]{3}|[+-]\d\d(?::?\d\d)?)?$",
    re.IGNORECASE,
)
_COMPACT_CLOCK = re.compile(r"^(\d\d)(\d\d)(\d\d)?(?=$|z|[+-])", re.IGNORECASE)
# The zones RFC 5322 defines by name; any other abbreviation means different things in different places.
_ZONES: Mapping[str, tzinfo] = {"Z": UTC, "UTC": UTC, "GMT": UTC} | {
    name: timezone(timedelta(hours=hours))
    for name, hours in {
        "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7, "CET": 1,
    }.items()
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """`shape` is the separator and the width of the last part (`/4`); the parts of a FIXED one are year, month, day."""

    shape: str
    parts: tuple[int, int, int]
    clock: time | None = None


@lru_cache(maxsize=4096)
def written(raw: str) -> Written:
    text = raw.strip()
    if len(text) > LONGEST:
        raise BadDate(f"“{raw[:40]}…” is too long for a date")
    for pattern, reader in _READERS:
        match = pattern.match(text)
        if match and (found := reader(match)):
            clock = match["clock"]
            return Written(*found, clock=clock_time(clock) if clock else None)
    raise BadDate(f"“{raw[:40]}” is not a date")


def orders_of(shape: str) -> tuple[str, ...]:
    if shape == FIXED:
        return ("ymd",)
    return _ORDERS[shape[-1]]


def day_of(found: Written, order: str) -> date:
    """Raises BadDate where the calendar has no such day or no complaint can be that old."""
    by_letter = dict(zip("ymd" if found.shape == FIXED else order, found.parts, strict=True))
    year = by_letter["y"]
    if found.shape[-1:] in {"1", "2"}:
        year += 1900 if year >= _PIVOT else 2000
    try:
        day = date(year, by_letter["m"], by_letter["d"])
    except ValueError:
        raise BadDate("there is no such day") from None
    if day.year < EARLIEST:
        raise BadDate(f"the year {day.year} is too long ago to be believed")
    return day


def clock_time(raw: str) -> time:
    """`3:53:50 PM`, `15:53`, `05:03:37.000Z`, `15.53 Uhr`. With a zone only where one is written."""
    text = _COMPACT_CLOCK.sub(lambda m: ":".join(part for part in m.groups() if part), raw.strip()[:LONGEST])
    match = _CLOCK.match(text)
    if not match or not (match[2] or match[5]):
        raise BadDate(f"“{raw[:40]}” is not a time")
    hour, minute, second = (int(match[group] or 0) for group in (1, 2, 3))
    try:
        return time(
            _of_24(hour, match[5]),
            minute,
            second,
            int((match[4] or "0").ljust(6, "0")[:6]),
            tzinfo=_zone(match[6]),
        )
    except ValueError:
        raise BadDate(f"“{raw[:40]}” is not a time of day") from None


def moment(day: date, clock: time | None, zone: tzinfo) -> datetime:
    """A zone that was written keeps its moment; without one it is the firm's; without a time it is midnight."""
    at = clock or time()
    return datetime.combine(day, at, tzinfo=at.tzinfo or zone)


def _of_24(hour: int, half: str | None) -> int:
    if half is None:
        return hour
    if not 1 <= hour <= 12:  # noqa: PLR2004 - the dial has twelve hours
        raise ValueError(hour)
    return hour % 12 + (12 if half in "pP" else 0)


def _zone(name: str | None) -> tzinfo | None:
    if not name:
        return None
    if name[0] in "+-":
        digits = name[1:].replace(":", "").ljust(4, "0")
        size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        return timezone(-size if name[0] == "-" else size)
    zone = _ZONES.get(name.upper())
    if zone is None:
        raise ValueError(name)
    return zone


_Found = tuple[str, tuple[int, int, int]] | None


def _numeric(match: re.Match[str]) -> _Found:
    first, separator, second, third = match[1], match[2], match[3], match[4]
    parts = int(first), int(second), int(third)
    if len(first) == _COMMON_ERA_DIGITS:
        return (FIXED, parts) if len(third) < _COMMON_ERA_DIGITS else None
    if len(first) > 2 or (len(first) == len(third) == 1):  # noqa: PLR2004 - a day has two digits at most
        return None
    return f"{separator}{len(third)}", parts


def _compact(match: re.Match[str]) -> _Found:
    return FIXED, (int(match[1]), int(match[2]), int(match[3]))


def _day_first(match: re.Match[str]) -> _Found:
    return _named(match[3], match[2], match[1])


def _month_first(match: re.Match[str]) -> _Found:
    return _named(match[3], match[1], match[2])


def _year_first(match: re.Match[str]) -> _Found:
    return _named(match[1], match[2], match[3])


def _named(year: str, word: str, day: str) -> _Found:
    month = month_named(word)
    if month is None:
        return None
    number = int(year)
    if len(year) < _COMMON_ERA_DIGITS:
        number += 1900 if number >= _PIVOT else 2000
    return FIXED, (number, month, int(day))


_READERS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], _Found]], ...] = (
    (_NUMERIC, _numeric),
    (_COMPACT, _compact),
    (_DAY_FIRST, _day_first),
    (_MONTH_FIRST, _month_first),
    (_YEAR_FIRST, _year_first),
    (_CJK, _compact),
)
