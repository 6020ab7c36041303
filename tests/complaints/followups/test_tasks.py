"""Ticks: each says look, for the moment given or for the present."""

from datetime import timedelta

import pytest

from complaints.followups import tasks
from complaints.followups.models import PlannedLetter
from complaints.resolution.models import Complaint, Concern, State
from tests import factories
from tests.complaints.followups.post import planned, written
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_sending() -> None:
    complaint = factories.waiting()
    tasks.send_due(now="2026-03-05T16:59:59Z")
    assert written(complaint) == []
    tasks.send_due(now="2026-03-05T17:00Z")
    tasks.send_due(now="2026-03-05T17:00+00:00")
    assert written(complaint) == ["question_reminder"]


def test_sending_in_the_present() -> None:
    complaint = factories.received()
    PlannedLetter.objects.filter(complaint=complaint).update(due_at=NOW + timedelta(days=365_00))
    tasks.send_due()
    assert written(complaint) == []


def test_planning() -> None:
    complaint = factories.received()
    PlannedLetter.objects.all().delete()
    tasks.plan_missing(now=NOW.isoformat())
    tasks.plan_missing(now=NOW.isoformat())
    assert planned(complaint) == [("acknowledgement", 1)]


def test_closing() -> None:
    complaint = factories.documented()
    PlannedLetter.objects.all().delete()
    for _ in range(2):
        tasks.close_due(now=(NOW + timedelta(days=17)).isoformat())
    assert Complaint.objects.get(pk=complaint.pk).state == State.CLOSED


def test_reporting() -> None:
    complaint = factories.waiting()
    for _ in range(2):
        tasks.report_unanswered(now=(NOW + timedelta(days=20)).isoformat())
    assert complaint.entries.filter(concern=Concern.NO_ANSWER).count() == 1
