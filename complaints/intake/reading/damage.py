"""Other readings of a record that the plain rules of CSV cannot read."""

import csv
import re
from collections.abc import Callable, Iterator

from complaints.intake.reading.lines import Lines, Runaway

Cells = list[str]
_PATIENCE = 4 * 1024 * 1024  # characters looked at in all, line after line, for a sloppily quoted record


def strictly(lines: Lines, delimiter: str) -> Cells | None:
    return _next(csv.reader(lines, delimiter=delimiter, strict=True))


def with_spaces_before_quotes(lines: Lines, delimiter: str) -> Cells | None:
    return _next(csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True))


def with_backslashes(lines: Lines, delimiter: str) -> Cells | None:
    return _next(csv.reader(lines, delimiter=delimiter, strict=True, escapechar="\\", doublequote=False))


def with_stray_returns(lines: Lines, delimiter: str) -> Cells | None:
    """A line break inside an unquoted cell of a file whose lines end otherwise."""
    mended = (re.sub(r"[\r\n](?!\n?\Z)", " ", line) for line in lines)
    return _next(csv.reader(mended, delimiter=delimiter, strict=True))


def with_naked_quotes(lines: Lines, delimiter: str) -> Cells | None:
    """`"He said "good day" to me",`: a quote closes only where a delimiter or the line's end follows."""
    cell = _naked_cell(delimiter)
    text, looked_at = "", 0
    try:
        while looked_at < _PATIENCE:
            text += next(lines)
            looked_at += len(text)
            lines.account_for(len(text))
            if cells := _cut(text, cell):
                return cells
    except (StopIteration, Runaway):
        return None
    return None


def _naked_cell(delimiter: str) -> re.Pattern[str]:
    end = rf"(?={re.escape(delimiter)}|\r?\n?\Z|\r?\n)"
    plain = rf"[^{re.escape(delimiter)}\r\n]*+"
    return re.compile(rf'"((?:[^"]++|""|"(?!{re.escape(delimiter)}|\r|\n|\Z))*+)"{end}|((?!"){plain}){end}')


def _cut(text: str, cell: re.Pattern[str]) -> Cells | None:
    cells: Cells = []
    at = 0
    while match := cell.match(text, at):
        quoted, plain = match.groups()
        cells.append(plain if quoted is None else quoted.replace('""', '"'))
        at = match.end()
        if not text[at:].strip("\r\n"):
            return cells
        if text[at] in "\r\n":
            return None
        at += 1
    return None


def _next(reader: Iterator[Cells]) -> Cells | None:
    try:
        return next(reader)
    except (csv.Error, Runaway, StopIteration):
        return None


# Each with the sign in the text without which it need not be tried.
READINGS: tuple[tuple[str, Callable[[Lines, str], Cells | None]], ...] = (
    (' "', with_spaces_before_quotes),
    ('\\"', with_backslashes),
    ("\r", with_stray_returns),
    ('"', with_naked_quotes),
)
