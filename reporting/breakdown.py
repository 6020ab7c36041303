"""One table: rows by month, product, cause, channel or business; columns the same figures everywhere."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from complaints.resolution.spreadsheets import Cell
from reporting.counting import grouped, spelled
from reporting.dimensions import COMPANY, HANDLER, MONTH, Dimension
from reporting.durations import Durations, durations_by
from reporting.figures import Figure, Rate, clocks, ledger, satisfaction, volumes
from reporting.periods import CUSTOM
from reporting.scope import Scope
from reporting.shown import Number, Share, Took, number, share

MOST_ROWS = 50
FLOWS = (volumes.received, ledger.answered, volumes.closed, ledger.reopened, volumes.withdrawn)
RATES = (clocks.answered_in_law, clocks.answered_on_time, ledger.upheld_rate, satisfaction.satisfaction)
SPAN = ledger.to_answer


@dataclass(frozen=True, slots=True)
class Row:
    """`label` says what the row is; `is_partial` that its month is not over."""

    label: str
    numbers: list[Number]
    took: Took
    shares: list[Share]
    is_partial: bool = False

    @property
    def received(self) -> Number:
        return self.numbers[0]


@dataclass(frozen=True, slots=True)
class Breakdown:
    dimension: Dimension
    figures: list[Figure]
    rows: list[Row]
    left_out: int = 0

    @property
    def rates(self) -> tuple[Rate, ...]:
        return rates_by(self.dimension)

    @property
    def span(self) -> Any:
        return SPAN


Value = tuple[Hashable, str, dict[str, str]]
Counted = dict[Hashable, dict[str, int]]


def figures_by(dimension: Dimension) -> list[Figure]:
    """What is open now belongs to no month."""
    return [*FLOWS] if dimension is MONTH else [*FLOWS, volumes.open_now]


def rates_by(dimension: Dimension) -> tuple[Rate, ...]:
    """Of a person also how often their answers were taken up again."""
    return (ledger.own_reopen_rate, *RATES) if dimension is HANDLER else RATES


def breakdown(dimension: Dimension, scope: Scope, *, most: int | None = MOST_ROWS) -> Breakdown:
    figures = figures_by(dimension)
    rates = rates_by(dimension)
    parts = [figure for rate in rates for figure in (rate.part, rate.whole)]
    counted = grouped({one.code: one for one in [*figures, SPAN.figure, *parts]}.values(), dimension, scope)
    took = durations_by(SPAN, dimension, scope)
    values = list(_months(scope)) if dimension is MONTH else _ranked(dimension, scope, counted)
    shown = values if dimension is MONTH else values[:most]
    largest = max((counted.get(value, {}).get("received", 0) for value, _, _ in shown), default=0)
    rows = [_row(one, figures, rates, counted, took, scope, largest) for one in shown]
    return Breakdown(dimension, figures, rows, left_out=len(values) - len(shown))


def _row(
    value: Value,
    figures: list[Figure],
    rates: Iterable[Rate],
    counted: Counted,
    took: dict[Hashable, Durations],
    scope: Scope,
    most: int,
) -> Row:
    key, label, narrowing = value
    numbers = counted.get(key, {})
    return Row(
        label,
        [number(one, numbers.get(one.code, 0), scope, narrowing, most=most) for one in figures],
        Took(SPAN, number(SPAN.figure, numbers.get(SPAN.figure.code, 0), scope, narrowing), took.get(key)),
        [share(rate, numbers, scope, narrowing) for rate in rates],
        is_partial=isinstance(key, date) and narrowing["last"] > str(scope.now.date()),
    )


def _months(scope: Scope) -> Iterator[Value]:
    """Every month of the period, those without complaints too: a gap is a figure."""
    for month in scope.period.months():
        narrowing = {"period": CUSTOM, "first": str(month.first), "last": str(month.last)}
        yield month.first.replace(day=1), month.label, narrowing


def _ranked(dimension: Dimension, scope: Scope, counted: Counted) -> list[Value]:
    """Most complained about first."""
    names = _spellings(scope) if dimension is COMPANY else dimension.names()
    keys = sorted(
        (key for key, numbers in counted.items() if any(numbers.values())),
        key=lambda key: (-counted[key].get("received", 0), str(names.get(key, ""))),
    )
    return [
        (
            key,
            str(names.get(key, key) or dimension.nothing),
            dimension.narrowing(key, str(names.get(key, key))),
        )
        for key in keys
    ]


def _spellings(scope: Scope) -> dict[Hashable, str]:
    """Names are compared without case; those that nothing was received for are written as they are compared."""
    return spelled(volumes.received, "company", COMPANY, scope)


def header(table: Breakdown) -> list[Cell]:
    rates = [title for rate in table.rates for title in (rate.title, f"{rate.title}, of")]
    spans = [f"{SPAN.title}, {mark}, hours" for mark in ("median", "90th percentile")]
    return [table.dimension.noun, *(figure.title for figure in table.figures), *spans, *rates]


def lines(table: Breakdown) -> Iterator[list[Cell]]:
    """The table for a spreadsheet; rates as their two counts, so that whoever adds rows up adds rightly."""
    yield header(table)
    for row in table.rows:
        counts = [count for one in row.shares for count in (one.part.value, one.whole.value)]
        yield [row.label, *(one.value for one in row.numbers), *_hours(row.took.durations), *counts]


def _hours(took: Durations | None) -> list[Cell]:
    if took is None:
        return ["", ""]
    return [round(lasted.total_seconds() / 3600, 2) for lasted in (took.median, took.ninth_tenth)]
