"""Medians and ninetieth percentiles, interpolated between neighbours, computed where the rows are.

PostgreSQL has them as aggregates. Elsewhere rows are ranked by duration and only those next to the mark are fetched;
both ways give the same number, by test.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from functools import reduce
from math import ceil, floor
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Aggregate, Count, DurationField, ExpressionWrapper, F, Q, Value, Window
from django.db.models.expressions import Combinable
from django.db.models.functions import RowNumber

from reporting.dimensions import Dimension
from reporting.figures import Span
from reporting.figures.figure import Rows
from reporting.scope import Scope

MEDIAN, NINTH_TENTH = Fraction(1, 2), Fraction(9, 10)
#: The whole of a query without groups.
ALL = ""


@dataclass(frozen=True, slots=True)
class Durations:
    """Of so many rows, half took at most `median`, nine tenths at most `ninth_tenth`."""

    number: int
    median: timedelta
    ninth_tenth: timedelta


class Percentile(Aggregate):
    """PostgreSQL's `percentile_cont`. Its fraction comes from this module alone."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()

    def __init__(self, expression: Any, fraction: Fraction) -> None:
        super().__init__(expression, fraction=float(fraction))


def durations(span: Span, scope: Scope) -> Durations | None:
    return _computed(_timed(span, scope).annotate(group=Value(ALL))).get(ALL)


def durations_by(span: Span, dimension: Dimension, scope: Scope) -> dict[Hashable, Durations]:
    return _computed(_timed(span, scope).annotate(group=dimension.key(span.figure)))


def _timed(span: Span, scope: Scope) -> Rows:
    rows: Rows = span.figure.rows(scope).annotate(took=_took(span))
    return rows.order_by()


def _took(span: Span) -> Combinable:
    lasted = F(span.figure.moment) - F(span.figure.source.path("received_at"))
    return ExpressionWrapper(lasted, output_field=DurationField())


def _computed(rows: Rows) -> dict[Hashable, Durations]:
    return by_aggregate(rows) if connection.vendor == "postgresql" else by_rank(rows)


def by_aggregate(rows: Rows) -> dict[Hashable, Durations]:
    """Of no rows at all the whole is still one row, of nothing."""
    computed = rows.values("group").annotate(
        number=Count("pk"), median=Percentile("took", MEDIAN), ninth=Percentile("took", NINTH_TENTH)
    )
    return {
        row["group"]: Durations(row["number"], row["median"], row["ninth"])
        for row in computed
        if row["number"]
    }


def by_rank(rows: Rows) -> dict[Hashable, Durations]:
    """At most four rows a group are fetched, however many are ranked."""
    ranked = rows.annotate(
        number=Window(Count("pk"), partition_by=[F("group")]),
        rank=Window(RowNumber(), partition_by=[F("group")], order_by=[F("took").asc(), F("pk").asc()]),
    )
    sizes: dict[Hashable, int] = {}
    found: dict[Hashable, dict[int, timedelta]] = defaultdict(dict)
    for group, number, rank, took in ranked.filter(NEAR).values_list("group", "number", "rank", "took"):
        sizes[group] = number
        found[group][rank] = took
    return {
        group: Durations(
            size, _between(found[group], size, MEDIAN), _between(found[group], size, NINTH_TENTH)
        )
        for group, size in sizes.items()
    }


#: Next to either mark, in whole numbers, which both databases divide downwards.
LAST = F("number") - 1
NEAR = reduce(
    or_,
    (
        Q(rank=(LAST * mark.numerator + up) / mark.denominator + 1)
        for mark in (MEDIAN, NINTH_TENTH)
        for up in (0, mark.denominator - 1)
    ),
)


def _beside(number: int, mark: Fraction) -> tuple[int, int]:
    """The ranks, from one, on either side of the mark."""
    place = mark * (number - 1)
    return floor(place) + 1, ceil(place) + 1


def _between(took: Mapping[int, timedelta], number: int, mark: Fraction) -> timedelta:
    below, above = _beside(number, mark)
    part = mark * (number - 1) - (below - 1)
    return took[below] + (took[above] - took[below]) * float(part)
