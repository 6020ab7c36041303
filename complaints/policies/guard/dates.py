"""Days named in a letter, however they are said, and when each of them ends."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from functools import cache

from complaints.policies import clock
from complaints.policies.guard.context import LetterContext
from complaints.policies.guard.rulebook import Language
from complaints.policies.guard.text import Text
from complaints.policies.limits import Limit, Unit

LAST_MOMENT = time(23, 59, 59)
FRIDAY = 4
FAR = timedelta(days=200)
PLAIN_UNITS = {Unit.HOUR: timedelta(hours=1), Unit.DAY: timedelta(days=1), Unit.WEEK: timedelta(weeks=1)}
BUSINESS_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    start: int
    end: int
    due: datetime


def days_in(text: Text, language: Language, context: LetterContext) -> list[Day]:
    """In the order of the letter. Without a moment to count from, nothing is known to be ahead."""
    if context.now is None:
        return []
    zone = context.calendar.zone if context.calendar else context.now.tzinfo
    found: dict[int, Day] = {}
    for match in _pattern(language).finditer(text.low):
        due = _due(match, language, context, context.now.astimezone(zone), zone)
        if due is not None:
            found.setdefault(match.start(), Day(match.start(), match.end(), due))
    return sorted(found.values(), key=lambda day: day.start)


@cache
def _pattern(language: Language) -> re.Pattern[str]:
    words = language.promising
    months, weekdays = _either(words.months), _either(words.weekdays)
    numbers, units = _either(words.numbers), _either(tuple(one.short for one in words.units))
    return re.compile(
        r"(?<!\w)(?:"
        rf"(?P<past>(?:{_either(words.past)})) (?:{weekdays}|\d{{1,3}} (?:{units}))"
        rf"|(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)? ?(?:of )?(?P<month>{months})\.?,?(?: (?P<year>\d{{4}}))?"
        rf"|(?P<month2>{months})\.? (?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year2>\d{{4}}))?"
        r"|(?P<iso>\d{4}-\d{2}-\d{2})"
        r"|(?P<one>\d{1,2})[./](?P<two>\d{1,2})[./](?P<three>\d{4}|\d{2})"
        rf"|(?:{_either(words.within)}) (?P<n>\d{{1,3}}|{numbers})[ -](?P<unit>{units})"
        rf"|(?P<said>{_either(tuple(one.short for one in words.days))})"
        rf"|(?P<weekday>{weekdays})(?![,]? (?:the )?(?:\d{{1,2}}|{months}))"
        r")(?!\w)"
    )


def _either(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _due(
    match: re.Match[str], language: Language, context: LetterContext, now: datetime, zone: tzinfo | None
) -> datetime | None:
    said = match.groupdict()
    if said["past"]:
        return None
    if said["n"]:
        return _after(said["n"], said["unit"], language, context, now)
    day = _day(said, language, context, now.date())
    return datetime.combine(day, LAST_MOMENT, tzinfo=zone) if day else None


def _day(said: dict[str, str | None], language: Language, context: LetterContext, today: date) -> date | None:
    words = language.promising
    if month := said["month"] or said["month2"]:
        number = words.months.index(month) % 12 + 1
        return _dated(said["day"] or said["day2"], number, said["year"] or said["year2"], today)
    if said["iso"]:
        year, month_number, day = (said["iso"] or "").split("-")
        return _dated(day, int(month_number), year, today)
    if said["three"]:
        one, two = said["one"] or "", said["two"] or ""
        day, month_text = (two, one) if context.language.lower() == "en-us" else (one, two)
        year = said["three"] if len(said["three"]) > len("26") else f"20{said['three']}"
        return _dated(day, int(month_text), year, today)
    if said["weekday"]:
        return _next(words.weekdays.index(said["weekday"] or "") % 7, today)
    return next((_said(one.long, today) for one in words.days if one.short == said["said"]), None)


def _dated(day: str | None, month: int, year: str | None, today: date) -> date | None:
    """A day without its year is the next such day, unless that is far ahead: then it was meant to be past."""
    try:
        if year:
            return date(int(year), month, int(day or 0))
        found = date(today.year, month, int(day or 0))
        found = found if found >= today else date(today.year + 1, month, int(day or 0))
    except ValueError:
        return None
    return found if found - today <= FAR else None


def _next(weekday: int, today: date) -> date:
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def _said(what: str, today: date) -> date:
    """`+1` is tomorrow; `week` its Friday; `next week` the Friday after; `month` its last day."""
    if what.startswith("+"):
        return today + timedelta(days=int(what))
    friday = today + timedelta(days=(FRIDAY - today.weekday()) % 7)
    if what == "week":
        return friday
    if what == "next week":
        return friday + timedelta(days=7)
    first_of_next = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first_of_next - timedelta(days=1)


def _after(n: str, unit_said: str, language: Language, context: LetterContext, now: datetime) -> datetime:
    number = int(n) if n.isdigit() else language.promising.numbers.index(n) + 1
    unit = next(Unit(one.long) for one in language.promising.units if one.short == unit_said)
    if context.calendar is not None:
        return clock.due(now, Limit(number, unit), context.calendar)
    return now + number * PLAIN_UNITS.get(unit, BUSINESS_DAY)
