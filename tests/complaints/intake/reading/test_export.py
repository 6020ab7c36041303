import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from complaints.intake.reading import (
    AmbiguousDates,
    Channel,
    NotText,
    Profile,
    Refusal,
    Row,
    Standing,
    UnknownLayout,
    UnknownProfile,
    open_export,
)

HEADER = "Complaint ID,Date received,Product,Issue,Consumer complaint narrative,Company,ZIP code,Submitted via,Tags"
SHORT = "Complaint ID,Date received,Product"


def read(text: str | bytes, **told: object) -> list[Row | Refusal]:
    data = text.encode() if isinstance(text, str) else text
    return list(open_export(io.BytesIO(data), **told))


def rows(text: str | bytes, **told: object) -> list[Row]:
    found = read(text, **told)
    assert all(isinstance(item, Row) for item in found), found
    return [item for item in found if isinstance(item, Row)]


def table(*records: Sequence[str], header: str = HEADER, delimiter: str = ",", line_end: str = "\r\n") -> str:
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, lineterminator=line_end)
    writer.writerow(header.split(","))
    writer.writerows(records)
    return written.getvalue()


ONE = ("7", "2020-03-18", "Loan", "Fees", "They\r\ncharged twice", "Bank", "00501", "Web", "N/A")


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


FCC = "Ticket #,Customer Complaint,Date,Date_month_year,Time,Received Via,City,Status"


def test_the_commissions_layout_with_its_check_column_and_clock() -> None:
    text = f"{FCC}\n1,Slow,4/8/2015,4-Aug-15,3:53:50 PM,Internet,Acworth,Solved\n"
    (row,) = rows(text, zone=ZoneInfo("America/New_York"))
    assert row.record.received_at == datetime(2015, 8, 4, 19, 53, 50, tzinfo=UTC)
    assert row.record.title == "Slow"
    assert (row.record.status, row.record.status_wording) == (Standing.CLOSED, "Solved")
    assert row.record.extras == {"Received Via": "Internet", "City": "Acworth", "Status": "Solved"}


def test_a_clock_nobody_can_read_costs_the_time_and_not_the_complaint() -> None:
    (row,) = rows(f"{FCC}\n1,Slow,22-04-15,22-Apr-15,noonish,Internet,Acworth,Open\n")
    assert row.record.received_at == datetime(2015, 4, 22, tzinfo=UTC)
    assert row.record.extras["Time"] == "noonish"
    assert row.remarks == ("“noonish” is not a time of day; the day alone was taken",)


def test_two_dates_that_contradict_each_other_are_refused() -> None:
    (refused,) = read(f"{FCC}\n1,Slow,22-04-15,23-Apr-15,,Internet,Acworth,Open\n")
    assert isinstance(refused, Refusal)
    assert "not the same day" in refused.reason


GERMAN = "Nr;Eingang;Betreff;Schilderung;Kunde;Mail;Abschluss;Filiale"
MAPPING = {
    "external_id": "Nr",
    "received": "Eingang",
    "title": "Betreff",
    "words": "Schilderung",
    "customer_name": "Kunde",
    "customer_email": "Mail",
    "closed": "Abschluss",
}


def test_a_saved_mapping_reads_a_layout_of_its_own() -> None:
    text = f"Beschwerden 2020\n{GERMAN}\n1;18.03.2020;Gebühr;Zu hoch!;Jana Öz;j@example.org;2.4.2020;Köln\n"
    (row,) = rows(text.encode("cp1252"), profile=Profile.from_mapping("bank", MAPPING))
    record = row.record
    assert (record.title, record.customer_name, record.customer_email) == (
        "Gebühr",
        "Jana Öz",
        "j@example.org",
    )
    assert record.closed_at == datetime(2020, 4, 2, tzinfo=UTC)
    assert record.status is Standing.CLOSED
    assert record.extras == {"Filiale": "Köln"}


