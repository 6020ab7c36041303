import io
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from complaints.intake.reading import (
    AmbiguousDates,
    Channel,
    NotText,
    Refusal,
    Row,
    Standing,
    open_export,
)
from tests.complaints.intake.reading.tables import ONE, SHORT, Pipe, read, rows, table


def test_a_row_becomes_a_record_with_its_extras_in_order() -> None:
    (row,) = rows(table(ONE))
    record = row.record
    assert (record.external_id, record.product, record.company, record.postcode) == (
        "7",
        "Loan",
        "Bank",
        "00501",
    )
    assert record.received_at == datetime(2020, 3, 18, tzinfo=UTC)
    assert record.words == "They\r\ncharged twice"
    assert record.title == "Fees"
    assert record.channel is Channel.WEB
    assert record.extras == {"Submitted via": "Web"}
    assert record.status is Standing.OPEN


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found(delimiter: str, line_end: str) -> None:
    text = table(ONE, ("8", *ONE[1:]), delimiter=delimiter, line_end=line_end)
    assert [row.record.external_id for row in rows(text)] == ["7", "8"]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1"]
)
def test_encodings_are_found(encoding: str) -> None:
    text = table(("7", "2020-03-18", "Prêt", "Gebühren", "Größe", "Bank", "00501", "Web", ""))
    (row,) = rows(text.encode(encoding))
    assert (row.record.product, row.record.issue, row.record.words) == ("Prêt", "Gebühren", "Größe")
    assert row.remarks == ()


def test_an_encoding_that_cannot_be_guessed_can_be_told() -> None:
    text = table(("7", "2020-03-18", "Кредит", "", "", "", "", "", ""))
    assert rows(text.encode("cp1251"), encoding="cp1251")[0].record.product == "Кредит"
    with pytest.raises(NotText, match="no encoding called"):
        read(text, encoding="martian")


def test_a_bad_byte_late_in_the_file_is_mended_and_remarked_where_it_stands() -> None:
    good = b"".join(b"%d,2020-03-18,Pr\xc3\xaat\n" % number for number in range(100_000))
    found = rows(
        SHORT.encode() + b"\n" + good + b"x,2020-03-18,Caf\xe9 \x93old\x94\ny,2020-03-18,Pr\xc3\xaat\n"
    )
    assert found[-2].record.product == "Café “old”"
    assert found[-2].remarks == ("line 100002: bytes that are not UTF-8 were read as Windows-1252",)
    assert found[-1].record.product == found[0].record.product == "Prêt"
    assert not any(row.remarks for row in found[:-2])


def test_nul_bytes_are_left_out_and_remarked() -> None:
    (row,) = rows(f"{SHORT}\n7,2020-03-18,Lo\0an\n")
    assert row.record.product == "Loan"
    assert row.remarks == ("line 2: NUL characters were left out",)


def test_junk_above_the_header_is_reported_line_by_line() -> None:
    text = "Archive:  /tmp/c.zip\n  inflating: c.csv\n\nComplaints, all of them\n" + table(ONE)
    export = open_export(io.BytesIO(text.encode()))
    assert [(junk.line_number, junk.text) for junk in export.junk] == [
        (1, "Archive:  /tmp/c.zip"),
        (2, "inflating: c.csv"),
        (3, ""),
        (4, "Complaints, all of them"),
    ]
    assert export.header_line == 5
    assert [item.line_number for item in export] == [6]


def test_a_byte_order_mark_below_junk_is_no_part_of_the_name() -> None:
    assert rows("Title\n\ufeff" + table(ONE))[0].record.external_id == "7"


def test_a_header_whose_names_run_over_lines_is_one_header() -> None:
    text = 'Complaint ID,"Date\nreceived",Product\n7,2020-03-18,Loan\n'
    assert [row.line_number for row in rows(text)] == [3]


def test_line_numbers_are_those_of_the_file() -> None:
    text = table(ONE, ("8", *ONE[1:]), ("9", *ONE[1:])) + "\r\n"
    assert [row.line_number for row in rows(text)] == [2, 4, 6]


def test_an_unnamed_column_of_row_numbers_is_dropped() -> None:
    for name in ("", "Unnamed: 0"):
        (row,) = rows(f"{name},{SHORT},Tags\n0,7,2020-03-18,Loan,Older\n")
        assert row.record.extras == {"Tags": "Older"}


def test_row_numbers_that_the_header_does_not_know_of_are_stepped_over() -> None:
    (row, _) = rows(f'{SHORT}\n"1",7,2020-03-18,Loan\n"2",8,2020-03-18,Loan\n')
    assert (row.record.external_id, row.record.product, row.record.extras) == ("7", "Loan", {})


