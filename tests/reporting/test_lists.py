"""The list behind a figure, page by page and as an export."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from complaints.resolution import actions
from complaints.resolution.models import Complaint
from reporting import paging
from tests import factories
from tests.reporting.reading import LIST, body_of, exported, links


def test_a_long_list_is_walked_page_by_page_without_gap_or_repeat(
    page: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several were received in the same moment, across the edge of a page."""
    monkeypatch.setattr(paging, "SIZE", 3)
    now = timezone.now()
    for number in range(8):
        factories.received(now=now - timedelta(minutes=number // 4))
    seen: list[str] = []
    address = f"{LIST}?figure=received"
    while address:
        body = body_of(page, address)
        seen += re.findall(r'r-table__sub">(\S+?)<', body)
        address = next((LIST + href for href, words in links(body) if words == "Older"), "")
    assert len(seen) == 8
    assert set(seen) == set(Complaint.objects.values_list("reference", flat=True))


@pytest.mark.parametrize("after", ["x", "1.2.3", "99999999999999999999.1", "-1.-1", "999999999999999999.1"])
def test_a_damaged_address_shows_the_newest(page: Client, after: str) -> None:
    complaint = factories.received(now=timezone.now())
    assert complaint.reference in body_of(page, LIST, figure="received", after=after)


def test_a_withdrawn_complaint_shows_when_it_was_withdrawn(page: Client) -> None:
    complaint = factories.received(now=timezone.now() - timedelta(hours=1))
    actions.withdraw(complaint, words="Never mind", by=complaint.customer, now=timezone.now())  # type: ignore[arg-type]
    assert complaint.reference in body_of(page, LIST, figure="withdrawn")


def test_what_a_customer_wrote_is_words_on_the_page_and_no_formula_in_the_export(page: Client) -> None:
    title = '=HYPERLINK("http://evil.example","<script>alert(1)</script>")'
    complaint = factories.received(now=timezone.now(), title=title, company="@SUM(1)")
    assert "<script>alert" not in body_of(page, LIST, figure="received")
    _, row = exported(page, "/desk/reports/list.csv", figure="received")
    assert row[:2] == [complaint.reference, f"'{title}"]
    assert row[3] == "'@SUM(1)"
    _, by_company = exported(page, "/desk/reports/by/company.csv")
    assert by_company[0] == "'@SUM(1)"


def test_an_export_for_excel_begins_with_its_mark(page: Client) -> None:
    answer = page.get("/desk/reports/figures.csv", {"bom": "1"})
    assert b"".join(answer.streaming_content).startswith(b"\xef\xbb\xbf")  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith('attachment; filename="redress-figures-')
