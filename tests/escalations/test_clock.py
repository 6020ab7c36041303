from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from complaints.policies import clock as policy_clock
from complaints.resolution import timing
from escalations.clock import answer_due, silent_since
from escalations.models import Queue
from escalations.models.queues import is_limit
from tests.factories import NOW, received

pytestmark = pytest.mark.django_db
FRIDAY_LATE = datetime(2026, 3, 6, 16, 0, tzinfo=UTC)


def test_the_answer_is_due_as_the_policy_says() -> None:
    assert answer_due(Queue(), received(), now=FRIDAY_LATE) == datetime(2026, 3, 9, 17, 0, tzinfo=UTC)


def test_a_queue_may_have_a_clock_of_its_own_in_the_policys_working_hours() -> None:
    quick = Queue(answer_within="2 business hours")
    assert answer_due(quick, received(), now=FRIDAY_LATE) == datetime(2026, 3, 9, 10, 0, tzinfo=UTC)


def test_a_queues_clock_is_checked_when_it_is_written() -> None:
    is_limit("4 business hours")
    with pytest.raises(ValidationError):
        is_limit("soon")


def test_the_last_moment_of_a_long_silence_is_found_to_the_minute() -> None:
    pack = timing.pack_of(received())
    now = NOW + timedelta(days=40)
    since = silent_since(pack, now=now)
    limit = pack.escalation.silence_after
    assert policy_clock.due(since, limit, pack.calendar) <= now
    assert policy_clock.due(since + timedelta(minutes=1), limit, pack.calendar) > now
