"""Whatever becomes of the beat: each warning and each escalation exactly once, the late ones with their true date.

A tick is lost, a whole day passes without a beat, two beats run at once. DATABASE_URL names the database.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection

from complaints.resolution.models import Complaint, EntryKind, Milestone
from escalations import actions
from escalations.models import Escalation, Reason, State
from tests import factories
from tests.escalations.people import ladder, manager, supervisor
from tests.factories import NOW

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)
#: Received on Monday the second at ten: four fifths of the time to thank are used up on Tuesday at two, all at five.
NEARLY, BREACH = datetime(2026, 3, 3, 14, tzinfo=UTC), datetime(2026, 3, 3, 17, tzinfo=UTC)
TICKS = [NOW + hours * HOUR for hours in range(24, 82)]
Beat = Callable[[datetime], None]


def beat(now: datetime) -> None:
    actions.pass_milestones(now=now)
    actions.pass_up_unanswered(now=now)
    actions.settle_all_moot(now=now)


def two_at_once(now: datetime) -> None:
    start = Barrier(2)
    trouble: list[Exception] = []

    def one() -> None:
        start.wait()
        try:
            beat(now)
        except Exception as error:  # noqa: BLE001
            trouble.append(error)
        finally:
            connection.close()

    threads = [Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trouble == []


def complaints() -> list[Complaint]:
    """Whose time to thank alone calls anybody."""
    ladder()
    supervisor(), manager()
    found = [factories.received() for _ in range(3)]
    Milestone.objects.exclude(deadline__clock="acknowledgement").delete()
    return found


def told(complaint: Complaint) -> list[tuple[str, str, bool]]:
    """Which part, due when, and whether it is said to be late."""
    entries = complaint.entries.filter(facts__has_key="milestone").order_by("pk")
    return [(one.facts["part"], one.facts["due"], "oticed late" in one.text) for one in entries]


def passed_up(complaint: Complaint) -> int:
    said = complaint.entries.filter(kind=EntryKind.ESCALATION, text__contains="passed up from")
    return said.count()


@pytest.mark.parametrize(
    ("ticks", "how", "noticed", "late"),
    [
        (TICKS, beat, BREACH, False),
        ([tick for tick in TICKS if tick != BREACH], beat, BREACH + HOUR, False),
        (
            [tick for tick in TICKS if not NEARLY - HOUR < tick < NEARLY + 23 * HOUR],
            beat,
            NEARLY + 23 * HOUR,
            True,
        ),
        (TICKS, two_at_once, BREACH, False),
    ],
    ids=["every tick", "a lost tick", "a day without beat", "two beats"],
)
def test_each_is_told_exactly_once(
    ticks: list[datetime], how: Beat, noticed: datetime, *, late: bool
) -> None:
    watched = complaints()
    for now in ticks:
        how(now)
    for complaint in watched:
        assert told(complaint) == [
            ("0.8000", NEARLY.isoformat(), late),
            ("1.0000", BREACH.isoformat(), late),
        ]
        first, second = Escalation.objects.filter(complaint=complaint).order_by("pk")
        assert (first.reason, first.raised_at, first.state) == (Reason.OVERDUE, noticed, State.PASSED_UP)
        assert first.true_due_at == (BREACH if late else None)
        assert (second.passed_up_from, second.state, second.level) == (first, State.OPEN, 2)
        assert second.true_due_at == first.true_due_at
        assert passed_up(complaint) == 1
    assert Escalation.objects.count() == 2 * len(watched)
    assert not Milestone.objects.due(ticks[-1]).exists()
