"""Deadlines a second, beside a cumulative minute table in the same run. Not a test: it says how fast, not whether.

python -m tests.complaints.policies.benchmark_clock
"""

import random
import sys
import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from complaints.policies.clock import due
from complaints.policies.deadlines import deadlines_for
from complaints.policies.explanation import due_explained
from complaints.policies.limits import limit_from
from complaints.policies.packs import in_force
from tests.complaints.policies.calendars import ENGLAND, LONDON

OPENS, A_DAY = 9 * 60, 8 * 60
FIRST, LAST = date(2023, 1, 1), date(2030, 1, 1)
ROUNDS = 3


class MinuteTable:
    """The working minutes before each date, naive and for one calendar: the mark to measure by."""

    def __init__(self) -> None:
        self.before: list[int] = []
        total, day = 0, FIRST
        while day < LAST:
            self.before.append(total)
            total += A_DAY if ENGLAND.is_business_day(day) else 0
            day += timedelta(days=1)
        self.first, self.midnight = FIRST.toordinal(), datetime(FIRST.year, 1, 1)  # noqa: DTZ001

    def due(self, start: datetime, minutes: int) -> datetime:
        here = start.toordinal() - self.first
        worked = self.before[here]
        if self.before[here + 1] > worked:
            worked += min(max(start.hour * 60 + start.minute - OPENS, 0), A_DAY)
        there = bisect_left(self.before, worked + minutes) - 1
        return self.midnight + timedelta(days=there, minutes=OPENS + worked + minutes - self.before[there])


def rate(ask: Callable[[datetime], object], moments: Sequence[datetime]) -> float:
    best = 0.0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for moment in moments:
            ask(moment)
        best = max(best, len(moments) / (time.perf_counter() - began))
    return best


def main() -> None:
    chance = random.Random(1)
    begin = datetime(2024, 1, 1)  # noqa: DTZ001
    naive = [begin + timedelta(minutes=chance.randrange(60 * 24 * 900)) for _ in range(100_000)]
    local = [moment.replace(tzinfo=LONDON) for moment in naive]
    utc = [moment.astimezone(UTC) for moment in local]
    table, sixteen, house = (
        MinuteTable(),
        limit_from("16 business hours"),
        in_force("house", date(2026, 1, 1)),
    )
    twenty, weeks = limit_from("20 business days"), limit_from("8 weeks")
    agree = sum(
        table.due(plain, 960) == due(moment, sixteen, ENGLAND).replace(tzinfo=None)
        for plain, moment in zip(naive, local, strict=True)
    )
    mark = rate(lambda moment: table.due(moment, 960), naive)
    rows = [
        ("minute table, 16 business hours", mark),
        ("due, 16 business hours, from local time", rate(lambda m: due(m, sixteen, ENGLAND), local)),
        ("due, 16 business hours, from UTC", rate(lambda m: due(m, sixteen, ENGLAND), utc)),
        ("due, 20 business days", rate(lambda m: due(m, twenty, ENGLAND), utc)),
        (
            "explained, 16 business hours",
            rate(lambda m: due_explained(m, sixteen, ENGLAND).reasons, utc[:5000]),
        ),
        (
            "explained, 20 business days",
            rate(lambda m: due_explained(m, twenty, ENGLAND).reasons, utc[:5000]),
        ),
        ("explained, 8 weeks", rate(lambda m: due_explained(m, weeks, ENGLAND).reasons, utc[:5000])),
        ("all deadlines of the house, explained", rate(lambda m: deadlines_for(house, m), utc[:2000])),
        (
            "all deadlines of the house, unexplained",
            rate(lambda m: deadlines_for(house, m, explained=False), utc[:2000]),
        ),
    ]
    for name, per_second in rows:
        sys.stdout.write(f"{name:45} {per_second:>10,.0f}/s {per_second / mark:>6.0%}\n")
    sys.stdout.write(f"agree with the table: {agree} of {len(naive)}\n")


if __name__ == "__main__":
    main()
