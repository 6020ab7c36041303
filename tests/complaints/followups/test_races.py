"""Any number of workers at once: every letter once, every concern once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from complaints.followups import actions as followups
from complaints.followups.models import PlannedLetter, PlannedState
from complaints.mailroom.models import OutgoingMail
from complaints.resolution.models import Concern, Entry, Message, MessageKind, Move
from tests import factories
from tests.factories import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
WORKERS = 6


def by_all(sweep: Callable[[], int]) -> int:
    """What the sweep came to, run by all workers at once."""
    start = Barrier(WORKERS)

    def work(_: int) -> int:
        try:
            start.wait(timeout=30)
            return sweep()
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as workers:
        return sum(workers.map(work, range(WORKERS)))


def test_each_letter_goes_once_however_many_workers_sweep() -> None:
    complaints = [factories.received() for _ in range(30)]
    went = by_all(lambda: followups.send_due(now=NOW))
    went += followups.send_due(now=NOW)  # what a worker passed over because another held it
    assert went == len(complaints)
    assert Message.objects.filter(kind=MessageKind.ACKNOWLEDGEMENT).count() == len(complaints)
    assert OutgoingMail.objects.values("to").distinct().count() == OutgoingMail.objects.count() == 30
    assert not PlannedLetter.objects.exclude(state=PlannedState.SENT).exists()


def test_one_customer_gets_one_survey_though_several_complaints_closed_at_once() -> None:
    customer, handler = factories.CustomerFactory(), factories.handler_user()
    for _ in range(4):
        factories.closed(by=handler, customer=customer)
    followups.send_due(now=NOW + timedelta(days=30))
    later = NOW + timedelta(days=33)
    by_all(lambda: followups.send_due(now=later))
    followups.send_due(now=later)
    assert Message.objects.filter(kind=MessageKind.SURVEY).count() == 1


def test_missing_letters_are_planned_once() -> None:
    for _ in range(5):
        factories.waiting()
    PlannedLetter.objects.all().delete()
    by_all(lambda: followups.plan_missing(now=NOW))
    assert PlannedLetter.objects.filter(kind=MessageKind.QUESTION_REMINDER).count() == 10


def test_each_complaint_is_closed_once() -> None:
    handler = factories.handler_user()
    for _ in range(5):
        factories.documented(by=handler)
    PlannedLetter.objects.all().delete()
    assert by_all(lambda: followups.close_due(now=NOW + timedelta(days=17))) == 5
    assert Entry.objects.filter(move=Move.CLOSE).count() == 5


def test_each_silence_is_reported_once() -> None:
    for _ in range(5):
        factories.waiting()
    assert by_all(lambda: followups.report_unanswered(now=NOW + timedelta(days=20))) == 5
    assert Entry.objects.filter(concern=Concern.NO_ANSWER).count() == 5
