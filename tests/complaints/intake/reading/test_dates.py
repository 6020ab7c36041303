from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from complaints.intake.reading.dates import DateColumn, certain_day
from complaints.intake.reading.exceptions import BadDate
from complaints.intake.reading.moments import clock_time, day_of, written

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("raw", "orders", "expected"),
    [
        ("2020-03-18", {}, date(2020, 3, 18)),
        ("2020/3/18", {}, date(2020, 3, 18)),
        ("2020.03.18", {}, date(2020, 3, 18)),
        ("20200318", {}, date(2020, 3, 18)),
        ("3/18/20", {"/2": "mdy"}, date(2020, 3, 18)),
        ("03/18/2020", {"/4": "mdy"}, date(2020, 3, 18)),
        ("18.03.2020", {".4": "dmy"}, date(2020, 3, 18)),
        ("18. 3. 2020", {".4": "dmy"}, date(2020, 3, 18)),
        ("22-04-15", {"-2": "dmy"}, date(2015, 4, 22)),
        ("22-04-15", {"-2": "ymd"}, date(2022, 4, 15)),
        ("20/3/8", {}, date(2020, 3, 8)),
        ("4/8/2015", {"/4": "dmy"}, date(2015, 8, 4)),
        ("22-Apr-15", {}, date(2015, 4, 22)),
        ("4-Aug-15", {}, date(2015, 8, 4)),
        ("April 22, 2015", {}, date(2015, 4, 22)),
        ("Wednesday, April 22, 2015", {}, date(2015, 4, 22)),
        ("22nd of April 2015", {}, date(2015, 4, 22)),
        ("2015-Apr-22", {}, date(2015, 4, 22)),
        ("18. März 2020", {}, date(2020, 3, 18)),
        ("Mittwoch, 18. März 2020", {}, date(2020, 3, 18)),
        ("18 août 2020", {}, date(2020, 8, 18)),
        ("1er juillet 2020", {}, date(2020, 7, 1)),
        ("18 de marzo de 2020", {}, date(2020, 3, 18)),
        ("18 dic 2020", {}, date(2020, 12, 18)),
        ("18-okt-2020", {}, date(2020, 10, 18)),
        ("18 października 2020", {}, date(2020, 10, 18)),
        ("2020年3月18日", {}, date(2020, 3, 18)),
        ("22-Apr-85", {}, date(1985, 4, 22)),
    ],
)
def test_a_day_is_read_as_it_was_meant(raw: str, orders: dict[str, str], expected: date) -> None:
    assert DateColumn(orders, UTC).read(raw) == datetime(
        expected.year, expected.month, expected.day, tzinfo=UTC
    )


def test_a_day_without_a_time_begins_at_midnight_in_the_firms_zone() -> None:
    read = DateColumn({}, LONDON).read("2020-07-18")
    assert read == datetime(2020, 7, 17, 23, 0, tzinfo=UTC)
    assert read.utcoffset() == timedelta(hours=1)


@pytest.mark.parametrize(
    ("raw", "moment"),
    [
        ("2025-08-02T05:03:37.000Z", datetime(2025, 8, 2, 5, 3, 37, tzinfo=UTC)),
        ("2025-08-02T05:03:37.123456789Z", datetime(2025, 8, 2, 5, 3, 37, 123456, tzinfo=UTC)),
        ("2025-08-02 05:03:37+02:00", datetime(2025, 8, 2, 3, 3, 37, tzinfo=UTC)),
        ("2025-08-02T05:03:37-0500", datetime(2025, 8, 2, 10, 3, 37, tzinfo=UTC)),
        ("20250802T050337Z", datetime(2025, 8, 2, 5, 3, 37, tzinfo=UTC)),
        ("Aug 2, 2025 5:03 PM EST", datetime(2025, 8, 2, 22, 3, tzinfo=UTC)),
        ("2025-08-02 05:03", datetime(2025, 8, 2, 4, 3, tzinfo=UTC)),
    ],
)
def test_a_written_zone_keeps_its_moment_and_none_means_the_firms(raw: str, moment: datetime) -> None:
    assert DateColumn({}, LONDON).read(raw) == moment


