from datetime import UTC, date, datetime

import pytest

from reporting.periods import Period, named

SUMMER_NIGHT = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # already July in London


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("month", date(2026, 7, 1), date(2026, 7, 31)),
        ("last-month", date(2026, 6, 1), date(2026, 6, 30)),
        ("quarter", date(2026, 7, 1), date(2026, 9, 30)),
        ("last-quarter", date(2026, 4, 1), date(2026, 6, 30)),
        ("year", date(2026, 1, 1), date(2026, 12, 31)),
        ("last-year", date(2025, 1, 1), date(2025, 12, 31)),
        ("12-months", date(2025, 8, 1), date(2026, 7, 31)),
    ],
)
def test_a_named_period_is_the_firms_own(code: str, first: date, last: date) -> None:
    assert named(code, SUMMER_NIGHT) == Period(first, last)


@pytest.mark.parametrize("month", range(1, 13))
def test_twelve_months_are_twelve_in_every_month(month: int) -> None:
    period = named("12-months", datetime(2028, month, 28, 12, tzinfo=UTC))
    months = list(period.months())
    assert len(months) == 12
    assert months[-1].first == date(2028, month, 1)


def test_the_last_quarter_of_january_is_last_years() -> None:
    assert named("last-quarter", datetime(2026, 1, 31, tzinfo=UTC)) == Period(
        date(2025, 10, 1), date(2025, 12, 31)
    )


def test_days_begin_at_midnight_in_summer_and_in_winter() -> None:
    march = Period(date(2026, 3, 1), date(2026, 3, 31))
    assert march.start.astimezone(UTC) == datetime(2026, 3, 1, tzinfo=UTC)
    assert march.end.astimezone(UTC) == datetime(2026, 3, 31, 23, tzinfo=UTC)


def test_months_are_cut_where_the_period_is() -> None:
    period = Period(date(2026, 1, 15), date(2026, 3, 2))
    assert [(one.first, one.last) for one in period.months()] == [
        (date(2026, 1, 15), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 3, 1), date(2026, 3, 2)),
    ]


@pytest.mark.parametrize(
    ("period", "label"),
    [
        (Period(date(2026, 3, 1), date(2026, 3, 31)), "March 2026"),
        (Period(date(2026, 3, 2), date(2026, 3, 31)), "2 March 2026 to 31 March 2026"),
        (Period(date(2026, 3, 2), date(2026, 3, 2)), "2 March 2026"),
    ],
)
def test_a_period_is_called_by_its_month_where_it_is_one(period: Period, label: str) -> None:
    assert period.label == label
