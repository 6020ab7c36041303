"""When a letter is welcome: inside the policy's contact window, and the customer's own hours where they named any."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from complaints.policies.almanac import Span
from complaints.policies.calendars import Calendar, in_utc
from complaints.policies.words import full_moment

DAYS_TO_LOOK_AHEAD = 21
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Hours:
    """Not before, not after. Someone who works nights may say from 22:00 until 06:00."""

    since: time | None = None
    until: time | None = None

    def spans(self, day: date, calendar: Calendar) -> list[Span]:
        """In UTC: Python compares two moments of one zone by the wall clock, which shows some hours twice."""
        begins, ends = calendar.day_start(day), calendar.day_start(day + DAY)
        since = _at(day, self.since, calendar) if self.since else begins
        until = _at(day, self.until, calendar) if self.until else ends
        if since < until:
            return [(since, until)]
        return [(begins, until), (since, ends)]


ANY_HOUR = Hours()


def welcome_at(moment: datetime, window: Calendar, hours: Hours = ANY_HOUR) -> datetime:
    """The moment itself if a letter is welcome then, otherwise the next moment when it is.

    Hours that never meet the window give way to it: better a letter at noon than none.
    """
    opens = next(_openings(in_utc(moment), window, hours), None)
    return opens.astimezone(window.zone) if opens else window.next_opening(moment)


def why_unwelcome(moment: datetime, window: Calendar, hours: Hours = ANY_HOUR) -> str:
    """Why a letter does not go then, as a sentence without its end; nothing where it does."""
    if in_utc(welcome_at(moment, window, hours)) <= in_utc(moment):
        return ""
    here = in_utc(moment).astimezone(window.zone)
    if window.is_open(moment):
        return f"{full_moment(here)} is outside the hours that the customer named"
    holiday = window.holiday_on(here.date())
    outside = f"{full_moment(here)} is outside the hours in which our policy has letters sent"
    return f"{outside} ({holiday})" if holiday else outside


def _openings(moment: datetime, window: Calendar, hours: Hours) -> Iterator[datetime]:
    today = window.day_of(moment)
    for day in (today + DAY * ahead for ahead in range(DAYS_TO_LOOK_AHEAD)):
        for opens, closes in window.spans(day):
            for since, until in hours.spans(day, window):
                begins = max(opens, since, moment)
                if begins < min(closes, until):
                    yield begins


def _at(day: date, wall: time, calendar: Calendar) -> datetime:
    return datetime.combine(day, wall, tzinfo=calendar.zone).astimezone(UTC)
