"""When a firm is open: weekly hours, holidays, extra closures and openings, in one time zone."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from complaints.policies import almanac
from complaints.policies.almanac import FIRST_YEAR, LAST_YEAR, Almanac, Span
from complaints.policies.bank_holidays import HolidayList
from complaints.policies.exceptions import BadCalendar, NaiveMoment, NeverOpen, OutOfRange
from complaints.policies.periods import DAYS_A_WEEK, Period, Week, in_order
from complaints.policies.special_days import AfterHours, Closure, Opening, YearlyHoliday
from complaints.policies.words import WEEKDAYS

NOTHING = timedelta(0)
YEARS_AHEAD = 3
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Calendar:
    zone: ZoneInfo
    week: Week  # Monday first
    holiday_lists: tuple[HolidayList, ...] = ()
    yearly_holidays: tuple[YearlyHoliday, ...] = ()
    closures: tuple[Closure, ...] = ()
    openings: tuple[Opening, ...] = ()
    after_hours: AfterHours = AfterHours.NEXT_BUSINESS_DAY

    def __post_init__(self) -> None:
        if len(self.week) != DAYS_A_WEEK:
            raise BadCalendar("A week has seven days.")
        for periods in (*self.week, *(opening.periods for opening in self.openings)):
            if not in_order(periods):
                raise BadCalendar("The periods of a day must follow one another without overlapping.")

    # -- questions about a date ------------------------------------------------------------------------

    def hours_on(self, day: date) -> tuple[Period, ...]:
        if day in self._opened:
            return self._opened[day].periods
        return () if self.holiday_on(day) else self.week[day.weekday()]

    def holiday_on(self, day: date) -> str:
        """The name of the holiday or closure, or nothing; an extra opening undoes it."""
        if day in self._opened:
            return ""
        named = self._closed.get(day) or self._yearly.get((day.month, day.day))
        if named:
            return named
        return next((names[day] for names in self._lists(day.year) if day in names), "")

    def opened_for(self, day: date) -> str:
        """Why the hours of this date are not those of its weekday."""
        return self._opened[day].name if day in self._opened else ""

    def is_business_day(self, day: date) -> bool:
        return bool(self.hours_on(day))

    def closed_because(self, day: date) -> str:
        """The holiday, the closure or the weekday for which nobody works; nothing on a business day."""
        known = self._reasons_closed
        if day not in known:
            known[day] = "" if self.hours_on(day) else self.holiday_on(day) or f"a {WEEKDAYS[day.weekday()]}"
        return known[day]

    def periods(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """The working periods of a date as moments in the calendar's zone, to show.

        To measure, use `spans`: Python subtracts two moments of one zone by the wall clock.
        """
        return tuple(
            (opens.astimezone(self.zone), closes.astimezone(self.zone)) for opens, closes in self.spans(day)
        )

    def spans(self, day: date) -> list[Span]:
        """The same in UTC."""
        known = self._spans
        if day not in known:
            start, end = self.day_start(day), self.day_start(day + almanac.DAY)
            known[day] = almanac.spans_of(day, self.hours_on(day), start, end, self.zone)
        return known[day]

    def closing(self, day: date) -> datetime | None:
        """Close of business: the end of the last period of that date."""
        spans = self.spans(day)
        return spans[-1][1].astimezone(self.zone) if spans else None

    def day_start(self, day: date) -> datetime:
        return almanac.day_start(day, self.zone)

    def day_end(self, day: date) -> datetime:
        """The last second of the date, so that the moment still shows the date it belongs to."""
        return (self.day_start(day + almanac.DAY) - timedelta(seconds=1)).astimezone(self.zone)

    # -- questions about a moment ----------------------------------------------------------------------

    def day_of(self, moment: datetime) -> date:
        return in_utc(moment).astimezone(self.zone).date()

    def is_open(self, moment: datetime) -> bool:
        moment = in_utc(moment)
        return any(opens <= moment < closes for opens, closes in self.spans(self.day_of(moment)))

    def next_opening(self, moment: datetime) -> datetime:
        """The moment itself while open, otherwise the next time the doors open."""
        if self.is_open(moment):
            return moment.astimezone(self.zone)
        moment = in_utc(moment)
        book = self.almanac(moment)
        while not book.opens or book.opens[-1] <= moment:
            book = self.longer(book)
        return book.opens[bisect_right(book.opens, moment)].astimezone(self.zone)

    def next_business_day(self, day: date) -> date:
        """The first business day after a date."""
        book = self.almanac(self.day_start(day))
        while not book.days or book.days[-1] <= day:
            book = self.longer(book)
        return book.days[bisect_right(book.days, day)]

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        start, end = in_utc(start), in_utc(end)
        if end <= start:
            return NOTHING
        book = self.almanac(start, end)
        return book.worked_until(end) - book.worked_until(start)

    def after_working(self, start: datetime, span: timedelta) -> datetime:
        """The first moment by which this much has been worked since the start; for nothing, the start."""
        if start.tzinfo is None:
            raise NaiveMoment(start)
        start = start.astimezone(UTC)
        if not span:
            return start.astimezone(self.zone)
        book = self._books[0]
        if not book.begins <= start < book.ends:
            book = self.almanac(start)
        worked = book.worked_until(start) + span
        while worked > book.total:
            book = self.longer(book)
            worked = book.worked_until(start) + span
        return book.moment_of(worked).astimezone(self.zone)

    # -- the years written out -------------------------------------------------------------------------

    def almanac(self, *moments: datetime) -> Almanac:
        """An almanac that holds these moments with some years to spare after them."""
        book = self._books[0]
        if all(book.begins <= moment < book.ends for moment in moments):
            return book
        years = [in_utc(moment).year for moment in moments]
        for year in years:
            if not FIRST_YEAR < year < LAST_YEAR:
                raise OutOfRange(year, FIRST_YEAR + 1, LAST_YEAR - 1)
        first, last = min(years) - 1, max(years) + YEARS_AHEAD
        if book.days:
            first, last = min(first, book.begins.year), max(last, book.ends.year)
        return self._lay_out(first, last)

    def longer(self, book: Almanac) -> Almanac:
        last = book.ends.year
        if last > LAST_YEAR:
            raise NeverOpen("The calendar has too little working time ahead for this sum.")
        return self._lay_out(book.begins.year, last + max(YEARS_AHEAD, last - book.begins.year))

    def _lay_out(self, first: int, last: int) -> Almanac:
        book = almanac.lay_out(self.hours_on, self.zone, max(first, FIRST_YEAR), min(last, LAST_YEAR))
        self._books[0] = book  # one assignment: another thread sees the old book or the new one
        return book

    @cached_property
    def _books(self) -> list[Almanac]:
        """One almanac, replaced by a longer one when needed; at first an empty one."""
        return [Almanac(begins=NEVER, ends=NEVER)]

    # What has been asked once is kept: the years a calendar reaches over bound it.

    @cached_property
    def _reasons_closed(self) -> dict[date, str]:
        return {}

    @cached_property
    def _spans(self) -> dict[date, list[Span]]:
        return {}

    @cached_property
    def _opened(self) -> dict[date, Opening]:
        return {opening.day: opening for opening in self.openings}

    @cached_property
    def _closed(self) -> dict[date, str]:
        return {closure.day: closure.name for closure in self.closures}

    @cached_property
    def _yearly(self) -> dict[tuple[int, int], str]:
        return {(holiday.month, holiday.day): holiday.name for holiday in self.yearly_holidays}

    def _lists(self, year: int) -> list[Mapping[date, str]]:
        return [names.of_year(year) for names in self.holiday_lists]


def in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise NaiveMoment(moment)
    return moment.astimezone(UTC)
