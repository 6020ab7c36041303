"""When a letter is welcome. The house's window: Monday to Friday 8 to 20, Saturday 9 to 13, no feast days."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.followups.window import Hours, welcome_at, why_unwelcome
from complaints.policies import packs
from complaints.policies.calendars import Calendar
from complaints.policies.periods import Period, same_every

LONDON = ZoneInfo("Europe/London")
WINDOW = packs.pack("house", 1).contact_window


def london(*when: int) -> datetime:
    return datetime(*when, tzinfo=LONDON)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (london(2026, 3, 2, 10, 0), london(2026, 3, 2, 10, 0)),
        (london(2026, 3, 2, 7, 59), london(2026, 3, 2, 8, 0)),
        (london(2026, 3, 2, 20, 0), london(2026, 3, 3, 8, 0)),
        (london(2026, 3, 7, 14, 0), london(2026, 3, 9, 8, 0)),
        (london(2026, 4, 2, 22, 0), london(2026, 4, 4, 9, 0)),
        (london(2026, 12, 24, 21, 0), london(2026, 12, 29, 8, 0)),
    ],
    ids=["open", "too early", "the evening", "saturday afternoon", "good friday", "christmas"],
)
def test_a_letter_waits_for_the_window(moment: datetime, expected: datetime) -> None:
    assert welcome_at(moment, WINDOW) == expected


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        (Hours(since=time(17)), london(2026, 3, 2, 17, 0)),
        (Hours(until=time(9)), london(2026, 3, 3, 8, 0)),
        (Hours(time(14), time(15)), london(2026, 3, 2, 14, 0)),
        (Hours(time(19), time(9)), london(2026, 3, 2, 19, 0)),
        (Hours(time(21), time(23)), london(2026, 3, 2, 10, 0)),
    ],
    ids=["not before", "not after", "both", "across midnight", "never inside the window"],
)
def test_a_letter_waits_for_the_customers_hours(hours: Hours, expected: datetime) -> None:
    assert welcome_at(london(2026, 3, 2, 10, 0), WINDOW, hours) == expected


@pytest.mark.parametrize(
    ("moment", "hours", "why"),
    [
        (london(2026, 3, 2, 10), Hours(), ""),
        (london(2026, 3, 2, 10), Hours(time(21), time(23)), ""),  # they never meet the window
        (london(2026, 3, 2, 10), Hours(since=time(17)), "Monday 2 Mar 2026, 10:00 is outside the hours that the customer"),
        (london(2026, 3, 7, 14), Hours(), "outside the hours in which our policy has letters sent"),
        (london(2026, 12, 25, 10), Hours(since=time(17)), "our policy has letters sent (Christmas Day)"),
    ],
)  # fmt: skip
def test_why_a_letter_waits_is_said(moment: datetime, hours: Hours, why: str) -> None:
    said = why_unwelcome(moment, WINDOW, hours)
    assert why in said
    assert bool(said) == (welcome_at(moment, WINDOW, hours) > moment) == bool(why)


def test_the_answer_holds_across_the_change_of_the_clocks() -> None:
    assert welcome_at(datetime(2026, 3, 29, 0, 30, tzinfo=UTC), WINDOW) == london(2026, 3, 30, 8, 0)


@pytest.mark.parametrize("minutes", range(0, 240, 5))
def test_in_the_night_that_has_an_hour_twice_a_letter_goes_as_soon_as_the_window_opens(minutes: int) -> None:
    nights = Calendar(LONDON, same_every(range(7), Period.between("00:30", "01:45")))
    moment = datetime(2026, 10, 25, tzinfo=UTC) + timedelta(minutes=minutes)
    assert welcome_at(moment, nights).astimezone(UTC) == nights.next_opening(moment).astimezone(UTC)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.one_of(st.none(), st.times()),
    st.one_of(st.none(), st.times()),
)
def test_no_letter_ever_goes_outside_the_window_nor_back_in_time(
    moment: datetime, since: time | None, until: time | None
) -> None:
    welcome = welcome_at(moment, WINDOW, Hours(since, until))
    assert welcome >= moment
    assert WINDOW.is_open(welcome)
    assert welcome_at(welcome, WINDOW, Hours(since, until)) == welcome
