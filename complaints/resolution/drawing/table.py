"""The lifecycle as a table for documents written in Markdown."""

from collections.abc import Iterator

from complaints.resolution.drawing.graph import Arrow, NotPlaced, arrows
from complaints.resolution.models import OPEN_STATES, Move
from complaints.resolution.permission import CUSTOMER_MOVES, STAFF_MOVES, SYSTEM_MOVES

BEGIN, END = "<!-- moves: begin -->", "<!-- moves: end -->"


def table() -> str:
    """One row a move: its verb, what it is called on the screen, from where to where, and who may make it."""
    rows = ["| verb | on the screen | from | to | by |", "| --- | --- | --- | --- | --- |"]
    return "\n".join([*rows, *map(_row, arrows())])


def with_table(text: str) -> str:
    """The same text with the table as it is today between its two marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise NotPlaced(f"The text has no place for the table: it needs the lines {BEGIN} and {END}.")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def _row(arrow: Arrow) -> str:
    sources = ", ".join(source.label for source in arrow.sources)
    if set(arrow.sources) == set(OPEN_STATES):
        sources = "any open state"
    by = ", ".join(_makers(arrow.move))
    return f"| `{arrow.move}` | {arrow.move.label} | {sources} | {arrow.target.label} | {by} |"


def _makers(move: Move) -> Iterator[str]:
    if move in STAFF_MOVES:
        yield "staff"
    if move in CUSTOMER_MOVES:
        yield "the customer"
    if move in SYSTEM_MOVES:
        yield "the house itself"
