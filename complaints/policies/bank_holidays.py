"""Public holidays by country and region: the library `holidays`, corrected where it and the law differ."""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

import holidays

from complaints.policies.exceptions import BadCalendar

SATURDAY = 5
LANGUAGES = ("en_GB", "en_AU", "en_US")


# When a bank holiday of the United Kingdom falls on a weekend another weekday is appointed in its place
# (Banking and Financial Dealings Act 1971, Sch. 1 and s. 1(2)); the Saturday or Sunday itself is then an
# ordinary one. The library lists both days, the official list (gov.uk/bank-holidays) the substitute alone.
WEEKENDS_ARE_REPLACED = frozenset({"GB"})


@dataclass(frozen=True)
class HolidayList:
    country: str
    region: str = ""

    def __post_init__(self) -> None:
        known = holidays.list_supported_countries(include_aliases=True)
        if self.country not in known:
            raise BadCalendar(f"No list of public holidays is known for the country {self.country}.")
        if self.region and self.region not in known[self.country]:
            raise BadCalendar(f"No public holidays are known for the region {self.region} of {self.country}.")

    def of_year(self, year: int) -> Mapping[date, str]:
        return _of_year(self.country, self.region, year)


@lru_cache(maxsize=4096)
def _of_year(country: str, region: str, year: int) -> Mapping[date, str]:
    with warnings.catch_warnings():
        # Of some countries the moon decides, and the list ends earlier than our years; it says so each time.
        warnings.simplefilter("ignore", UserWarning)
        found = holidays.country_holidays(
            country, subdiv=region or None, years=year, expand=False, language=_language(country)
        )
    days = {day: _plainly(found[day]) for day in sorted(found)}
    if country in WEEKENDS_ARE_REPLACED:
        days = {day: name for day, name in days.items() if day.weekday() < SATURDAY}
    return MappingProxyType(days)


def _language(country: str) -> str | None:
    """English where the list has it; otherwise the names stay in the country's own language."""
    spoken = holidays.list_localized_countries().get(country, [])
    return next((language for language in LANGUAGES if language in spoken), None)


def _plainly(name: str) -> str:
    return name.replace("(observed)", "(substitute day)")
