"""Counting business days by their place in the almanac."""

from bisect import bisect_left, bisect_right
from datetime import date, datetime

from complaints.policies.almanac import DAY, Almanac, Span
from complaints.policies.calendars import Calendar
from complaints.policies.limits import Limit
from complaints.policies.special_days import AfterHours


def last_day(begun: datetime, limit: Limit, calendar: Calendar, stood: list[Span]) -> tuple[date, datetime]:
    """The business day on which the limit ends, and its close."""
    book = calendar.almanac(begun)
    place = _last_place(begun, limit, calendar, stood, book)
    while place >= len(book.days):
        book = calendar.longer(book)
        place = _last_place(begun, limit, calendar, stood, book)
    return book.days[place], _shown(book.day_closes[place], book.days[place], calendar)


def _last_place(begun: datetime, limit: Limit, calendar: Calendar, stood: list[Span], book: Almanac) -> int:
    first = _first_place(begun, calendar, book, from_first_day=limit.from_first_day)
    place = first + int(limit.n) - 1
    for since, until in stood:
        out_from, out_to = _places_out(since, until, book)
        out_from = max(out_from, first)
        if out_from <= place and out_from < out_to:
            place += out_to - out_from
    return place


def passed(
    begun: datetime, ended: datetime, calendar: Calendar, stood: list[Span], *, from_first_day: bool = False
) -> int:
    """How many business days counted, the one on which it ended among them."""
    book = calendar.almanac(begun, ended)
    first = _first_place(begun, calendar, book, from_first_day=from_first_day)
    end = bisect_right(book.days, calendar.day_of(ended))
    out = 0
    for since, until in stood:
        out_from, out_to = _places_out(since, until, book)
        out += max(min(out_to, end) - max(out_from, first), 0)
    return max(end - first - out, 0)


def stood_at_close(since: datetime, until: datetime, calendar: Calendar) -> int:
    """How many business days a pause takes out."""
    out_from, out_to = _places_out(since, until, calendar.almanac(since, until))
    return out_to - out_from


def counted_as(begun: datetime, calendar: Calendar) -> date:
    """The date a start is taken to fall on: its own, or the next business day when it came after hours."""
    if calendar.after_hours is AfterHours.SAME_DAY:
        return calendar.day_of(begun)
    book = calendar.almanac(begun)
    while not book.day_closes or book.day_closes[-1] < begun:
        book = calendar.longer(book)
    return book.days[bisect_left(book.day_closes, begun)]


def day_one(begun: datetime, calendar: Calendar, *, from_first_day: bool) -> date:
    """The first date that may count: it need not be a business day."""
    if not from_first_day:
        return counted_as(begun, calendar) + DAY
    book = calendar.almanac(begun)
    while not book.day_closes or book.day_closes[-1] <= begun:
        book = calendar.longer(book)
    return book.days[bisect_right(book.day_closes, begun)]


def close_by(day: date, begun: datetime, calendar: Calendar) -> datetime:
    """The last close of business by the end of a date; or of the date when none is left."""
    book = calendar.almanac(begun, calendar.day_start(day))
    place = bisect_right(book.day_closes, calendar.day_end(day)) - 1
    if place < 0 or book.day_closes[place] <= begun:
        return calendar.day_end(day)
    return _shown(book.day_closes[place], book.days[place], calendar)


def _shown(close: datetime, day: date, calendar: Calendar) -> datetime:
    """A close at midnight is shown as the last second of its own day, not as the next."""
    shown = close.astimezone(calendar.zone)
    return shown if shown.date() == day else calendar.day_end(day)


def _first_place(begun: datetime, calendar: Calendar, book: Almanac, *, from_first_day: bool) -> int:
    """The place of day one."""
    if from_first_day:
        return bisect_right(book.day_closes, begun)  # the first day of which anything is left
    if calendar.after_hours is AfterHours.SAME_DAY:
        return bisect_right(book.days, calendar.day_of(begun))
    return bisect_left(book.day_closes, begun) + 1


def _places_out(since: datetime, until: datetime, book: Almanac) -> tuple[int, int]:
    """The business days, up to but without the second, at whose close the clock stood."""
    return bisect_right(book.day_closes, since), bisect_right(book.day_closes, until)
