"""The letters of one complaint, through a real broker, worker, beat and mail server: each arrives, and once."""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone

from complaints.followups import actions as followups
from complaints.followups.models import PlannedLetter
from complaints.mailroom.models import OutgoingMail
from complaints.mailroom.models import State as MailState
from complaints.resolution import actions
from complaints.resolution.actors import System
from complaints.resolution.models import Complaint, MessageKind, State
from tests import factories
from tests.factories import LETTER
from tests.smtp import SmtpSink

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)
PATIENCE = 60.0
#: A Tuesday morning on which letters are welcome.
MORNING = datetime(2026, 3, 24, 10, 0, tzinfo=UTC)


@pytest.fixture
def off_by(monkeypatch: pytest.MonkeyPatch) -> timedelta:
    off_by = MORNING - datetime.now(UTC)
    monkeypatch.setattr(timezone, "now", lambda: datetime.now(UTC) + off_by)
    return off_by


@pytest.fixture
def post_office(
    child_environment: dict[str, str], smtp_sink: SmtpSink, tmp_path: Path, off_by: timedelta
) -> Iterator[SmtpSink]:
    """A worker, and two beats by mistake."""
    environment = child_environment | {
        "EMAIL_URL": smtp_sink.url,
        "PRETEND": str(off_by.total_seconds()),
        "LOG_LEVEL": "WARNING",
    }
    celery = [sys.executable, "-m", "celery", "-A", "tests.faults.fast"]
    programs = [[*celery, "worker", "-P", "threads", "-c", "2"]]
    programs += [
        [*celery, "beat", "--schedule", str(tmp_path / f"beat{number}"), "--pidfile", ""]
        for number in range(2)
    ]
    with (tmp_path / "celery.log").open("wb") as log:
        children = [
            subprocess.Popen(program, env=environment, stdout=log, stderr=subprocess.STDOUT)
            for program in programs
        ]
        yield smtp_sink
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=40)


def wait_until(come: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not come():
        assert time.monotonic() < until, "it did not come in time"
        time.sleep(0.2)


def arrived(sink: SmtpSink) -> list[str]:
    return [re.sub(r"C\d\d-\d{6}-[A-Z]", "…", str(letter["Subject"])) for letter in sink.messages]


def has_come(sink: SmtpSink, words: str) -> Callable[[], bool]:
    return lambda: any(words in subject for subject in arrived(sink))


def make_due(complaint: Complaint, kind: MessageKind) -> None:
    """Days are not waited for."""
    PlannedLetter.objects.filter(complaint=complaint, kind=kind).update(due_at=MORNING - DAY)


def test_acknowledgement_follow_up_survey_and_reminder_arrive_once_each(post_office: SmtpSink) -> None:
    handler = factories.handler_user()
    complaint = factories.received(now=MORNING - 30 * DAY)
    wait_until(has_come(post_office, "thank you, we are looking into it"))
    wait_until(lambda: Complaint.objects.get().state == State.ACKNOWLEDGED)
    settled = MORNING - 20 * DAY
    proof = {"lines": [], "acceptance": "“Yes.”", "proof": "Done on the day."}
    actions.settle(complaint, letter=LETTER, by=handler, now=settled, **proof)  # type: ignore[arg-type]
    wait_until(has_come(post_office, "is everything right now?"))
    file_away(complaint)
    wait_until(has_come(post_office, "is now closed"))
    make_due(complaint, MessageKind.SURVEY)
    wait_until(has_come(post_office, "how did we do?"))
    make_due(complaint, MessageKind.SURVEY_REMINDER)
    wait_until(has_come(post_office, "would you tell us how we did?"))
    time.sleep(4)  # a few more ticks, in which nothing may come
    assert arrived(post_office) == [
        "Your complaint …: thank you, we are looking into it",
        LETTER.subject,
        "Your complaint …: is everything right now?",
        "Your complaint … is now closed",
        "Your complaint …: how did we do?",
        "Your complaint …: would you tell us how we did?",
    ]
    assert len(set(post_office.ids)) == len(post_office.ids)
    assert not OutgoingMail.objects.exclude(state=MailState.SENT).exists()
    assert complaint.messages.filter(direction="out", sent_at__isnull=True).count() == 0


def file_away(complaint: Complaint) -> None:
    """In one transaction, so that the timetable does not close it in between."""
    by, now = System.FOLLOW_UP, MORNING - 10 * DAY
    with transaction.atomic():
        handler = complaint.entries.filter(actor__isnull=False).latest("pk").actor
        assert handler is not None
        assert complaint.customer is not None
        actions.document(
            complaint, problem="Twice", cause="A retry", solution="Paid back", by=handler, now=now
        )
        followups.take_follow_up_answer(
            complaint, satisfied=True, text="Yes.", by=complaint.customer, now=now
        )
        actions.close(complaint, by=by, now=now)
