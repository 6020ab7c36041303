from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from complaints.policies import packs
from reporting import service_standard as standard
from tests.factories import CustomerFactory, answered

pytestmark = pytest.mark.django_db
URL = "/service-standard/"


def in_last_quarter() -> datetime:
    day = standard.period(timezone.now()).first + timedelta(days=20)
    day += timedelta(days=(7 - day.weekday()) % 7)
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=timezone.get_default_timezone())


def shown(at_least: int = 3) -> dict[str, str]:
    return {one.title: one.shown for one in standard.results(timezone.now(), at_least=at_least)}


def test_anybody_reads_the_targets_of_the_rules_in_force(client: Client) -> None:
    page = client.get(URL).content.decode()
    house = packs.pack(settings.FIRM_POLICY_PACK, 1)
    assert all(clock.label in page for clock in standard.targets(house))
    assert settings.FIRM_NAME in page
    assert page.count("too few to say") == 7
    assert client.post(URL).status_code == 405


def test_results_are_last_quarters_and_name_nobody(client: Client) -> None:
    customers = [CustomerFactory() for _ in range(3)]
    files = [answered(now=in_last_quarter(), customer=customer) for customer in customers]
    results = shown()
    assert results["Complaints received"] == "3"
    assert results["Complaints acknowledged on time"] == "100%"
    page = client.get(URL).content.decode()
    assert not any(secret in page for file in files for secret in (file.reference, file.title))
    assert not any(customer.name in page or customer.email in page for customer in customers)


def test_no_figure_under_the_threshold_is_published() -> None:
    for _ in range(2):
        answered(now=in_last_quarter())
    assert set(shown(at_least=3).values()) == {""}
    assert shown(at_least=2)["Complaints received"] == "2"


def test_the_sums_are_done_once_however_often_it_is_opened(
    client: Client, django_assert_max_num_queries: object
) -> None:
    client.get(URL)
    with django_assert_max_num_queries(1):  # type: ignore[operator]
        client.get(URL)
