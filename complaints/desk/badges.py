"""The numbers beside menu entries and tabs. One query for all of them, and none counts further than 100."""

from collections.abc import Mapping
from typing import Any, Self

from django.contrib.auth.models import User
from django.db.models import IntegerField, QuerySet, Subquery

BOUND = 100


class BoundedCount(Subquery):
    """How many rows, up to the bound: the database stops looking there, however many there are."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) bounded)"
    output_field = IntegerField()
    empty_result_set_value = 0

    def __init__(self, rows: QuerySet[Any], *, bound: int = BOUND) -> None:
        super().__init__(rows.order_by().values("pk")[:bound])


class _CountOfItsOwn(BoundedCount):
    """One that refers to no row outside itself, and so need not be taken apart and resolved once more."""

    def resolve_expression(self, *_args: Any, **_options: Any) -> Self:
        return self


def count(user: User, rows: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """All these counts in one query, hung on the person's own row. Nobody there: every count is 0."""
    if not rows:
        return {}
    found = hung_on(user, rows).first() or dict.fromkeys((f"n_{name}" for name in rows), 0)
    return {name.removeprefix("n_"): number for name, number in found.items()}


def hung_on(user: User, rows: Mapping[str, QuerySet[Any]]) -> "QuerySet[User, Any]":
    """One row, with a column `n_…` for each count."""
    hung = {f"n_{name}": _CountOfItsOwn(row, bound=BOUND) for name, row in rows.items()}
    return User.objects.filter(pk=user.pk).values(**hung)


def shown(number: int) -> str:
    """As people read it. Nothing at all for nothing."""
    return f"{BOUND - 1}+" if number >= BOUND else str(number or "")
