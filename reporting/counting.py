"""Figures into numbers, set-based: one query a batch, whole or by group."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Max, Q

from reporting.dimensions import Dimension
from reporting.figures import Figure
from reporting.figures.figure import Rows
from reporting.scope import Scope

Numbers = dict[str, int]
FEW = 3


def counts(figures: Iterable[Figure], scope: Scope) -> Numbers:
    """The number of each figure, by code."""
    numbers: Numbers = {}
    for batch in _batches(figures):
        counted = _base(batch, scope).aggregate(**_counters(batch, scope))
        numbers |= {figure.code: counted[f"n_{figure.code}"] for figure in batch}
    return numbers


def grouped(figures: Iterable[Figure], dimension: Dimension, scope: Scope) -> dict[Hashable, Numbers]:
    """The same by the values of a dimension. A value without rows of a figure lacks it."""
    found: dict[Hashable, Numbers] = defaultdict(dict)
    for batch in _batches(figures):
        rows = _base(batch, scope).annotate(group=dimension.key(batch[0])).order_by()
        for row in rows.values("group").annotate(**_counters(batch, scope)):
            found[row["group"]] |= {figure.code: row[f"n_{figure.code}"] for figure in batch}
    return found


def spelled(figure: Figure, path: str, dimension: Dimension, scope: Scope) -> dict[Hashable, str]:
    """One spelling of each value that a dimension compares without case."""
    rows = figure.rows(scope).annotate(group=dimension.key(figure)).order_by()
    return dict(rows.values("group").annotate(spelling=Max(path)).values_list("group", "spelling"))


def _batches(figures: Iterable[Figure]) -> Iterator[list[Figure]]:
    batches: dict[Hashable, list[Figure]] = defaultdict(list)
    for figure in figures:
        batches[figure.batch].append(figure)
    yield from batches.values()


def _base(batch: list[Figure], scope: Scope) -> Rows:
    """The rows of a batch. Of a few figures an index finds theirs; for many, asking costs more than it saves."""
    rows = batch[0].base(scope)
    conditions = [figure.condition(scope) for figure in batch]
    return rows.filter(reduce(or_, conditions)) if len(batch) <= FEW and all(conditions) else rows


def _counters(batch: list[Figure], scope: Scope) -> dict[str, Any]:
    return {f"n_{figure.code}": _counter(figure.condition(scope)) for figure in batch}


def _counter(condition: Q) -> Count:
    return Count("pk", filter=condition) if condition else Count("pk")
