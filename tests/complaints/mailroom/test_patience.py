from datetime import timedelta
from itertools import count, takewhile

import pytest

from complaints.mailroom.patience import jittered, wait_after


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 60), (5, 60), (20, 60)])
def test_the_waits_grow_to_an_hour(attempts: int, minutes: int) -> None:
    assert wait_after(attempts) == timedelta(minutes=minutes)


def test_a_letter_is_tried_for_two_days_and_then_given_up() -> None:
    waits = [wait for wait in takewhile(bool, map(wait_after, count(1))) if wait]
    assert timedelta(hours=47) < sum(waits, timedelta()) <= timedelta(hours=48)
    assert wait_after(len(waits) + 10) is None


def test_the_jitter_stays_within_a_tenth() -> None:
    hour = timedelta(hours=1)
    spread = {jittered(hour) for _ in range(200)}
    assert len(spread) > 100
    assert all(0.9 * hour <= wait <= 1.1 * hour for wait in spread)
