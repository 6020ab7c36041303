"""Pages by key: each begins after the last row of the one before, so that page 5,000 costs what page 1 does."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Q

from reporting.figures.figure import Rows

SIZE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CURSOR = re.compile(r"(-?[0-9]{1,18})\.([0-9]{1,18})\Z")


@dataclass(frozen=True, slots=True)
class Page:
    """`after` is where the next page begins; empty on the last."""

    rows: list[dict[str, Any]]
    after: str


def page_of(rows: Rows, moment: str, *, after: str = "") -> Page:
    """Newest first. Rows are dictionaries with `pk` and `moment`; a damaged `after` gives the first page."""
    found = list(_beyond(rows, moment, after).order_by(f"-{moment}", "-pk")[: SIZE + 1])
    shown = found[:SIZE]
    return Page(shown, _cursor(shown[-1]) if len(found) > SIZE else "")


def _beyond(rows: Rows, moment: str, after: str) -> Rows:
    """The bound on the moment alone is what an index can use; the second condition only trims its edge."""
    match = CURSOR.match(after)
    if match is None:
        return rows
    try:
        at = EPOCH + timedelta(microseconds=int(match[1]))
    except OverflowError:
        return rows
    return rows.filter(Q(**{f"{moment}__lte": at}) & (Q(**{f"{moment}__lt": at}) | Q(pk__lt=int(match[2]))))


def _cursor(row: dict[str, Any]) -> str:
    return f"{(row['moment'] - EPOCH) // timedelta(microseconds=1)}.{row['pk']}"
