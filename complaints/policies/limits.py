"""How long a rule gives, and the times that do not count."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from complaints.policies.almanac import joined
from complaints.policies.calendars import in_utc
from complaints.policies.exceptions import BadLimit

FIRST_DAY = "first day counts"
MICROSECOND = timedelta(microseconds=1)


class Unit(StrEnum):
    MINUTE = "minute"
    HOUR = "hour"
    BUSINESS_HOUR = "business_hour"
    DAY = "day"
    BUSINESS_DAY = "business_day"
    WEEK = "week"
    MONTH = "month"


TIMED = {
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.BUSINESS_HOUR: timedelta(hours=1),
}


DAYS_IN = {
    Unit.MINUTE: Fraction(1, 24 * 60),
    Unit.HOUR: Fraction(1, 24),
    Unit.BUSINESS_HOUR: Fraction(1, 24),
    Unit.DAY: Fraction(1),
    Unit.BUSINESS_DAY: Fraction(1),
    Unit.WEEK: Fraction(7),
    Unit.MONTH: Fraction(30),
}
LONGEST_DAYS = 36_525


class FallsDue(StrEnum):
    """At what time of the last day a limit counted in days falls due."""

    SAME_TIME = "same_time"
    END_OF_DAY = "end_of_day"
    CLOSE_OF_BUSINESS = "close_of_business"


class StartRule(StrEnum):
    RECEIVED = "received"
    NEXT_BUSINESS_DAY = "next_business_day"  # the first business day after the receipt is day one
    ACKNOWLEDGED = "acknowledged"
    LAST_MESSAGE = "last_message"  # our last word to the customer; the receipt while there is none
    EXTERNAL = "external"  # a date somebody else sets: the day a portal sent it, the day a body asked
    ANSWERED = "answered"  # our final answer
    STAGE_REQUESTED = "stage_requested"  # the customer asks for the next stage
    STAGE_ACKNOWLEDGED = "stage_acknowledged"


@dataclass(frozen=True)
class Limit:
    """So many units.

    `falls_due` is for limits counted in days. Left out it is the close of business for business days, the
    end of the day when the first day counts, and the same time of day for other units: a week from 10:15 is
    10:15. `from_first_day` makes the day of the start day one; otherwise it is day nought, as in "within N
    days after".
    """

    n: int | float | Decimal | Fraction
    unit: Unit
    falls_due: FallsDue | None = None
    from_first_day: bool = False

    def __post_init__(self) -> None:
        self._check_length()
        if self.unit in TIMED:
            self._check_timed()
        elif self.n != int(self.n) or self.n < 1:
            raise BadLimit(f"A limit in {self.unit}s must be a whole number, one or more; not {self.n}.")
        elif self.unit is Unit.BUSINESS_DAY and self.falls_due is FallsDue.SAME_TIME:
            raise BadLimit("A limit in business days ends at close of business or at the end of the day.")

    def _check_length(self) -> None:
        try:
            length = Fraction(self.n) * DAYS_IN[self.unit]
        except (ValueError, OverflowError):
            raise BadLimit(f"A limit must be a number, not {self.n}.") from None
        if length < 0:
            raise BadLimit(f"A limit cannot be negative: {self.n} {self.unit}.")
        if length > LONGEST_DAYS:
            raise BadLimit(f"A limit of more than a hundred years is a mistake: {self.n} {self.unit}.")

    def _check_timed(self) -> None:
        if self.falls_due or self.from_first_day:
            raise BadLimit(f"A limit in {self.unit}s falls due to the minute; it has no day to end.")

    @cached_property
    def span(self) -> timedelta:
        """The length of a limit in minutes, hours or business hours, to the microsecond."""
        return round(Fraction(self.n) * (TIMED[self.unit] // MICROSECOND)) * MICROSECOND

    @cached_property
    def ends(self) -> FallsDue:
        if self.falls_due:
            return self.falls_due
        if self.unit is Unit.BUSINESS_DAY:
            return FallsDue.CLOSE_OF_BUSINESS
        return FallsDue.END_OF_DAY if self.from_first_day else FallsDue.SAME_TIME

    @property
    def spelled(self) -> str:
        """So that `limit_from` reads the same limit out of it."""
        options = [self.falls_due.replace("_", " ")] if self.falls_due else []
        return ", ".join([str(self), *options, *([FIRST_DAY] if self.from_first_day else [])])

    def __str__(self) -> str:
        number = f"{self.n:g}" if isinstance(self.n, float) else str(self.n)
        noun = self.unit.replace("_", " ")
        return f"{number} {noun}" if self.n == 1 else f"{number} {noun}s"


@dataclass(frozen=True)
class Pause:
    """A stretch in which the clock stood. One that has not ended yet is given the present as its end.

    `state` is the lifecycle state that made it, for packs to say which clocks it may stop.
    """

    start: datetime
    end: datetime
    reason: str = ""
    state: str = ""

    def __post_init__(self) -> None:
        if in_utc(self.end) < in_utc(self.start):
            raise BadLimit("A pause cannot end before it starts.")


def limit_from(text: str) -> Limit:
    """Read "3 business days", "1.5 business hours", "8 weeks, end of day", "5 days, first day counts"."""
    amount, *options = (part.strip() for part in text.split(","))
    number, _, noun = amount.partition(" ")
    try:
        n = Fraction(number)
        unit = Unit(noun.strip().removesuffix("s").replace(" ", "_"))
        first = FIRST_DAY in options
        ends = [FallsDue(option.replace(" ", "_")) for option in options if option != FIRST_DAY]
    except (ValueError, ZeroDivisionError):
        raise BadLimit(
            f"{text!r} is not a limit such as '3 business days' or '8 weeks, end of day'."
        ) from None
    if len(ends) > 1:
        raise BadLimit(f"{text!r} says twice when it falls due.")
    return Limit(int(n) if n == int(n) else n, unit, ends[0] if ends else None, from_first_day=first)


def standing(
    pauses: Iterable[Pause], since: datetime, until: datetime | None = None
) -> list[tuple[datetime, datetime]]:
    """The pauses between two moments in UTC, those that touch made one, so that nothing counts twice."""
    spans = [(max(pause.start.astimezone(UTC), since), pause.end.astimezone(UTC)) for pause in pauses]
    if until is not None:
        spans = [(start, min(end, until)) for start, end in spans]
    return list(joined([(start, end) for start, end in spans if start < end]))
