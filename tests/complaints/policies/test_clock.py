from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from complaints.policies.calendars import Calendar
from complaints.policies.clock import due, elapsed, months_after
from complaints.policies.exceptions import BadLimit, NaiveMoment
from complaints.policies.limits import FallsDue, Limit, Pause, Unit, limit_from
from tests.complaints.policies.calendars import ENGLAND, ENGLAND_SAME_DAY, LUNCH, london, utc

FRIDAY_EVENING = london(2026, 12, 18, 18, 20)


def test_business_days_are_counted_after_the_day_of_receipt_and_end_at_close_of_business() -> None:
    assert due(london(2026, 6, 1, 10, 0), limit_from("3 business days"), ENGLAND) == london(2026, 6, 4, 17, 0)
    assert due(london(2026, 6, 1, 7, 0), limit_from("1 business day"), ENGLAND) == london(2026, 6, 2, 17, 0)


def test_a_receipt_on_the_stroke_of_closing_is_not_yet_after_it() -> None:
    assert due(london(2026, 6, 1, 17, 0), limit_from("1 business day"), ENGLAND) == london(2026, 6, 2, 17, 0)
    assert due(london(2026, 6, 1, 17, 0, 1), limit_from("1 business day"), ENGLAND) == london(2026, 6, 3, 17)


@pytest.mark.parametrize(
    ("received", "same_day", "next_business_day"),
    [
        (FRIDAY_EVENING, london(2026, 12, 21, 17), london(2026, 12, 22, 17)),
        (london(2026, 12, 19, 11), london(2026, 12, 21, 17), london(2026, 12, 22, 17)),
        (london(2026, 12, 25, 11), london(2026, 12, 29, 17), london(2026, 12, 30, 17)),
        (london(2026, 12, 18, 16), london(2026, 12, 21, 17), london(2026, 12, 21, 17)),
    ],
)
def test_a_receipt_after_hours_counts_as_the_calendar_says(
    received: datetime, same_day: datetime, next_business_day: datetime
) -> None:
    one = limit_from("1 business day")
    assert due(received, one, ENGLAND_SAME_DAY) == same_day
    assert due(received, one, ENGLAND) == next_business_day


def test_business_hours_after_a_friday_evening_run_on_monday() -> None:
    assert due(FRIDAY_EVENING, limit_from("4 business hours"), ENGLAND) == london(2026, 12, 21, 13, 0)


@pytest.mark.parametrize(
    "text",
    [
        "1 business day",
        "8 weeks, end of day",
        "3/2 business hours",
        "5 days, close of business, first day counts",
    ],
)
def test_a_limit_spelled_out_is_read_as_the_same(text: str) -> None:
    limit = limit_from(text)
    assert limit.spelled == text
    assert limit_from(limit.spelled) == limit


def test_business_hours_may_be_fractions() -> None:
    start = london(2026, 6, 1, 16, 0)
    assert due(start, limit_from("1.5 business hours"), ENGLAND) == london(2026, 6, 2, 9, 30)
    assert due(start, limit_from("1/3 business hour"), ENGLAND) == london(2026, 6, 1, 16, 20)
    assert due(start, Limit(Decimal("0.25"), Unit.BUSINESS_HOUR), ENGLAND) == london(2026, 6, 1, 16, 15)


def test_what_is_done_at_the_close_is_due_at_the_close_and_not_next_morning() -> None:
    assert due(london(2026, 6, 1, 9), limit_from("8 business hours"), ENGLAND) == london(2026, 6, 1, 17)


def test_nothing_to_wait_for_is_due_at_once_also_at_night() -> None:
    assert due(FRIDAY_EVENING, Limit(0, Unit.BUSINESS_HOUR), ENGLAND) == FRIDAY_EVENING


def test_eight_weeks_are_fifty_six_days_whatever_day_that_is() -> None:
    assert due(london(2026, 6, 7, 10), limit_from("8 weeks"), ENGLAND) == london(2026, 8, 2, 10)
    assert due(london(2026, 6, 7, 10), limit_from("8 weeks, end of day"), ENGLAND) == london(
        2026, 8, 2, 23, 59, 59
    )


