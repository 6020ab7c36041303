"""A sum as a small calendar: one row a week, one square a day, each with what it did to the sum."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from complaints.policies.steps import Step, Why

DAYS_A_WEEK = 7
#: What a square shows when one day did several things to the sum.
LOUDEST = (Why.END, Why.START, Why.PAUSED, Why.SKIPPED, Why.COUNTED)


@dataclass(frozen=True)
class Square:
    day: date
    marks: frozenset[Why] = field(default_factory=frozenset)
    says: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        return next((mark.value for mark in LOUDEST if mark in self.marks), "outside")

    @property
    def begins_month(self) -> bool:
        return self.day.day == 1


def strip(steps: Iterable[Step]) -> tuple[tuple[Square, ...], ...]:
    """Whole weeks, Monday first, from the first day of the sum to its last. Nothing for a sum without days."""
    squares = _squares(steps)
    if not squares:
        return ()
    first, last = min(squares), max(squares)
    day = first - timedelta(days=first.weekday())
    weeks = []
    while day <= last:
        row = (day + timedelta(days=number) for number in range(DAYS_A_WEEK))
        weeks.append(tuple(squares.get(one, Square(one)) for one in row))
        day += timedelta(days=DAYS_A_WEEK)
    return tuple(weeks)


def _squares(steps: Iterable[Step]) -> dict[date, Square]:
    found: dict[date, Square] = {}
    for step in steps:
        before = found.get(step.day, Square(step.day))
        found[step.day] = Square(step.day, before.marks | {step.why}, (*before.says, step.text))
    return found
