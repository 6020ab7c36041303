"""The list behind a figure: the very rows that were counted, each with its complaint and the date that put it there."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F

from complaints.resolution.models import Channel, State
from complaints.resolution.spreadsheets import Cell
from reporting import periods
from reporting.figures import Figure
from reporting.figures.figure import Column, Rows
from reporting.scope import Scope

#: What is shown of every complaint, under names that no source has a field of.
SHOWN = {
    "complaint_pk": "pk",
    "complaint_reference": "reference",
    "complaint_title": "title",
    "complaint_product": "category__name",
    "complaint_company": "company",
    "complaint_channel": "channel",
    "complaint_state": "state",
    "complaint_received": "received_at",
    "complaint_restricted": "restricted",
}
STATES, CHANNELS = dict(State.choices), dict(Channel.choices)
CHUNK = 2000


def rows_behind(figure: Figure, scope: Scope) -> Rows:
    """As dictionaries. Nothing is filtered here: as many rows as the figure says."""
    shown = {name: F(figure.source.path(path)) for name, path in SHOWN.items()}
    more = {name: F(column.path) for name, column in _named(figure)}
    return figure.rows(scope).values("pk", moment=F(figure.moment), **shown, **more)


def told(figure: Figure, row: dict[str, Any]) -> list[tuple[Column, Any]]:
    """What more there is to say of a row, each under its column."""
    return [(column, _in_words(column, row[name])) for name, column in _named(figure)]


def header(figure: Figure) -> list[Cell]:
    extra = [column.title for column in figure.source.columns]
    return [
        "Reference",
        "Title",
        "Product",
        "Business",
        "Channel",
        "State",
        "Received",
        figure.dated.capitalize(),
        *extra,
    ]


def lines(figure: Figure, scope: Scope) -> Iterator[list[Cell]]:
    """The whole list for a spreadsheet, read in portions."""
    yield header(figure)
    newest_first = rows_behind(figure, scope).order_by("-moment", "-pk")
    for row in newest_first.iterator(chunk_size=CHUNK):
        facts = [row[f"complaint_{fact}"] or "" for fact in ("reference", "title", "product", "company")]
        standing = [CHANNELS.get(row["complaint_channel"], ""), STATES.get(row["complaint_state"], "")]
        dates = [_local(row["complaint_received"]), _local(row["moment"])]
        yield [*facts, *standing, *dates, *(_local(value) for _, value in told(figure, row))]


def _named(figure: Figure) -> list[tuple[str, Column]]:
    return [(f"more_{place}", column) for place, column in enumerate(figure.source.columns)]


def _in_words(column: Column, value: Any) -> Any:
    return column.words.get(value, value) if column.words else value


def _local(value: Any) -> Any:
    return value.astimezone(periods.zone()).replace(tzinfo=None) if hasattr(value, "astimezone") else value
