from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from complaints.policies.calendars import Calendar
from complaints.policies.exceptions import BadCalendar, NaiveMoment, NeverOpen, OutOfRange
from complaints.policies.periods import Period, same_every
from complaints.policies.special_days import Closure, Opening, YearlyHoliday
from tests.complaints.policies.calendars import ALWAYS, ENGLAND, LONDON, LUNCH, NINE_TO_FIVE, london, utc

SATURDAY_SALE = Calendar(
    LONDON,
    same_every(range(5), NINE_TO_FIVE),
    yearly_holidays=(YearlyHoliday(12, 25, "Christmas Day"),),
    closures=(Closure(date(2026, 12, 24), "Office party"),),
    openings=(Opening(date(2026, 12, 19), (Period.between("10:00", "12:00"),), "Christmas sale"),),
)


def hours(calendar: Calendar, *day: int) -> timedelta:
    return sum((closes - opens for opens, closes in calendar.spans(date(*day))), timedelta(0))


def test_the_close_itself_is_no_longer_working_time() -> None:
    assert ENGLAND.is_open(london(2026, 12, 18, 9, 0))
    assert ENGLAND.is_open(london(2026, 12, 18, 16, 59, 59))
    assert not ENGLAND.is_open(london(2026, 12, 18, 17, 0))


def test_nobody_works_at_lunch() -> None:
    berlin = LUNCH.zone
    assert not LUNCH.is_open(datetime(2026, 6, 1, 13, 30, tzinfo=berlin))
    assert LUNCH.next_opening(datetime(2026, 6, 1, 13, 30, tzinfo=berlin)) == datetime(
        2026, 6, 1, 14, tzinfo=berlin
    )


def test_a_moment_is_judged_in_the_zone_of_the_calendar() -> None:
    assert ENGLAND.is_open(datetime(2026, 6, 1, 18, 30, tzinfo=ZoneInfo("Asia/Kolkata")))  # 14:00 in London
    assert not ENGLAND.is_open(datetime(2026, 6, 1, 10, 0, tzinfo=ZoneInfo("Asia/Kolkata")))


def test_the_next_opening_is_now_while_open_and_after_the_holidays_otherwise() -> None:
    assert ENGLAND.next_opening(london(2026, 12, 23, 11, 0)) == london(2026, 12, 23, 11, 0)
    assert ENGLAND.next_opening(london(2026, 12, 24, 17, 0)) == london(2026, 12, 29, 9, 0)
    assert ENGLAND.next_business_day(date(2026, 12, 24)) == date(2026, 12, 29)


def test_closures_and_openings_by_date_override_the_week() -> None:
    assert SATURDAY_SALE.is_business_day(date(2026, 12, 19))
    assert SATURDAY_SALE.closing(date(2026, 12, 19)) == london(2026, 12, 19, 12, 0)
    assert SATURDAY_SALE.closed_because(date(2026, 12, 24)) == "Office party"
    assert SATURDAY_SALE.closed_because(date(2026, 12, 25)) == "Christmas Day"
    assert SATURDAY_SALE.closed_because(date(2026, 12, 26)) == "a Saturday"
    assert SATURDAY_SALE.closed_because(date(2026, 12, 28)) == ""


def test_a_night_shift_has_an_hour_less_in_spring_and_one_more_in_autumn() -> None:
    assert hours(LUNCH, 2026, 3, 29) == timedelta(hours=3)  # 00:30 to 04:30 without 02:00 to 03:00
    assert hours(ALWAYS, 2018, 11, 4) == timedelta(hours=23)  # midnight itself does not exist
    assert hours(ALWAYS, 2018, 2, 17) == timedelta(hours=25)
    spring, autumn = ENGLAND.periods(date(2026, 3, 30))[0], ENGLAND.periods(date(2026, 10, 26))[0]
    assert spring == (utc(2026, 3, 30, 8), utc(2026, 3, 30, 16))
    assert autumn == (utc(2026, 10, 26, 9), utc(2026, 10, 26, 17))


def test_an_hour_that_comes_twice_is_worked_twice_when_the_wall_clock_says_so() -> None:
    zone = ZoneInfo("Europe/Berlin")
    half_past = Calendar(zone, same_every(range(7), Period.between("01:00", "02:30")))
    assert [(str(a.time()), str(b.time())) for a, b in half_past.periods(date(2026, 10, 25))] == [
        ("01:00:00", "02:30:00"),
        ("02:00:00", "02:30:00"),
    ]
    assert hours(half_past, 2026, 10, 25) == timedelta(hours=2)
    assert hours(half_past, 2026, 3, 29) == timedelta(hours=1)


