import json

import pytest
from django.db.utils import OperationalError
from django.test import Client
from pytest_django.fixtures import Settings

from config import health
from config.celery import app


def refuse() -> None:
    raise OperationalError("password of redress at 10.1.2.3 is wrong")


@pytest.mark.django_db
def test_all_is_well(client: Client) -> None:
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "broker": True})


@pytest.mark.django_db
def test_it_asks_a_real_broker(broker_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app.conf, "broker_write_url", broker_url)
    health.ask_broker()
    monkeypatch.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:9/0")
    with pytest.raises(Exception, match="refused"):
        health.ask_broker()


def test_without_database_it_serves_nobody_and_tells_no_tales(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(health, "ask_database", refuse)
    answer = client.get("/health/")
    assert (answer.status_code, json.loads(answer.content)) == (503, {"database": False, "broker": True})
    assert "10.1.2.3" in caplog.text


@pytest.mark.django_db
def test_without_broker_pages_are_still_served(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "ask_broker", refuse)
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "broker": False})


def test_it_is_only_for_reading(client: Client) -> None:
    assert client.post("/health/").status_code == 405


@pytest.mark.django_db
def test_it_answers_plain_http_inside_the_house(client: Client, settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert client.get("/health/").status_code == 200
    assert client.get("/desk/").status_code == 301