def test_close_of_business_of_a_sunday_is_that_of_the_friday_before() -> None:
    limit = limit_from("8 weeks, close of business")
    assert due(london(2026, 6, 7, 10), limit, ENGLAND) == london(2026, 7, 31, 17)
    assert due(london(2026, 6, 6, 10), limit_from("1 day, close of business"), ENGLAND) == london(
        2026, 6, 7, 23, 59, 59
    )


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2027, 1, 31), 1, date(2027, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_months_are_clipped_to_the_end_of_the_month(start: date, months: int, end: date) -> None:
    assert months_after(start, months) == end


@pytest.mark.parametrize(
    ("start", "same_wall_time", "real_hours"),
    [
        (london(2026, 3, 28, 12), london(2026, 3, 29, 12), london(2026, 3, 29, 13)),
        (london(2026, 10, 24, 12), london(2026, 10, 25, 12), london(2026, 10, 25, 11)),
    ],
)
def test_a_day_is_a_day_and_24_hours_are_24_hours_when_the_clocks_change(
    start: datetime, same_wall_time: datetime, real_hours: datetime
) -> None:
    assert due(start, limit_from("1 day"), ENGLAND) == same_wall_time
    assert due(start, limit_from("24 hours"), ENGLAND) == real_hours


def test_a_day_later_at_a_time_that_does_not_exist_is_the_time_after_the_change() -> None:
    assert due(london(2026, 3, 28, 1, 30), limit_from("1 day"), ENGLAND) == utc(2026, 3, 29, 1, 30)
    assert due(london(2026, 3, 28, 1, 30), limit_from("1 day"), ENGLAND).hour == 2


def test_the_first_day_counts_when_the_limit_says_so() -> None:
    start = london(2026, 6, 1, 9)
    assert due(start, limit_from("1 business day, first day counts"), ENGLAND) == london(2026, 6, 1, 17)
    assert due(start, limit_from("14 days, first day counts"), ENGLAND) == london(2026, 6, 14, 23, 59, 59)


def test_a_pause_takes_out_the_working_time_it_covers() -> None:
    pause = Pause(london(2026, 6, 1, 12), london(2026, 6, 2, 10))
    assert due(london(2026, 6, 1, 10), limit_from("4 business hours"), ENGLAND, [pause]) == london(
        2026, 6, 2, 12
    )


def test_pauses_that_overlap_or_repeat_count_once() -> None:
    pauses = [
        Pause(london(2026, 6, 1, 12), london(2026, 6, 1, 14)),
        Pause(london(2026, 6, 1, 13), london(2026, 6, 1, 15)),
        Pause(london(2026, 6, 1, 12), london(2026, 6, 1, 14)),
        Pause(london(2026, 5, 1, 12), london(2026, 5, 2, 14)),
    ]
    assert due(london(2026, 6, 1, 10), limit_from("4 business hours"), ENGLAND, pauses) == london(
        2026, 6, 1, 17
    )


def test_a_day_is_lost_when_the_clock_stood_at_its_close() -> None:
    limit, start = limit_from("2 business days"), london(2026, 6, 1, 10)
    inside = Pause(london(2026, 6, 2, 10), london(2026, 6, 2, 16))
    over_a_close = Pause(london(2026, 6, 2, 16), london(2026, 6, 3, 10))
    over_a_weekend = Pause(london(2026, 6, 3, 17), london(2026, 6, 8, 9))
    assert due(start, limit, ENGLAND, [inside]) == london(2026, 6, 3, 17)
    assert due(start, limit, ENGLAND, [over_a_close]) == london(2026, 6, 4, 17)
    assert due(start, limit, ENGLAND, [over_a_weekend]) == london(2026, 6, 3, 17)


def test_nothing_measured_by_the_time_of_day_falls_due_while_the_clock_stands() -> None:
    pause = Pause(london(2026, 6, 8, 9), london(2026, 6, 8, 15))
    assert due(london(2026, 6, 1, 10), limit_from("1 week"), ENGLAND, [pause]) == london(2026, 6, 8, 15)


def test_received_on_monday_and_answered_on_friday_week_is_nine_working_days() -> None:
    answered = london(2026, 6, 12, 15)
    assert elapsed(london(2026, 6, 1, 10), answered, ENGLAND, unit=Unit.BUSINESS_DAY) == 9
    assert elapsed(london(2026, 6, 1, 10), answered, ENGLAND, unit=Unit.WEEK) == Fraction(11, 7)
    assert elapsed(london(2026, 6, 1, 10), answered, ENGLAND, unit=Unit.MONTH) == 0


def test_nothing_has_elapsed_before_the_start() -> None:
    for unit in Unit:
        assert elapsed(london(2026, 6, 2), london(2026, 6, 1), ENGLAND, unit=unit) == 0


def test_the_same_moment_gives_the_same_answer_in_whatever_zone_it_is_written() -> None:
    start = london(2026, 6, 30, 23, 30)
    for text in ("5 days", "1 month", "3 business days", "2 business hours"):
        limit = limit_from(text)
        assert due(start, limit, LUNCH) == due(start.astimezone(UTC), limit, LUNCH)


@pytest.mark.parametrize("unit", list(Unit))
def test_a_moment_without_a_zone_is_refused(unit: Unit) -> None:
    with pytest.raises(NaiveMoment):
        due(datetime(2026, 6, 1), Limit(1, unit), ENGLAND)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("n", "unit"),
    [
        (-1, Unit.BUSINESS_HOUR),
        (0, Unit.DAY),
        (1.5, Unit.BUSINESS_DAY),
        (float("nan"), Unit.HOUR),
        (float("inf"), Unit.HOUR),
        (1300, Unit.MONTH),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(n: float, unit: Unit) -> None:
    with pytest.raises(BadLimit):
        Limit(n, unit)


def test_a_time_of_day_makes_no_sense_for_hours_nor_the_same_time_for_business_days() -> None:
    with pytest.raises(BadLimit):
        Limit(4, Unit.HOUR, FallsDue.CLOSE_OF_BUSINESS)
    with pytest.raises(BadLimit):
        Limit(4, Unit.BUSINESS_DAY, FallsDue.SAME_TIME)


@pytest.mark.parametrize("text", ["", "soon", "3", "3 fortnights", "3 days, at dawn", "x days", "1/0 days"])
def test_a_limit_nobody_can_read_is_refused_with_its_words(text: str) -> None:
    with pytest.raises(BadLimit, match="is not a limit such as"):
        limit_from(text)


def test_a_limit_reads_back_as_it_is_said() -> None:
    said = ["1 business day", "8 weeks", "36 hours", "6 months"]
    assert [str(limit_from(text)) for text in said] == said


def test_a_pause_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(BadLimit):
        Pause(london(2026, 6, 2), london(2026, 6, 1))


def test_a_calendar_with_lunch_counts_neither_lunch_nor_the_closed_day() -> None:
    berlin = LUNCH.zone
    start = datetime(2026, 3, 28, 12, 30, tzinfo=berlin)
    # Saturday 12:30 to 13:00 and 14:00 to 18:00, three hours of the Sunday of the clock change, stocktaking on Monday
    assert due(start, limit_from("8 business hours"), LUNCH) == datetime(2026, 3, 31, 8, 30, tzinfo=berlin)


def test_two_calendars_made_alike_are_equal_and_give_the_same_dates() -> None:
    twin = Calendar(ENGLAND.zone, ENGLAND.week, ENGLAND.holiday_lists)
    assert twin == ENGLAND
    assert hash(twin) == hash(ENGLAND)
    assert due(FRIDAY_EVENING, limit_from("9 business days"), twin) == due(
        FRIDAY_EVENING, limit_from("9 business days"), ENGLAND
    )


def test_microseconds_are_kept() -> None:
    start = london(2026, 6, 1, 10) + timedelta(microseconds=7)
    assert due(start, limit_from("9 business hours"), ENGLAND) - london(2026, 6, 2, 11) == timedelta(
        microseconds=7
    )
