"""Everything that is decided about a file before its first record is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import islice

from complaints.intake.reading.complaint import Maker
from complaints.intake.reading.dates import DateColumn
from complaints.intake.reading.encoding import Encoding, encoding_of, untangled
from complaints.intake.reading.evidence import Rows, orders_of_closing, orders_of_receipt
from complaints.intake.reading.exceptions import UnknownLayout
from complaints.intake.reading.header import Header, find_header
from complaints.intake.reading.layouts import Orders
from complaints.intake.reading.profiles import Profile
from complaints.intake.reading.sample import ROWS, Shape, is_row_number, rows_in, shape_of
from complaints.intake.reading.source import Source

_ROWS_A_SLICE = 300


@dataclass(frozen=True, slots=True)
class Findings:
    encoding: Encoding
    line_end: str
    header: Header
    shape: Shape
    names: tuple[str, ...]  # one for every cell, the unnamed ones empty
    fields: dict[str, int]  # our field to the cell's position
    ignored: frozenset[int]
    orders: dict[str, Orders]  # by our field


def findings_on(
    source: Source, *, profile: Profile | None, order: str | None, encoding: str | None, latest: date | None
) -> Findings:
    if not source.head.strip():
        raise UnknownLayout("The file is empty.")
    read_as = encoding_of(source.head, encoding)
    head = source.head[read_as.mark :].decode(read_as.codec, read_as.errors)
    line_end, lines, header = _table_in(head, profile, whole=source.size == len(source.head))
    rows = list(islice(rows_in(lines[header.last :], header.delimiter), ROWS))
    rows += _rows_further_on(source, read_as, line_end, header.delimiter)
    shape = shape_of(rows, header.names, header.fields["received"])
    rows = [row for row in rows if len(row) == shape.width]
    return _mapped(read_as, line_end, header, shape, rows, order, latest)


def _table_in(head: str, profile: Profile | None, *, whole: bool) -> tuple[str, list[str], Header]:
    """Lines end as the header's does. An old Mac's file may hold other line ends within its cells."""
    lines = _lines(head, "\n", whole=whole)
    try:
        return "\n", lines, find_header(lines, profile)
    except UnknownLayout:
        if "\r" not in head.replace("\r\n", ""):
            raise
    lines = _lines(head, "\r", whole=whole)
    return "\r", lines, find_header(lines, profile)


def _mapped(
    encoding: Encoding,
    line_end: str,
    header: Header,
    shape: Shape,
    rows: Rows,
    order: str | None,
    latest: date | None,
) -> Findings:
    names = ("",) * shape.skipped + header.names
    names += ("",) * (shape.width - len(names))
    fields = {ours: at + shape.skipped for ours, at in header.fields.items()}
    counted = is_row_number(names[0], [row[0] for row in rows]) and 0 not in fields.values()
    orders = _orders(names, rows, fields, order, latest)
    return Findings(
        encoding, line_end, header, shape, names, fields, frozenset({0} if counted else ()), orders
    )


def _orders(
    names: Sequence[str], rows: Rows, fields: dict[str, int], order: str | None, latest: date | None
) -> dict[str, Orders]:
    received = orders_of_receipt(names[fields["received"]], rows, fields, order=order, latest=latest)
    found = {"received": received}
    if "closed" in fields:
        column = names[fields["closed"]]
        found["closed"] = orders_of_closing(column, rows, fields, order=order, latest=latest, known=received)
    return found


def maker_for(findings: Findings, *, zone: tzinfo, now: datetime | None) -> Maker:
    return Maker(
        findings.names,
        findings.fields,
        ignored=findings.ignored,
        received=DateColumn(findings.orders["received"], zone, now),
        closed=DateColumn(findings.orders.get("closed", {}), zone, now),
    )


def latest_day(now: datetime | None) -> date | None:
    """A day's grace, for it may already be tomorrow where the file was written."""
    return (now + timedelta(days=1)).date() if now else None


def _lines(text: str, line_end: str, *, whole: bool) -> list[str]:
    parts = text.split(line_end)
    lines = [untangled(part + line_end)[0] for part in parts[:-1]]
    return [*lines, untangled(parts[-1])[0]] if whole and parts[-1] else lines


def _rows_further_on(source: Source, encoding: Encoding, line_end: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    for piece in source.slices(even=4 if encoding.codec.startswith("utf-32") else 2):
        lines = _lines(piece.decode(encoding.codec, encoding.errors), line_end, whole=False)[1:]
        rows += islice(rows_in(lines, delimiter), _ROWS_A_SLICE)
    return rows
