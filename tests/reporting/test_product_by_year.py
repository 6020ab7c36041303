import csv
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from complaints.resolution.models import Category, Complaint
from reporting.product_by_year import ProductYear, product_by_year
from tests import factories
from tests.reporting.reading import body_of, exported, length_of, links


def report(out: Path, *options: str) -> bytes:
    call_command("report", "product_by_year", "--out", str(out), *options)
    return out.read_bytes()


#: Their authors ended lines differently; the task setter's way is ours.
@pytest.mark.parametrize(
    ("pair", "line_ends"), [("challenge_5rows", []), ("short_31rows", ["--line-ends", "crlf"])]
)
def test_the_report_equals_what_others_computed(
    db: None, shared_data: Path, tmp_path: Path, pair: str, line_ends: list[str]
) -> None:
    """One input ends in the middle of a quoted text. Where the import refuses that record, it is entered by hand."""
    pairs, refused = shared_data / "report_pairs", tmp_path / "refused.csv"
    source = pairs / f"{pair}_input.csv"
    call_command("import_complaints", str(source), "--refused", str(refused), stdout=StringIO())
    with source.open(newline="", encoding="utf-8") as text:
        *_, last = records = list(csv.DictReader(text))
    if Complaint.objects.count() < len(records):
        assert "the file ends inside a quoted field" in refused.read_text()
        received(last["Product"], int(last["Date received"][:4]), "")
    assert report(tmp_path / "out.csv", *line_ends) == (pairs / f"{pair}_expected.csv").read_bytes()


def received(product: str, year: int, company: str, *, day: int = 15, times: int = 1) -> None:
    category = Category.objects.get_or_create(name=product)[0] if product else None
    for _ in range(times):
        factories.received(now=datetime(year, 6, day, tzinfo=UTC), category=category, company=company)


def test_names_are_compared_without_case_in_any_alphabet(db: None) -> None:
    received("Mortgage", 2019, "ÉCLAIR bank")
    received("mortgage", 2019, "Éclair Bank")
    received("MORTGAGE", 2019, "Straße")
    received("Mortgage", 2019, "STRASSE")
    (row,) = product_by_year(Complaint.objects.all())
    assert (row.product, row.year, row.complaints, row.companies, row.share) == ("mortgage", 2019, 4, 2, 50)


@pytest.mark.parametrize(("of_one", "others", "share"), [(1, 1, 50), (1, 7, 13), (3, 5, 38), (1, 6, 14)])
def test_the_share_is_rounded_half_up(db: None, of_one: int, others: int, share: int) -> None:
    """12.5 and 37.5 per cent go up."""
    received("Loans", 2020, "One", times=of_one)
    for number in range(others):
        received("Loans", 2020, f"Other {number}")
    (row,) = product_by_year(Complaint.objects.all())
    assert row.share == share


def test_complaints_that_name_no_business_are_of_one_together(page: Client) -> None:
    received("Loans", 2020, "", times=2)
    received("Loans", 2020, "One")
    (row,) = product_by_year(Complaint.objects.all())
    assert (row.complaints, row.companies, row.share) == (3, 2, 67)
    shown = body_of(page, "/desk/reports/product-by-year/")
    assert ">Loans<" in shown
    found = {words: href for href, words in links(shown)}
    assert length_of(page, found["67%"]) == 2


def test_a_complaint_without_a_product_is_reported_without_one(db: None) -> None:
    received("", 2020, "One")
    assert product_by_year(Complaint.objects.all()) == [ProductYear("", 2020, 1, 1, 100, "none", "One")]


def test_a_year_begins_at_the_firms_midnight(db: None) -> None:
    """Half past eleven at night of 31 December in London is no longer that year in Kabul, but this firm is in London."""
    factories.received(now=datetime(2019, 12, 31, 23, 30, tzinfo=UTC))
    factories.received(now=datetime(2020, 1, 1, 0, 0, tzinfo=UTC))
    assert [row.year for row in product_by_year(Complaint.objects.all())] == [2019, 2020]


def test_products_then_years_in_order_and_quoted_where_needed(db: None, tmp_path: Path) -> None:
    received("Credit, repair", 2020, "One")
    received("Cards", 2020, "One")
    received("Cards", 2019, "One")
    assert (
        report(tmp_path / "out.csv")
        == b'cards,2019,1,1,100\ncards,2020,1,1,100\n"credit, repair",2020,1,1,100\n'
    )


def test_sec_07_the_command_writes_no_formula(db: None, tmp_path: Path) -> None:
    received("=1+1", 2020, "One")
    assert report(tmp_path / "out.csv", "--header").splitlines()[1] == b"'=1+1,2020,1,1,100"


def test_without_a_file_the_report_goes_to_the_terminal(db: None) -> None:
    received("Cards", 2020, "One")
    out = StringIO()
    call_command("report", "product_by_year", stdout=out)
    assert out.getvalue() == "cards,2020,1,1,100\n"


def test_a_file_that_cannot_be_written_gets_one_sentence(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Cannot write"):
        report(tmp_path / "nowhere" / "out.csv")


def test_the_page_the_export_and_the_lists_agree(page: Client) -> None:
    received("Cards", 2019, "Acme", times=3)
    received("Cards", 2019, "Other")
    assert exported(page, "/desk/reports/product-by-year.csv")[1:] == [["cards", "2019", "4", "2", "75"]]
    found = {words: href for href, words in links(body_of(page, "/desk/reports/product-by-year/"))}
    assert length_of(page, found["4"]) == 4
    assert length_of(page, found["75%"]) == 3
    assert body_of(page, found["2"]).count('<th scope="row">') == 2


def test_products_that_differ_in_case_only_are_one_row_without_a_list(page: Client) -> None:
    received("Cards", 2019, "Acme")
    received("cards", 2019, "Acme")
    body = body_of(page, "/desk/reports/product-by-year/")
    assert body.count('<th scope="row">') == 1
    assert "100%" in body
