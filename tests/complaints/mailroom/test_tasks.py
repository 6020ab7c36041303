import time
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.core import mail as django_mail
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from complaints.mailroom import tasks
from complaints.mailroom.models import Lane, State
from complaints.mailroom.tasks import Doorbell, deliver
from tests.complaints.mailroom.post_office import a_letter, again


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    heard: list[dict[str, Any]] = []
    monkeypatch.setattr(deliver, "apply_async", lambda **given: heard.append(given))
    monkeypatch.setattr(tasks.doorbell, "_silent_until", 0.0)
    return heard


@pytest.mark.django_db
def test_running_it_twice_sends_once(rings: list[Any]) -> None:
    mail = a_letter(now=timezone.now())
    deliver()
    deliver()
    assert again(mail).state == State.SENT
    assert len(django_mail.outbox) == 1
    assert rings == []


@pytest.mark.django_db
def test_what_one_run_does_not_manage_the_next_is_called_for(
    rings: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "ROWS", 2)
    for _ in range(3):
        a_letter(now=timezone.now())
    deliver()
    assert (len(django_mail.outbox), len(rings)) == (2, 1)


@pytest.mark.django_db
def test_a_stopped_lane_is_not_rung_for(rings: list[Any]) -> None:
    a_letter(now=timezone.now())
    Lane.objects.create(stopped_until=timezone.now() + timedelta(minutes=5))
    deliver()
    assert rings == []


def test_many_letters_at_once_ring_once(rings: list[Any]) -> None:
    bell = Doorbell()
    for _ in range(500):
        bell.ring(mail=None)
    assert len(rings) == 1
    assert rings[0]["countdown"] == tasks.SOON


def test_a_bell_rings_again_for_what_comes_later(rings: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    bell, moment = Doorbell(), [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    bell.ring()
    moment[0] += tasks.SOON
    bell.ring()
    assert len(rings) == 2


def test_a_broken_bell_is_silent_for_a_while(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tried: list[float] = []

    def fail(**_: Any) -> None:
        tried.append(moment[0])
        raise OperationalError("no broker")

    bell, moment = Doorbell(), [100.0]
    monkeypatch.setattr(deliver, "apply_async", fail)
    monkeypatch.setattr(time, "monotonic", lambda: moment[0])
    for moment[0] in (100.0, 110.0, 129.0, 131.0):
        bell.ring()
    assert tried == [100.0, 131.0]
    assert "no broker" in caplog.text


def test_a_broker_that_is_not_there_costs_a_request_less_than_a_second(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    connect = partial(deliver.app.connection_for_write, "redis://127.0.0.1:1/0")
    monkeypatch.setattr(deliver.app, "connection_for_write", connect)
    began = time.perf_counter()
    Doorbell().ring()
    assert time.perf_counter() - began < 1
    assert "could not be told" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_is_due_rings_after_the_commit(rings: list[Any]) -> None:
    with transaction.atomic():
        a_letter()
        assert rings == []
    assert len(rings) == 1
