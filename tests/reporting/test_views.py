"""The pages: every number opens its list, and what is hidden makes no difference."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from tests.reporting.march import MARCH, March
from tests.reporting.reading import LIST, PAGES, body_of, exported, length_of, links


@pytest.mark.parametrize("where", PAGES.values(), ids=PAGES)
def test_every_number_on_a_page_opens_a_list_of_that_length(page: Client, story: March, where: str) -> None:
    numbers = 0
    for href, words in links(body_of(page, where, **MARCH)):
        number = re.match(r"\d+", words)
        if urlsplit(href).path == LIST and number and "%" not in words:
            numbers += 1
            assert length_of(page, href) == int(number[0]), href
    assert numbers >= 3


def test_the_first_page_has_a_way_to_every_figure_it_shows(page: Client, story: March) -> None:
    opened = {
        parse_qs(urlsplit(href).query).get("figure", [""])[0]
        for href, _ in links(body_of(page, PAGES["overview"], **MARCH))
    }
    assert {"received", "answered", "thanks_kept", "open_8_weeks", "outcome_upheld", "score_5"} <= opened


def test_a_list_names_each_complaint_and_the_date_that_put_it_there(page: Client, story: March) -> None:
    body = body_of(page, LIST, figure="reopened", **MARCH)
    complaint = story.complaints["reopened"]
    assert complaint.reference in body
    assert reverse("admin:resolution_complaint_change", args=[complaint.pk]) in body
    assert "10 Mar 2026, 10:00" in body
    assert "1 times a complaint was taken up again" in body


def test_months_without_complaints_are_shown_as_gaps(page: Client, story: March) -> None:
    span = {"period": "custom", "first": "2026-01-15", "last": "2026-05-31"}
    body = body_of(page, PAGES["month"], **span)
    assert "15 January 2026 to 31 January 2026" in body
    assert body.count('<th scope="row">') == 5


def test_small_numbers_are_shown_as_counts(page: Client, story: March) -> None:
    body = body_of(page, PAGES["overview"], **MARCH)
    assert 'p-figure--few">2 of 4<' in body  # offers accepted
    assert "75%" in body  # nine of twelve acknowledged on time


def test_sec_23_a_hidden_complaint_makes_no_difference(page: Client, client: Client, story: March) -> None:
    hidden = story.complaints["hidden"]
    for where in PAGES.values():
        assert hidden.reference not in body_of(page, where, **MARCH)
    assert hidden.reference not in body_of(page, LIST, figure="received", **MARCH)
    assert len(exported(page, "/desk/reports/list.csv", figure="received", **MARCH)) == 1 + 14
    client.force_login(story.supervisor)  # who restricted it, and so is named on it
    assert hidden.reference in body_of(client, LIST, figure="received", **MARCH)


def test_sec_23_nor_does_it_make_another_complaint_a_repeat(
    page: Client, client: Client, story: March
) -> None:
    """The customer of the hidden complaint came back on the 31st; only who may see both may know."""
    late = story.complaints["late_evening"].reference
    assert late not in body_of(page, LIST, figure="repeats", **MARCH)
    client.force_login(story.supervisor)
    assert late in body_of(client, LIST, figure="repeats", **MARCH)


def test_exports_say_what_the_pages_say(page: Client, story: March) -> None:
    figures = exported(page, "/desk/reports/figures.csv", **MARCH)
    assert ["Volumes", "Received", "14", "", "count", "complaints received; by date received"] in figures
    assert any(row[1:4] == ["Acknowledged on time", "9", "12"] for row in figures)
    assert any(row[1:5] == ["To the first answer, median", "5.0", "5", "hours"] for row in figures)
    assert any(row[1:5] == ["Compensation", "80.00", "1", "EUR"] for row in figures)
    by_product = {row[0]: row[1:4] for row in exported(page, "/desk/reports/by/product.csv", **MARCH)}
    assert by_product["Loans"] == ["4", "3", "1"]  # received, answered, closed


def test_names_of_businesses_are_compared_without_case(page: Client, story: March) -> None:
    table = exported(page, "/desk/reports/by/company.csv", **MARCH)
    acme = [row for row in table if row[0].casefold() == "acme bank"]
    assert [row[1] for row in acme] == ["3"]
    assert (
        length_of(
            page, f"{LIST}?figure=received&company=acme+BANK&period=custom&first=2026-03-01&last=2026-03-31"
        )
        == 3
    )


def test_imported_history_counts_unless_it_is_left_out(page: Client, story: March) -> None:
    assert length_of(page, f"{LIST}?figure=closed&period=custom&first=2026-03-01&last=2026-03-31") == 4
    without = f"{LIST}?figure=closed&period=custom&first=2026-03-01&last=2026-03-31&without_imported=on"
    assert length_of(page, without) == 3
