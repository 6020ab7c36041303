"""Pages by key: each begins after the last row of the one before, so that page 5,000 costs what page 1 does."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

SIZE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CURSOR = re.compile(r"(-?[0-9]{1,18})\.([0-9]{1,18})\Z")


@dataclass(frozen=True, slots=True)
class Cursor:
    """The row a page begins beside. As text it is fit for an address: microseconds and primary key."""

    moment: datetime
    pk: int

    def __str__(self) -> str:
        return f"{(self.moment - EPOCH) // timedelta(microseconds=1)}.{self.pk}"

    @classmethod
    def read(cls, text: str) -> "Cursor | None":
        """None for anything that is no cursor: a damaged address shows the first page."""
        match = CURSOR.match(text)
        if match is None:
            return None
        try:
            return cls(EPOCH + timedelta(microseconds=int(match[1])), int(match[2]))
        except OverflowError:
            return None


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Any]
    before: Cursor | None
    after: Cursor | None


def page_of(
    complaints: "QuerySet[Any]", order: tuple[str, str], *, after: str = "", before: str = ""
) -> Page:
    """The page after (or before) a cursor. One query, no counting; one row more than shown tells of more."""
    start = Cursor.read(before or after)
    back = bool(before) and start is not None
    field, descending = order[0].lstrip("-"), order[0].startswith("-")
    backwards = descending != back
    if start is not None:
        complaints = complaints.filter(_beyond(start, field, backwards=backwards))
    sign = "-" if backwards else ""
    rows = list(complaints.order_by(f"{sign}{field}", f"{sign}pk")[: SIZE + 1])
    more, rows = len(rows) > SIZE, rows[:SIZE]
    if back:
        rows.reverse()
    if not rows:
        return Page(rows, before=None, after=None)
    return Page(
        rows,
        before=_beside(rows[0], field) if (more if back else start is not None) else None,
        after=_beside(rows[-1], field) if (more or back) else None,
    )


def _beyond(start: Cursor, field: str, *, backwards: bool) -> Q:
    """The bound on the first column alone is what the index can use; the second condition only trims its edge."""
    side = "lt" if backwards else "gt"
    bound = Q(**{f"{field}__{side}e": start.moment})
    return bound & (Q(**{f"{field}__{side}": start.moment}) | Q(**{f"pk__{side}": start.pk}))


def _beside(complaint: Any, field: str) -> Cursor:
    return Cursor(getattr(complaint, field), complaint.pk)
