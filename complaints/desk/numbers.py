"""Counts that every page asks for. Django takes longer to put them into SQL than the database to answer them, and for
people who may do the same the SQL is the same: it is made once for each set of permissions.

It is made twice, for two ghosts who stand at two moments, and what differs is what a person and a moment stand for.
Where a difference is none of those known here the SQL is made each time, as for any other query.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import QuerySet

from complaints.desk import badges
from complaints.desk.lists import end_of_today
from complaints.resolution.timing import local_day

Rows = Callable[[User, datetime], Mapping[str, QuerySet[Any]]]
#: Nobody has these keys, and nothing is due at these moments.
GHOSTS = (
    (-2_000_000_011, datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)),
    (-2_000_000_033, datetime(2012, 9, 8, 7, 6, 5, tzinfo=UTC)),
)
MOST_KEPT = 100


class Numbers:
    """`rows` must ask of the person nothing but key and permissions, and of the moment nothing but itself."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self.kept: dict[object, _Prepared | None] = {}

    def of(self, user: User, now: datetime) -> dict[str, int]:
        may = frozenset(user.get_all_permissions())
        key = (may, user.is_superuser, connection.vendor, badges.BOUND)
        if key not in self.kept and len(self.kept) < MOST_KEPT:
            self.kept[key] = _prepared(self.rows, may, is_superuser=user.is_superuser)
        prepared = self.kept.get(key)
        return prepared.ask(user.pk, now) if prepared else badges.count(user, self.rows(user, now))


class _Prepared:
    def __init__(self, names: list[str], sql: str, params: list[Any], slots: dict[int, int]) -> None:
        """`slots`: in which place of the parameters stands which of what is known of a person and a moment."""
        self.names, self.sql, self.params, self.slots = names, sql, params, slots

    def ask(self, pk: int, now: datetime) -> dict[str, int]:
        known, params = _known(pk, now), list(self.params)
        for place, slot in self.slots.items():
            params[place] = known[slot]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, params)
            found = cursor.fetchone()
        return dict(zip(self.names, found or [0] * len(self.names), strict=True))


def _known(pk: int, now: datetime) -> tuple[Any, ...]:
    """As the database is given them."""
    moment, day = connection.ops.adapt_datetimefield_value, connection.ops.adapt_datefield_value
    return pk, moment(now), moment(end_of_today(now)), day(local_day(now))


def _prepared(rows: Rows, may: frozenset[str], *, is_superuser: bool) -> _Prepared | None:
    (names, sql, params), (_, same_sql, others) = (
        _in_sql(rows, _ghost(pk, may, is_superuser=is_superuser), now) for pk, now in GHOSTS
    )
    if sql != same_sql or not names:
        return None
    slots: dict[int, int] = {}
    known = [_known(*ghost) for ghost in GHOSTS]
    for place, pair in enumerate(zip(params, others, strict=True)):
        if pair[0] != pair[1]:
            slot = next((n for n, both in enumerate(zip(*known, strict=True)) if both == pair), None)
            if slot is None:
                return None
            slots[place] = slot
    return _Prepared(names, sql, params, slots)


def _in_sql(rows: Rows, user: User, now: datetime) -> tuple[list[str], str, list[Any]]:
    hung = badges.hung_on(user, rows(user, now))
    sql, params = hung.query.sql_with_params()
    return [name.removeprefix("n_") for name in hung.query.annotations], sql, list(params)


def _ghost(pk: int, may: frozenset[str], *, is_superuser: bool) -> User:
    ghost = User(pk=pk, is_superuser=is_superuser)
    vars(ghost)["_perm_cache"] = may  # where Django keeps them once it has asked the database
    return ghost
