from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo

from complaints.intake.reading.exceptions import BadDate
from complaints.intake.reading.layouts import Orders
from complaints.intake.reading.moments import (
    FIXED,
    LONGEST,
    Written,
    clock_time,
    day_of,
    moment,
    orders_of,
    written,
)

_REMEMBERED = 20_000


def certain_day(raw: str) -> date | None:
    """The day, where it is written so that nobody can doubt it: with the month's name or the year in front."""
    try:
        found = written(raw)
        return day_of(found, "ymd") if found.shape == FIXED else None
    except BadDate:
        return None


@dataclass(slots=True)
class DateColumn:
    """Reads one column whose orders are decided. A date that does not fit them is refused, not bent until it fits."""

    orders: Orders
    zone: tzinfo
    now: datetime | None = None
    _days: dict[tuple[str, str], tuple[date, time | None]] = field(default_factory=dict)

    def read(self, raw: str, *, clock: str = "", check: str = "") -> datetime:
        """`clock`: a separate time of day, used where the date has none. `check`: the same day in other words."""
        check = check[:LONGEST]
        known = self._days.get((raw, check))
        if known is None:
            known = self._remember(raw, check)
        day, at = known
        if clock and at is None:
            at = clock_time(clock)
        found = moment(day, at, self.zone)
        if self.now is not None and found > self.now + timedelta(days=1):
            raise BadDate(f"the date “{raw[:40]}” lies in the future")
        return found

    def _remember(self, raw: str, check: str) -> tuple[date, time | None]:
        found = written(raw)
        known = self._checked_day(found, raw, check), found.clock
        if len(self._days) >= _REMEMBERED:
            self._days.clear()
        self._days[raw, check] = known
        return known

    def _checked_day(self, found: Written, raw: str, check: str) -> date:
        witness = certain_day(check) if check else None
        if witness is None:
            return self._day(found, raw)
        if witness not in _every_reading(found):
            raise BadDate(f"the two dates “{raw[:40]}” and “{check[:40]}” are not the same day")
        return witness

    def _day(self, found: Written, raw: str) -> date:
        order = self.orders.get(found.shape) if found.shape else "ymd"
        if order is None:
            return self._only_reading(found, raw)
        try:
            return day_of(found, order)
        except BadDate as reason:
            raise BadDate(f"“{raw[:40]}” cannot be a date ({_spoken(order, found)}): {reason}") from None

    def _only_reading(self, found: Written, raw: str) -> date:
        """A layout the sample never showed is believed only where it can be read in one way."""
        readings = set(_every_reading(found))
        if len(readings) != 1:
            raise BadDate(
                f"“{raw[:40]}” is written unlike the other dates, and day and month cannot be told apart"
            )
        return readings.pop()


def _every_reading(found: Written) -> list[date]:
    days: list[date] = []
    for order in orders_of(found.shape):
        try:
            days.append(day_of(found, order))
        except BadDate:
            continue
    return days


def _spoken(order: str, found: Written) -> str:
    names: Mapping[str, str] = {"d": "day", "m": "month", "y": "year"}
    return ", ".join(names[letter] for letter in order) if found.shape else "year, month, day"