def test_a_separate_time_joins_the_date_but_yields_to_a_time_within_it() -> None:
    column = DateColumn({}, UTC)
    assert column.read("2015-04-22", clock="3:53:50 PM") == datetime(2015, 4, 22, 15, 53, 50, tzinfo=UTC)
    assert column.read("2015-04-22 08:00", clock="3:53:50 PM") == datetime(2015, 4, 22, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("12:00 AM", (0, 0)),
        ("12:30 pm", (12, 30)),
        ("3 PM", (15, 0)),
        ("3:53 p.m.", (15, 53)),
        ("15.53 Uhr", (15, 53)),
        ("15h53", (15, 53)),
    ],
)
def test_clocks_of_twelve_and_of_twenty_four_hours(raw: str, expected: tuple[int, int]) -> None:
    found = clock_time(raw)
    assert (found.hour, found.minute) == expected


def test_a_time_with_a_zone_carries_it() -> None:
    assert clock_time("15:53 +0530").tzinfo == timezone(timedelta(hours=5, minutes=30))


@pytest.mark.parametrize(
    "raw", ["25:00", "13:00 PM", "0:30 AM", "noon", "7", "15:53 XYZ", "12:61", "10:00 +99:00"]
)
def test_nonsense_is_no_time(raw: str) -> None:
    with pytest.raises(BadDate):
        clock_time(raw)


@pytest.mark.parametrize(
    "raw",
    [
        "",
        "yesterday",
        "31/02/2020",
        "2020-13-01",
        "00/00/0000",
        "01/01/1900",
        "42116",
        "1/2/3",
        "12-Foo-2020",
        "999-1-1",
        "20209999",
    ],
)
def test_nonsense_is_no_date(raw: str) -> None:
    with pytest.raises(BadDate):
        DateColumn({"/4": "dmy", "/2": "dmy"}, UTC).read(raw)


def test_a_date_that_does_not_fit_its_column_is_refused_and_the_reason_names_the_order() -> None:
    with pytest.raises(BadDate, match="month, day, year"):
        DateColumn({"/4": "mdy"}, UTC).read("22/04/2015")


def test_a_layout_the_sample_never_showed_is_read_only_where_it_has_one_meaning() -> None:
    column = DateColumn({}, UTC)
    assert column.read("22/04/2015").date() == date(2015, 4, 22)
    with pytest.raises(BadDate, match="unlike the other dates"):
        column.read("4/8/2015")


def test_a_date_in_the_future_is_refused_with_a_days_grace_for_other_zones() -> None:
    column = DateColumn({}, UTC, now=datetime(2026, 3, 1, 12, 0, tzinfo=UTC))
    assert column.read("2026-03-02").date() == date(2026, 3, 2)
    with pytest.raises(BadDate, match="future"):
        column.read("2026-03-03")


def test_the_check_column_outweighs_the_order_and_a_contradiction_is_refused() -> None:
    column = DateColumn({"/4": "mdy"}, UTC)
    assert column.read("4/8/2015", check="4-Aug-15").date() == date(2015, 8, 4)
    assert column.read("4/8/2015", check="").date() == date(2015, 4, 8)
    with pytest.raises(BadDate, match="not the same day"):
        column.read("4/8/2015", check="5-Aug-15")


def test_memory_of_dates_is_bounded() -> None:
    column = DateColumn({}, UTC)
    start = datetime(1990, 1, 1, tzinfo=UTC)
    for number in range(25_000):
        column.read((start + timedelta(minutes=number)).strftime("%Y-%m-%d %H:%M"))
    assert len(column._days) <= 20_000


def test_only_a_month_name_or_a_year_in_front_is_beyond_doubt() -> None:
    assert certain_day("22-Apr-15") == date(2015, 4, 22)
    assert certain_day("2015-04-22") == date(2015, 4, 22)
    assert certain_day("22/04/2015") is None
    assert certain_day("no date") is None


def test_a_leap_day_exists_only_in_leap_years() -> None:
    assert day_of(written("29/02/2020"), "dmy") == date(2020, 2, 29)
    with pytest.raises(BadDate, match="no such day"):
        day_of(written("29/02/2021"), "dmy")
