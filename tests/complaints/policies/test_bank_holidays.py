import json
from datetime import date
from pathlib import Path

import pytest

from complaints.policies.bank_holidays import HolidayList
from complaints.policies.exceptions import BadCalendar

DIVISIONS = {
    "ENG": "england-and-wales",
    "WLS": "england-and-wales",
    "SCT": "scotland",
    "NIR": "northern-ireland",
}
# Proclaimed on 3 February 2026 (gov.scot, "World Cup bank holiday confirmed"): after the day on which older
# copies of the official list were taken. A copy that has it must agree; one that lacks it is only out of date.
PROCLAIMED_LATE = {"SCT": {date(2026, 6, 15)}}


@pytest.mark.parametrize("region", DIVISIONS)
def test_the_bank_holidays_of_each_part_of_the_kingdom_are_the_official_ones(
    region: str, shared_data: Path
) -> None:
    listed = json.loads((shared_data / "calendar" / "gov_uk_bank_holidays.json").read_text())
    official = {date.fromisoformat(event["date"]) for event in listed[DIVISIONS[region]]["events"]}
    ours = {day for year in range(2012, 2029) for day in HolidayList("GB", region).of_year(year)}
    assert len(official) > 130
    assert ours - PROCLAIMED_LATE.get(region, set()) == official - PROCLAIMED_LATE.get(region, set())


def of_country(country: str, shared_data: Path) -> set[date]:
    listed = json.loads((shared_data / "calendar" / f"public_holidays_{country}_COMMON.json").read_text())
    return set(map(date.fromisoformat, listed))


def test_the_holidays_of_all_germany_are_those_of_the_public_list(shared_data: Path) -> None:
    listed = of_country("DE", shared_data)
    ours = {day for year in range(1950, 2051) for day in HolidayList("DE").of_year(year)}
    assert ours == listed


@pytest.mark.parametrize("country", ["US", "IN"])
def test_no_day_is_a_holiday_that_a_list_with_the_optional_ones_lacks(
    country: str, shared_data: Path
) -> None:
    listed = of_country(country, shared_data)
    ours = {day for year in range(1950, 2051) for day in HolidayList(country).of_year(year)}
    assert len(ours) > 300
    assert ours <= listed


def test_independence_day_on_a_saturday_is_kept_on_the_friday_before_as_well() -> None:
    assert {date(2026, 7, 3), date(2026, 7, 4)} <= set(HolidayList("US").of_year(2026))


def test_a_bank_holiday_on_a_saturday_is_kept_on_its_substitute_day_alone() -> None:
    days = HolidayList("GB", "ENG").of_year(2026)
    assert date(2026, 12, 26) not in days
    assert days[date(2026, 12, 28)] == "Boxing Day (substitute day)"


def test_saint_andrew_is_a_holiday_in_scotland_only() -> None:
    assert date(2026, 11, 30) in HolidayList("GB", "SCT").of_year(2026)
    assert date(2026, 11, 30) not in HolidayList("GB", "ENG").of_year(2026)


def test_holidays_are_named_in_english_where_the_list_knows_it() -> None:
    assert HolidayList("DE", "BY").of_year(2026)[date(2026, 12, 25)] == "Christmas Day"


@pytest.mark.parametrize(("country", "region"), [("XX", ""), ("GB", "KENT")])
def test_an_unknown_country_or_region_is_refused_by_name(country: str, region: str) -> None:
    with pytest.raises(BadCalendar, match=region or country):
        HolidayList(country, region)
