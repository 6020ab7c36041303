from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from complaints.intake.reading import (
    NotText,
    Profile,
    Refusal,
    Row,
    Standing,
    UnknownLayout,
    UnknownProfile,
)
from tests.complaints.intake.reading.tables import FCC, ONE, SHORT, read, rows, table


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


@pytest.mark.timeout(30)
def test_a_header_of_absurd_width_and_names_of_absurd_length_are_answered_in_time() -> None:
    for text in (
        "a,b" * 50_000 + "\n",
        f"{'x' * 900_000},{'y' * 90_000}\n1,2\n",
        ",".join(map(str, range(9_000))),
    ):
        with pytest.raises(UnknownLayout) as unknown:
            read(text)
        assert all(len(name) <= 200 for name in unknown.value.header)


def test_huge_cells_where_short_ones_belong_cost_no_memory_and_no_crash() -> None:
    huge = "9" * 100_000
    found = read(
        f"{FCC}\n1,Slow,{huge},{huge},{huge},{huge},Acworth,{huge}\n2,Slow,22-04-15,{huge},{huge},{huge},A,{huge}\n"
    )
    assert [type(item) for item in found] == [Refusal, Row]
