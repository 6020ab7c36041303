"""A page costs the same however much there is."""

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests import factories
from tests.reporting.reading import LIST, PAGES

#: Whose page it is, the menu and its numbers, the choices of the form; then one query a batch of figures.
COST = {
    "overview": 30,
    "month": 16,
    "product": 18,
    "cause": 18,
    "channel": 17,
    "company": 18,
    "years": 9,
}


def queries_of_pages(page: Client, asked: dict[str, str]) -> dict[str, int]:
    costs = {}
    for name, address in PAGES.items():
        with CaptureQueriesContext(connection) as queries:
            page.get(address, asked)
        costs[name] = len(queries)
    return costs


def test_every_page_costs_the_same_at_one_complaint_and_at_many(page: Client) -> None:
    now = timezone.now()
    factories.acknowledged(now=now - timedelta(days=1), company="One")
    queries_of_pages(page, {})  # what is cached for good is cached now
    assert queries_of_pages(page, {}) == COST
    for number in range(6):
        factories.closed(
            now=now - timedelta(days=31 + number), category=factories.CategoryFactory(), company=f"C{number}"
        )
    assert queries_of_pages(page, {"period": "12-months"}) == COST


def test_a_list_costs_the_same_at_one_complaint_and_at_many(
    page: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    asked = {"figure": "thanks_running", "period": "12-months"}
    factories.received(now=timezone.now())
    page.get(LIST, asked)
    with django_assert_num_queries(10):
        page.get(LIST, asked)
    for _ in range(5):
        factories.received(now=timezone.now())
    with django_assert_num_queries(10):
        page.get(LIST, asked)
