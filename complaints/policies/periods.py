"""Hours of a day, by the clock on the wall."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from itertools import pairwise

from complaints.policies.exceptions import BadCalendar

MINUTES_A_DAY = 24 * 60
DAYS_A_WEEK = 7


@dataclass(frozen=True, order=True)
class Period:
    """Opening and closing in minutes after midnight; the close itself is no longer working time."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= MINUTES_A_DAY:
            raise BadCalendar(f"{self} is not a period of one day: it must open before it closes.")

    @cached_property
    def opens_after(self) -> timedelta:
        return timedelta(minutes=self.opens)

    @cached_property
    def closes_after(self) -> timedelta:
        return timedelta(minutes=self.closes)

    @classmethod
    def between(cls, opens: str, closes: str) -> "Period":
        return cls(minutes_of(opens), minutes_of(closes))

    def __str__(self) -> str:
        return f"{clock_time(self.opens)} to {clock_time(self.closes)}"


Week = tuple[tuple[Period, ...], ...]


def minutes_of(text: str) -> int:
    """Minutes after midnight of "09:30"; "24:00" is the midnight that ends the day."""
    hour, colon, minute = text.partition(":")
    if not (colon and hour.isdecimal() and minute.isdecimal() and len(minute) == len("00")):
        raise BadCalendar(f"{text!r} is not a time of day such as 09:30.")
    minutes = int(hour) * 60 + int(minute)
    if int(minute) >= len(range(60)) or minutes > MINUTES_A_DAY:
        raise BadCalendar(f"{text!r} is not a time of day such as 09:30.")
    return minutes


def clock_time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def in_order(periods: tuple[Period, ...]) -> bool:
    return all(one.closes <= other.opens for one, other in pairwise(periods))


def same_every(days: range, *periods: Period) -> Week:
    """A week in which the days counted from Monday as nought have these periods and the others none."""
    return tuple(periods if day in days else () for day in range(DAYS_A_WEEK))
