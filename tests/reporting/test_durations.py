from datetime import timedelta
from statistics import quantiles
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from complaints.resolution import actions
from complaints.resolution.models import Channel
from reporting import durations
from reporting.dimensions import CHANNEL
from reporting.durations import by_aggregate, by_rank, durations_by
from reporting.figures import ledger
from reporting.scope import Scope
from tests import factories
from tests.reporting.conftest import scope_of


@pytest.fixture
def today(reader: Any) -> Scope:
    """Of the last twelve months, as the clock on the wall has it."""
    return scope_of(reader, period="custom", first="2020-01-01", last="2035-01-01")


def acknowledged_after(*minutes: float, channel: Channel = Channel.WEB) -> None:
    handler, began = factories.handler_user(), timezone.now() - timedelta(days=9)
    for waited in minutes:
        complaint = factories.received(now=began, channel=channel)
        actions.acknowledge(complaint, spoken="Thanked", by=handler, now=began + timedelta(minutes=waited))


TIMES: list[list[float]] = [
    [7],
    [3, 9],
    [1, 2, 4],
    [5, 5, 5, 5, 80],
    [11, 2, 30, 45.5, 7.25, 8, 100],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    [0.1, 0.2, 12, 300, 4, 4, 4, 19, 20, 21, 2880],
]


@pytest.mark.parametrize("minutes", TIMES, ids=str)
def test_both_ways_to_the_percentiles_agree_with_the_textbook(today: Scope, minutes: list[float]) -> None:
    acknowledged_after(*minutes)
    rows = durations._timed(ledger.to_acknowledge, today).annotate(group=CHANNEL.key(ledger.acknowledged))
    tenths = quantiles(minutes * 2 if len(minutes) == 1 else minutes, n=10, method="inclusive")
    ways = [by_rank, by_aggregate] if connection.vendor == "postgresql" else [by_rank]
    for way in ways:
        took = way(rows)["web"]
        assert took.number == len(minutes)
        assert took.median / timedelta(minutes=1) == pytest.approx(tenths[4], abs=1e-6)
        assert took.ninth_tenth / timedelta(minutes=1) == pytest.approx(tenths[8], abs=1e-6)


def test_groups_do_not_touch_each_other(today: Scope) -> None:
    acknowledged_after(1, 2, 3)
    acknowledged_after(100, channel=Channel.PHONE)
    took = durations_by(ledger.to_acknowledge, CHANNEL, today)
    assert {channel: one.median / timedelta(minutes=1) for channel, one in took.items()} == {
        "web": 2,
        "phone": 100,
    }


def test_nothing_took_no_time_at_all(today: Scope) -> None:
    assert durations.durations(ledger.to_answer, today) is None
