"""Calendars the tests of this folder share."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from complaints.policies.bank_holidays import HolidayList
from complaints.policies.calendars import Calendar
from complaints.policies.periods import Period, same_every
from complaints.policies.special_days import AfterHours, Closure, Opening, YearlyHoliday

LONDON = ZoneInfo("Europe/London")
NINE_TO_FIVE = Period.between("09:00", "17:00")
WEEKDAYS = range(5)

ENGLAND = Calendar(LONDON, same_every(WEEKDAYS, NINE_TO_FIVE), (HolidayList("GB", "ENG"),))
ENGLAND_SAME_DAY = Calendar(
    LONDON, same_every(WEEKDAYS, NINE_TO_FIVE), (HolidayList("GB", "ENG"),), after_hours=AfterHours.SAME_DAY
)
LUNCH = Calendar(
    ZoneInfo("Europe/Berlin"),
    same_every(range(6), Period.between("08:00", "13:00"), Period.between("14:00", "18:00")),
    yearly_holidays=(YearlyHoliday(12, 25, "Christmas Day"),),
    closures=(Closure(date(2026, 3, 30), "Stocktaking"),),
    openings=(Opening(date(2026, 3, 29), (Period.between("00:30", "04:30"),), "Clock change watch"),),
)
ALWAYS = Calendar(ZoneInfo("America/Sao_Paulo"), same_every(range(7), Period(0, 24 * 60)))
SYDNEY = Calendar(
    ZoneInfo("Australia/Sydney"), same_every(range(7), Period.between("00:00", "03:00")), (HolidayList("AU"),)
)


def london(*when: int) -> datetime:
    return datetime(*when, tzinfo=LONDON)  # type: ignore[arg-type, misc]


def utc(*when: int) -> datetime:
    return datetime(*when, tzinfo=UTC)  # type: ignore[arg-type, misc]
