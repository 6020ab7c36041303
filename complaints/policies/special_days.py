"""Days that differ from their weekday, and what a receipt outside business counts as."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from complaints.policies.exceptions import BadCalendar
from complaints.policies.periods import Period

LEAP_YEAR = 2000


class AfterHours(StrEnum):
    """What a receipt outside business counts as, when a rule counts business days from it.

    FCA DISP 1.5.3 G: a complaint received on a day that is not a business day, or after close of business,
    *may* be treated as received on the next one. A firm that does not use the permission says same_day.
    """

    SAME_DAY = "same_day"
    NEXT_BUSINESS_DAY = "next_business_day"


@dataclass(frozen=True)
class YearlyHoliday:
    month: int
    day: int
    name: str

    def __post_init__(self) -> None:
        try:
            date(LEAP_YEAR, self.month, self.day)
        except ValueError:
            raise BadCalendar(f"There is no day {self.day} in month {self.month}.") from None


@dataclass(frozen=True)
class Closure:
    day: date
    name: str


@dataclass(frozen=True)
class Opening:
    """A date with hours of its own; stronger than the week, the holidays and the closures."""

    day: date
    periods: tuple[Period, ...]
    name: str

    def __post_init__(self) -> None:
        if not self.periods:
            raise BadCalendar(f"{self.name}: an opening needs hours; a day without any is a closure.")
