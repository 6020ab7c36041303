"""A bounded look at the records: enough to tell how wide they are and how their dates are written."""

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from complaints.intake.reading.layouts import sightings_of

Cells = list[str]
ROWS: Final = 4_000
_GLANCE = 60  # lines a record in a sample may run over


@dataclass(frozen=True, slots=True)
class Shape:
    """`skipped` cells stand before the first named one (row numbers without a name); `width` counts them all."""

    width: int
    skipped: int = 0


def rows_in(lines: Sequence[str], delimiter: str) -> Iterator[Cells]:
    """Records that can be read without doubt; a line at which none begins is stepped over."""
    index = 0
    while index < len(lines):
        line = lines[index]
        taken, cells = (1, _plain(line, delimiter)) if '"' not in line else _quoted(lines, index, delimiter)
        if cells:
            yield cells
        index += taken


def _plain(line: str, delimiter: str) -> Cells:
    text = line.rstrip("\r\n")
    return text.split(delimiter) if text else []


def _quoted(lines: Sequence[str], index: int, delimiter: str) -> tuple[int, Cells]:
    reader = csv.reader(iter(lines[index : index + _GLANCE]), delimiter=delimiter, strict=True)
    try:
        cells = next(reader, [])
    except csv.Error:
        return 1, []
    return reader.line_num, cells


def shape_of(rows: Sequence[Cells], names: Sequence[str], dated: int) -> Shape:
    """As wide as the header says, unless most rows have one cell more: a number in front, or a delimiter at the end.

    `dated` is where the header puts the date; after a number in front it stands one further on.
    """
    named = len(names)
    widths = Counter(map(len, rows))
    if widths[named + 1] > widths[named]:
        wider = [row for row in rows if len(row) == named + 1]
        if all(row[0].strip().isdigit() for row in wider) and _dates_at(wider, dated + 1) > _dates_at(
            wider, dated
        ):
            return Shape(named + 1, skipped=1)
        if not any(row[-1].strip() for row in wider):
            return Shape(named + 1)
    return Shape(named)


def _dates_at(rows: Sequence[Cells], at: int) -> int:
    return len(sightings_of((row[at], None) for row in rows if len(row) > at))


def is_row_number(name: str, cells: Sequence[str]) -> bool:
    """An unnamed first column that only counts; pandas writes it back as `Unnamed: 0`."""
    unnamed = not name or name.casefold().startswith("unnamed")
    return unnamed and all(cell.strip().isdigit() for cell in cells)
