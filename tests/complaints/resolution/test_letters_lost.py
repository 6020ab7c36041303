"""A letter that failed or came back was no word to the customer: the clocks go on as if it had not been written."""

from datetime import UTC, datetime, timedelta

import pytest

from complaints.mailroom import actions as mailroom
from complaints.mailroom.models import OutgoingMail
from complaints.mailroom.models import State as MailState
from complaints.mailroom.signals import Outcome
from complaints.resolution import actions
from complaints.resolution.actions import clocks
from complaints.resolution.actors import System
from complaints.resolution.models import (
    Complaint,
    Concern,
    Deadline,
    Ended,
    Message,
    MessageKind,
    Milestone,
)
from escalations import actions as ladder
from escalations.models import Escalation
from tests import factories
from tests.complaints.resolution.test_record import written
from tests.escalations.people import ladder as levels
from tests.factories import LETTER, NOW

pytestmark = pytest.mark.django_db
DAY, HOUR, SOON = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
#: Five business days after the thanks of Monday the second.
FIRST_DUE = datetime(2026, 3, 9, 17, tzinfo=UTC)


def wrote(complaint: Complaint, at: datetime) -> Message:
    """A letter that the mail server took."""
    handler = factories.handler_user()
    kind = MessageKind.UPDATE
    letter = actions.send_letter(complaint, kind=kind, letter=LETTER, by=handler, now=at)
    left(letter, at=at)
    return letter


def mail_of(letter: Message) -> OutgoingMail:
    assert letter.mail_id
    return OutgoingMail.objects.get(pk=letter.mail_id)


def left(letter: Message, *, at: datetime) -> None:
    mails = OutgoingMail.objects.filter(pk=mail_of(letter).pk)
    assert mails.shift(MailState.SENDING, lease_until=at, lease_owner="x")
    assert mails.shift(MailState.SENT, sent_at=at, settled_at=at)
    actions.letter_ended(letter, outcome=Outcome.SENT, now=at)


def came_back(letter: Message, at: datetime) -> None:
    assert mailroom.came_back(mail_of(letter), now=at, said="550 5.1.1 No such user")


def silence(complaint: Complaint) -> Deadline:
    return complaint.deadlines.running().get(clock="update")


def test_the_silence_goes_on_from_the_last_word_that_arrived() -> None:
    complaint = factories.investigating()
    spoken = silence(complaint).started_at
    letter = wrote(complaint, NOW + 2 * DAY)
    assert silence(complaint).due_at == datetime(2026, 3, 11, 17, tzinfo=UTC)
    came_back(letter, NOW + 3 * DAY)
    assert (silence(complaint).started_at, silence(complaint).due_at) == (spoken, FIRST_DUE)
    complaint.refresh_from_db()
    assert complaint.next_due_at == FIRST_DUE
    before = written(complaint)
    clocks.recompute(complaint)
    assert written(complaint) == before


def test_an_earlier_letter_that_came_back_takes_nothing_from_a_later_one() -> None:
    complaint = factories.investigating()
    lost = wrote(complaint, NOW + DAY)
    wrote(complaint, NOW + 2 * DAY)
    came_back(lost, NOW + 3 * DAY)
    assert silence(complaint).started_at == NOW + 2 * DAY
    stretches = complaint.deadlines.filter(clock="update").exclude(ended=Ended.LET_GO)
    assert [one.stopped_at for one in stretches.order_by("started_at")][-2:] == [NOW + 2 * DAY, None]


def test_sent_once_more_it_ends_the_silence_when_it_leaves_and_not_before() -> None:
    complaint = factories.investigating()
    letter = wrote(complaint, NOW + DAY)
    came_back(letter, NOW + 2 * DAY)
    mailroom.send_again(mail_of(letter), by="operator", now=NOW + 3 * DAY)
    assert silence(complaint).due_at == FIRST_DUE
    left(letter, at=NOW + 4 * DAY)
    assert silence(complaint).started_at == NOW + 4 * DAY
    came_back(letter, NOW + 5 * DAY)
    assert silence(complaint).due_at == FIRST_DUE


def test_a_part_told_already_is_not_told_again_and_one_that_came_meanwhile_is_told_late() -> None:
    levels()
    complaint = factories.investigating()
    Milestone.objects.exclude(deadline__clock="update").delete()
    nearly = Milestone.objects.get(deadline=silence(complaint), part="0.8").at
    assert ladder.pass_milestones(now=nearly + SOON) == 1
    letter = wrote(complaint, nearly + HOUR)
    came_back(letter, FIRST_DUE + 2 * HOUR)
    assert ladder.pass_milestones(now=FIRST_DUE + 3 * HOUR) == 1
    asked = Escalation.objects.get(reason="overdue")
    assert asked.true_due_at == FIRST_DUE
    told = complaint.entries.filter(facts__has_key="milestone").order_by("pk")
    assert [(one.facts["part"], one.facts["due"]) for one in told] == [
        ("0.8000", nearly.isoformat()),
        ("1.0000", FIRST_DUE.isoformat()),
    ]
    assert ladder.pass_milestones(now=FIRST_DUE + 4 * HOUR) == 0


def test_of_a_new_date_told_in_a_letter_that_came_back_the_customer_knows_nothing() -> None:
    complaint = factories.investigating()
    handler = factories.handler_user()
    until, why = NOW + 40 * DAY, "The courier does not answer."
    actions.move_date(complaint, clock="resolve", until=until, reason=why, by=handler, now=NOW + DAY)
    letter = wrote(complaint, NOW + DAY + HOUR)
    assert not complaint.deadlines.running().filter(clock="tell").exists()
    came_back(letter, NOW + 2 * DAY)
    assert complaint.deadlines.running().filter(clock="tell").exists()


def test_a_letter_that_could_not_even_be_written_takes_nothing_from_the_others() -> None:
    """A planned letter to what is no address: the concern names no letter of the file."""
    complaint = factories.investigating()
    wrote(complaint, NOW + DAY)
    before = written(complaint)
    concern = {"concern": Concern.UNDELIVERED, "text": "Follow-up: no address", "by": System.FOLLOW_UP}
    actions.raise_concern(complaint, now=NOW + 2 * DAY, **concern)  # type: ignore[arg-type]
    clocks.recompute(complaint)
    assert written(complaint) == before


def test_a_letter_that_came_back_does_not_answer_a_long_silence() -> None:
    levels()
    complaint = factories.investigating()
    letter = wrote(complaint, NOW + 9 * DAY)
    long = datetime(2026, 3, 16, 17, 1, tzinfo=UTC)
    came_back(letter, NOW + 10 * DAY)
    Deadline.objects.filter(complaint=complaint).update(stopped_at=NOW)
    assert ladder.raise_long_silence(now=long) == 1
    assert "since 2 Mar 2026, 11:00" in Escalation.objects.get(reason="silence").ask
