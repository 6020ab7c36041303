"""Behind the announcement of the post stands a sweep: what became of a letter reaches the file, once."""

from datetime import timedelta

import pytest

from complaints.mailroom.models import OutgoingMail
from complaints.mailroom.models import State as MailState
from complaints.mailroom.signals import Outcome
from complaints.resolution.actions import sweeping
from complaints.resolution.models import Complaint, Concern, EntryKind
from complaints.resolution.receivers import letters_settled
from tests.complaints.intake.mails import letter_to
from tests.complaints.intake.test_post import acknowledged
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def end_unheard(complaint: Complaint, state: MailState) -> None:
    """As it is after a listener was missing: the mailroom knows, and the file does not."""
    mail = OutgoingMail.objects.filter(pk=letter_to(complaint).pk)
    mail.shift(MailState.SENDING, lease_until=NOW, lease_owner="x")
    mail.shift(MailState.SENT, sent_at=NOW, settled_at=NOW)
    if state is not MailState.SENT:
        mail.shift(state)


def concerns(complaint: Complaint) -> list[str]:
    return list(complaint.entries.filter(concern=Concern.UNDELIVERED).values_list("text", flat=True))


def test_a_letter_that_came_back_unheard_is_found_and_said_once() -> None:
    complaint = acknowledged()
    end_unheard(complaint, MailState.BOUNCED)
    for minutes in (15, 30):
        sweeping.settle_letters(now=NOW + timedelta(minutes=minutes))
    assert concerns(complaint) == ["Acknowledgement: came back undelivered"]


def test_a_letter_that_left_unheard_acknowledges() -> None:
    complaint = acknowledged()
    end_unheard(complaint, MailState.SENT)
    sweeping.settle_letters(now=NOW + timedelta(minutes=15))
    complaint.refresh_from_db()
    assert complaint.state == "acknowledged"
    assert concerns(complaint) == []


def test_letters_that_left_together_are_written_down_together_and_once() -> None:
    complaints = [acknowledged() for _ in range(3)]
    mails = [OutgoingMail.objects.get(pk=letter_to(complaint).pk) for complaint in complaints]
    for minutes in (1, 2):
        letters_settled(mails=mails, outcome=Outcome.SENT, now=NOW + timedelta(minutes=minutes))
    for complaint in complaints:
        said = complaint.entries.filter(kind=EntryKind.MESSAGE_OUT, text="Delivered")
        assert [(entry.at, entry.actor_name) for entry in said] == [(NOW + timedelta(minutes=1), "the post")]
        complaint.refresh_from_db()
        assert complaint.state == "acknowledged"
