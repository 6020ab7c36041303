"""FI-02: the broker is emptied while letters go out, and is not there while customers write."""

import os
import re
import statistics
import time
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import redis
from django.test import Client

from complaints.mailroom import tasks
from complaints.mailroom.models import OutgoingMail, State
from complaints.mailroom.tasks import deliver
from complaints.resolution.models import Complaint
from tests.complaints.mailroom.post_office import a_letter
from tests.faults.test_post_end_to_end import MORNING, off_by, post_office
from tests.smtp import SmtpSink

__all__ = ["off_by", "post_office"]
pytestmark = pytest.mark.faults
WHOLE = os.environ.get("REDRESS_FAULTS") == "whole"
LETTERS, FORMS = (2000, 100) if WHOLE else (200, 20)
DRAINED = 120  # seconds


@pytest.mark.timeout(400)
@pytest.mark.django_db(transaction=True)
def test_fi_02_a_broker_that_forgets_everything_loses_no_letter(
    post_office: SmtpSink, broker_url: str
) -> None:
    for _ in range(LETTERS):
        a_letter(now=MORNING - timedelta(hours=1))
    forgot_at = None
    began = time.monotonic()
    while len(set(post_office.ids)) < LETTERS and time.monotonic() - began < 2 * DRAINED:
        if forgot_at is None and len(post_office.ids) >= LETTERS / 2:
            with redis.Redis.from_url(broker_url) as broker:
                broker.flushdb()
            forgot_at = time.monotonic()
        time.sleep(0.05)
    took = time.monotonic() - (forgot_at or began)
    lost, doubled = LETTERS - len(set(post_office.ids)), len(post_office.ids) - len(set(post_office.ids))
    print(  # noqa: T201
        f"\nFI-02 broker emptied: {LETTERS:,} letters, {lost} lost, {doubled} doubled, drained in {took:.0f} s"
    )
    assert forgot_at is not None
    assert (lost, doubled) == (0, 0)
    assert took < DRAINED


@pytest.mark.django_db(transaction=True)
def test_fi_02_a_broker_that_is_not_there_costs_the_customer_nothing(
    client: Client,
    settings: Any,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    nobody = partial(deliver.app.connection_for_write, "redis://127.0.0.1:1/0")
    monkeypatch.setattr(deliver.app, "connection_for_write", nobody)
    took = []
    for number in range(FORMS):
        monkeypatch.setattr(tasks.doorbell, "_silent_until", 0.0)  # the bell is tried for every one
        token = re.search(r'name="token" value="([^"]+)"', client.get("/").content.decode())
        assert token
        form = {
            "token": token[1],
            "name": "Maria Okafor",
            "email": f"maria{number}@example.com",
            "title": "Charged twice",
            "words": "You charged me twice.",
            "desired_outcome": "My money back",
        }
        began = time.monotonic()
        answer = client.post("/", form, REMOTE_ADDR=f"10.0.0.{number}")
        took.append(time.monotonic() - began)
        assert answer.status_code == 303
        a_letter()
    slowest = statistics.quantiles(took, n=20)[-1]
    print(f"\nFI-02 no broker: {FORMS} forms, {FORMS - Complaint.objects.count()} lost, p95 {slowest:.2f} s")  # noqa: T201
    assert Complaint.objects.count() == FORMS
    assert OutgoingMail.objects.filter(state=State.QUEUED).count() >= FORMS
    assert "could not be told" in caplog.text, "nobody tried the bell"
    assert slowest < 1
