"""CSV for spreadsheets: what a customer wrote must never run as a formula on the desk of whoever opens it (SEC-07)."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

BOM: Final = "\ufeff"
#: What a spreadsheet takes for the beginning of a formula, full-width forms included, even behind blanks it skips.
FORMULA: Final = r"[\s\ufeff\u200b\u2060]*[=+\-@＝＋－＠]"
#: Whitespace that some programs drop, after which the next character counts as the first.
BREAK: Final = r"[\t\r\n]"
#: Apostrophes before it are the text's own, or ours from an earlier export: one more keeps the two apart.
DANGEROUS: Final = re.compile(rf"'*(?:{FORMULA}|{BREAK})")

Cell = str | int | float | Decimal | date | bool | None


def harmless(text: str) -> str:
    """The text with an apostrophe in front where a spreadsheet would take it for a formula."""
    return f"'{text}" if DANGEROUS.match(text) else text


def restored(text: str) -> str:
    """What `harmless` was given."""
    return text[1:] if text.startswith("'") and DANGEROUS.match(text) else text


def cell(value: Cell) -> str | int | float | Decimal:
    """Numbers stay numbers, a negative one too; dates are written as ISO 8601 has them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="minutes")
    return value.isoformat() if isinstance(value, date) else harmless(value)


class _Line:
    """The csv module writes into this; a line is handed on as soon as it is made."""

    def write(self, text: str) -> str:
        return text


def lines(rows: Iterable[Sequence[Cell]], *, bom: bool = False, line_end: str = "\r\n") -> Iterator[str]:
    """The rows as CSV, one line after the other, so that no export is ever held in memory as a whole."""
    if bom:
        yield BOM
    writer: Any = csv.writer(_Line(), lineterminator=line_end)
    for row in rows:
        yield writer.writerow([cell(value) for value in row])