def test_a_closing_date_that_is_none_is_left_out_and_remarked() -> None:
    text = f"{GERMAN}\n1;18.03.2020;Gebühr;;;;bald;Köln\n"
    (row,) = rows(text, profile=Profile.from_mapping("bank", MAPPING))
    assert row.record.closed_at is None
    assert row.record.extras["Abschluss"] == "bald"
    assert row.remarks == ("date of closing left out: “bald” is not a date",)


def test_without_a_number_column_equal_rows_have_equal_ids() -> None:
    profile = Profile.from_mapping("bare", {"received": "When", "title": "What"})
    first, second, third = rows("When,What\n2020-03-18,a\n2020-03-18,b\n2020-03-18,a\n", profile=profile)
    assert first.record.external_id.startswith("sha256:")
    assert first.record.external_id == third.record.external_id != second.record.external_id


def test_an_unknown_header_is_shown_with_suggestions() -> None:
    with pytest.raises(UnknownLayout) as unknown:
        read("A report\nAktenzeichen;Eingangsdatum;Betreff\n1;18.03.2020;Gebühr\n2;19.03.2020;Zins\n")
    assert unknown.value.header == ("Aktenzeichen", "Eingangsdatum", "Betreff")
    assert unknown.value.line_number == 2
    assert unknown.value.suggestions["received"] == ("Eingangsdatum",)


def test_a_named_profile_that_does_not_fit_says_what_is_missing() -> None:
    with pytest.raises(UnknownLayout, match="Ticket") as unknown:
        read(table(ONE), profile="fcc")
    assert (
        unknown.value.missing == ("external_id", "received", "title")
        or "external_id" in unknown.value.missing
    )
    with pytest.raises(UnknownProfile):
        read(table(ONE), profile="ombudsman")


@pytest.mark.parametrize("data", [b"", b"\n\n  \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_said_to_be_empty(data: bytes) -> None:
    with pytest.raises(UnknownLayout):
        read(data)


@pytest.mark.parametrize("data", [b"PK\x03\x04rest", b"\x1f\x8bzip", b"%PDF-1.7", bytes(range(256)) * 50])
def test_what_is_no_text_is_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(NotText, match="not a table written as text"):
        read(data)


def test_a_header_alone_has_no_rows() -> None:
    assert read(SHORT) == []


def test_titles_fall_back_from_issue_to_product_to_first_words() -> None:
    header = "Complaint ID,Date received,Product,Issue,Sub-issue,Consumer complaint narrative"
    lines = [
        "1,2020-03-18,Loan,Fees,Late fee,words",
        "2,2020-03-18,Loan,N/A,None,",
        "3,2020-03-18,,,,They took my money and then they took the rest of it as well without ever telling me why",
        "4,2020-03-18,,,,",
    ]
    titles = [row.record.title for row in rows("\n".join([header, *lines]))]
    assert titles[:2] == ["Fees: Late fee", "Loan"]
    assert titles[2] == "They took my money and then they took the rest of it as well without ever…"
    assert titles[3] == "Complaint 4"


def test_a_long_title_is_cut_between_words_and_kept_whole_in_the_extras() -> None:
    long = "word " * 100
    (row,) = rows(f"{FCC}\n1,{long},22-04-15,22-Apr-15,,Internet,Acworth,Open\n")
    assert len(row.record.title) <= 200
    assert row.record.title.endswith("word…")
    assert row.record.extras["Customer Complaint"] == long.strip()


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


class Pipe(io.RawIOBase):
    """Bytes that come a few at a time and never again."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._data.read(min(size, 1000))


def test_a_pipe_serves_as_well_as_a_file() -> None:
    text = table(*[(str(number), *ONE[1:]) for number in range(30_000)])
    export = open_export(Pipe(text.encode()))
    assert export.size is None
    assert len(list(export)) == 30_000


def test_what_was_decided_can_be_shown() -> None:
    with open_export(io.BytesIO(table(ONE).encode())) as export:
        assert export.profile.name == "cfpb"
        assert (export.encoding, export.delimiter) == ("utf-8", ",")
        assert export.mapping["words"] == "Consumer complaint narrative"
        assert export.unmapped == ("Tags",)
        assert len(export.header) == 9