def test_a_delimiter_at_the_end_of_every_line_does_no_harm() -> None:
    assert len(rows(f"{SHORT}\n7,2020-03-18,Loan,\n8,2020-03-18,Loan,\n")) == 2
    assert len(rows(f"{SHORT},\n7,2020-03-18,Loan,\n8,2020-03-18,Loan,\n")) == 2


def test_empty_rows_are_no_rows() -> None:
    assert len(rows(f"{SHORT}\n\n7,2020-03-18,Loan\n,,\n   \n\x1a")) == 1


def test_the_header_once_more_is_refused_as_such() -> None:
    found = read(f"{SHORT}\n7,2020-03-18,Loan\n{SHORT}\n8,2020-03-18,Loan\n")
    assert found[1] == Refusal(3, "the header once more", SHORT)


def test_columns_of_the_same_name_are_kept_apart() -> None:
    (row,) = rows(f"{SHORT},Note,Note,\n7,2020-03-18,Loan,a,b,c\n")
    assert row.record.extras == {"Note": "a", "Note (2)": "b", "column 6": "c"}


def test_a_row_without_number_or_with_a_nonsense_date_is_refused_with_the_reason() -> None:
    found = read(f"{SHORT}\nN/A,2020-03-18,Loan\n8,2020-02-31,Loan\n9,,Loan\n10,2020-03-18,Loan\n")
    reasons = [(item.line_number, item.reason) for item in found if isinstance(item, Refusal)]
    assert reasons == [
        (2, "no number by which the complaint is known"),
        (3, "date of receipt: “2020-02-31” cannot be a date (year, month, day): there is no such day"),
        (4, "no date of receipt"),
    ]
    assert isinstance(found[-1], Row)


def test_dates_after_now_are_refused_where_now_is_told() -> None:
    text = f"{SHORT}\n7,2031-03-18,Loan\n"
    assert isinstance(read(text)[0], Row)
    (refused,) = read(text, now=datetime(2026, 3, 1, tzinfo=UTC))
    assert isinstance(refused, Refusal)
    assert "future" in refused.reason


def test_dates_that_cannot_be_told_apart_are_asked_about_and_the_answer_is_kept() -> None:
    text = f"{SHORT}\n7,4/8/2015,Loan\n8,5/8/2015,Loan\n"
    with pytest.raises(AmbiguousDates) as question:
        read(text)
    assert question.value.column == "Date received"
    assert [row.record.received_at.day for row in rows(text, dates="dmy")] == [4, 5]
    assert [row.record.received_at.month for row in rows(text, dates="mdy")] == [4, 5]
    with pytest.raises(ValueError, match="dmy, mdy, ymd"):
        read(text, dates="us")


def test_any_column_that_says_the_same_days_plainly_answers_for_the_reader() -> None:
    lines = [f"{day},{day}/8/2015,Loan,{day} August 2015\n" for day in range(1, 10)]
    found = rows(f"{SHORT},In words\n" + "".join(lines))
    assert {row.record.received_at.month for row in found} == {8}
    with pytest.raises(AmbiguousDates):
        read(f"{SHORT},Other date\n" + "".join(line.replace("August", "May") for line in lines))


def test_evidence_far_behind_the_head_is_seen() -> None:
    early = "".join(
        f"{number},04/08/2015,Loan with a long name to fill the page\n" for number in range(60_000)
    )
    late = "".join(f"{number},04/28/2015,Loan\n" for number in range(60_000, 64_000))
    export = open_export(io.BytesIO(f"{SHORT}\n{early}{late}".encode()))
    assert export.orders == {"received": {"/4": "mdy"}}
    export.close()


def test_a_file_we_opened_is_closed_and_one_handed_in_is_not(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(table(ONE), newline="")
    with open_export(path) as export:
        assert export.size == path.stat().st_size
        assert len(list(export)) == 1
        assert export.position == export.size
        assert list(export) == []
    with path.open("rb") as ours:
        with open_export(ours) as export:
            assert len(list(export)) == 1
        assert not ours.closed


def test_a_pipe_serves_as_well_as_a_file() -> None:
    text = table(*[(str(number), *ONE[1:]) for number in range(30_000)])
    export = open_export(cast("BinaryIO", Pipe(text.encode())))
    assert export.size is None
    assert len(list(export)) == 30_000


def test_what_was_decided_can_be_shown() -> None:
    with open_export(io.BytesIO(table(ONE).encode())) as export:
        assert export.profile.name == "cfpb"
        assert (export.encoding, export.delimiter) == ("utf-8", ",")
        assert export.mapping["words"] == "Consumer complaint narrative"
        assert export.unmapped == ("Tags",)
        assert len(export.header) == 9
