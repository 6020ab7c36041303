"""Who may see reports, who may take them away, and what an address may ask."""

import pytest
from django.test import Client
from django.utils import timezone

from tests import factories
from tests.reporting.reading import EXPORTS, LIST, PAGES, body_of, length_of


@pytest.mark.parametrize("where", [*PAGES.values(), f"{LIST}?figure=received", *EXPORTS])
def test_sec_25_reports_need_their_permissions(client: Client, db: None, where: str) -> None:
    assert client.get(where).status_code == 302  # to the login page
    client.force_login(factories.UserFactory())
    assert client.get(where).status_code == 403
    client.force_login(factories.handler_user())
    assert client.get(where).status_code == (403 if where in EXPORTS else 200)
    client.force_login(factories.quality_user())
    assert client.get(where).status_code == 200


@pytest.mark.parametrize("where", PAGES.values(), ids=PAGES)
def test_sec_25_who_may_not_export_is_not_shown_how(client: Client, db: None, where: str) -> None:
    client.force_login(factories.handler_user())
    assert ".csv" not in body_of(client, where)
    client.force_login(factories.quality_user())
    assert ".csv" in body_of(client, where)


@pytest.mark.parametrize("where", [*PAGES.values(), *EXPORTS])
def test_reports_are_looked_at_and_never_posted_to(page: Client, where: str) -> None:
    assert page.post(where).status_code == 405


@pytest.mark.parametrize(
    "wrong",
    [
        {"period": "custom"},
        {"period": "custom", "first": "2026-03-31", "last": "2026-03-01"},
        {"period": "custom", "first": "1001-01-01", "last": "2026-03-01"},
        {"period": "fortnight"},
        {"product": "999999"},
        {"product": "1;drop table"},
        {"channel": "telepathy"},
        {"currency": "gbp'"},
    ],
    ids=str,
)
def test_what_cannot_be_asked_is_not_answered(page: Client, wrong: dict[str, str]) -> None:
    assert "Put right what is marked above" in body_of(page, PAGES["overview"], **wrong)
    assert page.get("/desk/reports/figures.csv", wrong).status_code == 400


@pytest.mark.parametrize(
    "where", [f"{LIST}?figure=nothing", LIST, "/desk/reports/by/weather/", "/desk/reports/by/weather.csv"]
)
def test_what_is_not_there_is_not_found(page: Client, where: str) -> None:
    assert page.get(where).status_code == 404


def test_a_complaint_about_oneself_is_not_counted(client: Client, db: None) -> None:
    me = factories.quality_user()
    factories.received(now=timezone.now(), about=[me])
    client.force_login(me)
    assert length_of(client, f"{LIST}?figure=received") == 0
