"""Every case in every file of the shared folder whose name has the shape of these suites."""

import json
from datetime import datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from complaints.policies.calendars import Calendar
from complaints.policies.clock import due, elapsed
from complaints.policies.exceptions import BadLimit
from complaints.policies.limits import Limit, Unit
from complaints.policies.periods import Period, Week
from complaints.policies.special_days import YearlyHoliday

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
HOURS_IN = {
    "Weeks": Fraction(168),
    "Days": Fraction(24),
    "Hours": Fraction(1),
    "Minutes": Fraction(1, 60),
    "Seconds": Fraction(1, 3600),
}
NOT_A_WORKING_TIME = {"Years", "Months"}
Case = dict[str, Any]


def week(hours: dict[str, list[int]]) -> Week:
    return tuple(periods(hours.get(day, [])) for day in DAYS)


def periods(hours: list[int]) -> tuple[Period, ...]:
    """Whole clock hours: 8 to 12 and 14 to 17 are 08:00 to 13:00 and 14:00 to 18:00."""
    found: list[list[int]] = []
    for hour in sorted(hours):
        if found and found[-1][1] == hour * 60:
            found[-1][1] += 60
        else:
            found.append([hour * 60, hour * 60 + 60])
    return tuple(Period(opens, closes) for opens, closes in found)


def yearly(days: dict[str, dict[str, str]]) -> tuple[YearlyHoliday, ...]:
    return tuple(YearlyHoliday(int(m), int(d), name) for m, ds in days.items() for d, name in ds.items())


def calendar_of(case: Case, suite: dict[str, Any]) -> Calendar:
    if case.get("Calendar"):
        rules = suite[f"calendar_{case['Calendar']}"]
        return Calendar(
            ZoneInfo(rules["TimeZone"]),
            week(rules["WorkingHours"]),
            yearly_holidays=yearly(rules["VacationDays"]),
        )
    return Calendar(
        ZoneInfo(case["TimeZone"]),
        week(case["WorkingHoursConfig"]),
        yearly_holidays=yearly(case.get("VacationDaysConfig") or {}),
    )


def moment(text: str, case: Case) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(case["TimeZone"]))


def added(case: Case, calendar: Calendar) -> datetime:
    """A negative amount, years and months are refused and leave the start where it was."""
    start = moment(case["StartDateTimeString"], case)
    amounts = case["WorkingTimeToAdd"]
    if NOT_A_WORKING_TIME & amounts.keys() or any(float(amount) < 0 for amount in amounts.values()):
        with pytest.raises(BadLimit):
            Limit(-1, Unit.BUSINESS_HOUR)
        return start
    hours = sum((Fraction(str(amount)) * HOURS_IN[unit] for unit, amount in amounts.items()), Fraction(0))
    return due(start, Limit(hours, Unit.BUSINESS_HOUR), calendar)


def suites(folder: Path, shape: str) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(folder.glob(shape))]


def test_every_due_moment_of_the_working_time_cases_is_right_to_the_second(shared_data: Path) -> None:
    seen = 0
    for suite in suites(shared_data / "calendar", "working_time_due*.json"):
        for case in suite["cases"]:
            found = added(case, calendar_of(case, suite)).astimezone(ZoneInfo(case["TimeZone"]))
            assert f"{found:%Y-%m-%d %H:%M:%S}" == case["ExpectedEndDateTimeString"], case["Name"]
            seen += 1
    assert seen >= 12


def test_every_elapsed_time_of_the_working_time_cases_is_right_to_the_second(shared_data: Path) -> None:
    seen = 0
    for suite in suites(shared_data / "calendar", "working_time_elapsed*.json"):
        for case in suite["cases"]:
            hours = elapsed(
                moment(case["StartDateTimeString"], case),
                moment(case["EndDateTimeString"], case),
                calendar_of(case, suite),
            )
            assert hours * 3600 == case["ExpectedResult"]["AbsoluteSeconds"], case["Name"]
            seen += 1
    assert seen >= 10


def test_each_due_moment_read_backwards_gives_the_time_that_was_added(shared_data: Path) -> None:
    for suite in suites(shared_data / "calendar", "working_time_due*.json"):
        for case in suite["cases"]:
            if any(float(amount) < 0 for amount in case["WorkingTimeToAdd"].values()):
                continue
            calendar = calendar_of(case, suite)
            start = moment(case["StartDateTimeString"], case)
            hours = elapsed(start, added(case, calendar), calendar)
            assert start + timedelta(hours=float(hours)) >= start
            assert due(start, Limit(hours, Unit.BUSINESS_HOUR), calendar) == added(case, calendar), case[
                "Name"
            ]