def test_a_zone_with_half_an_hour_of_summer_time_loses_half_an_hour() -> None:
    island = Calendar(ZoneInfo("Australia/Lord_Howe"), same_every(range(7), Period.between("00:00", "24:00")))
    assert hours(island, 2026, 10, 4) == timedelta(hours=23, minutes=30)
    assert hours(island, 2026, 4, 5) == timedelta(hours=24, minutes=30)


def test_a_date_that_a_zone_left_out_is_no_day_at_all() -> None:
    samoa = Calendar(ZoneInfo("Pacific/Apia"), same_every(range(7), NINE_TO_FIVE))
    assert samoa.periods(date(2011, 12, 30)) == ()
    zone = samoa.zone
    assert samoa.working_time(
        datetime(2011, 12, 29, 16, tzinfo=zone), datetime(2011, 12, 31, 10, tzinfo=zone)
    ) == timedelta(hours=2)


def test_the_end_of_a_day_still_shows_that_day() -> None:
    assert ENGLAND.day_end(date(2026, 10, 25)) == utc(2026, 10, 25, 23, 59, 59)
    assert ENGLAND.day_end(date(2026, 3, 29)) == utc(2026, 3, 29, 22, 59, 59)


def test_an_almanac_grows_both_ways_and_keeps_its_answers() -> None:
    calendar = Calendar(LONDON, same_every(range(5), NINE_TO_FIVE))
    late = calendar.working_time(london(2026, 1, 5, 9), london(2026, 1, 9, 17))
    early = calendar.working_time(london(1990, 1, 1, 9), london(1990, 1, 5, 17))
    far = calendar.after_working(london(2026, 1, 5, 9), timedelta(hours=40 * 52 * 30))
    assert late == early == timedelta(hours=40)
    assert far.year == 2055
    assert calendar.working_time(london(2026, 1, 5, 9), london(2026, 1, 9, 17)) == late


def test_a_calendar_without_hours_says_so_instead_of_searching_for_ever() -> None:
    shut = Calendar(LONDON, same_every(range(0)))
    with pytest.raises(NeverOpen):
        shut.next_opening(london(2026, 1, 1))
    with pytest.raises(NeverOpen):
        shut.after_working(london(2026, 1, 1), timedelta(minutes=1))


def test_a_moment_without_a_zone_is_refused_not_guessed() -> None:
    naive = datetime(2026, 1, 5, 9)  # noqa: DTZ001
    for ask in (ENGLAND.day_of, ENGLAND.next_opening, lambda m: ENGLAND.after_working(m, timedelta(1))):
        with pytest.raises(NaiveMoment):
            ask(naive)


def test_years_out_of_reach_are_refused() -> None:
    with pytest.raises(OutOfRange, match="1820"):
        ENGLAND.next_opening(utc(1820, 1, 1))


@pytest.mark.parametrize(("opens", "closes"), [("17:00", "09:00"), ("09:00", "09:00"), ("23:00", "24:01")])
def test_a_period_that_closes_before_it_opens_is_refused(opens: str, closes: str) -> None:
    with pytest.raises(BadCalendar):
        Period.between(opens, closes)


@pytest.mark.parametrize("text", ["9", "9.00", "nine", "09:60", "-1:00", "09:5"])
def test_a_time_of_day_must_look_like_one(text: str) -> None:
    with pytest.raises(BadCalendar, match="is not a time of day"):
        Period.between(text, "17:00")


def test_overlapping_periods_are_refused() -> None:
    with pytest.raises(BadCalendar, match="without overlapping"):
        Calendar(
            LONDON, same_every(range(5), Period.between("09:00", "13:00"), Period.between("12:00", "17:00"))
        )


def test_impossible_days_are_refused() -> None:
    with pytest.raises(BadCalendar, match="no day 30 in month 2"):
        YearlyHoliday(2, 30, "Never")
    with pytest.raises(BadCalendar, match="needs hours"):
        Opening(date(2026, 1, 1), (), "Open door")
    with pytest.raises(BadCalendar, match="seven"):
        Calendar(LONDON, ())
