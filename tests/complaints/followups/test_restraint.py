"""How much we write by ourselves in answer to what comes in: one answer a complaint, three letters an address and day."""

from datetime import datetime, timedelta

import pytest

from complaints.followups import actions as followups
from complaints.followups.models import PlannedState
from complaints.intake.actions import Telling, lodge
from complaints.mailroom.models import Fate, IncomingMail, OutgoingMail
from complaints.resolution.models import Channel, Complaint, EntryKind, Message, MessageKind, State
from tests import factories
from tests.complaints.followups.post import deliver, the_letter
from tests.complaints.intake.mails import a_mail, arrive
from tests.factories import NOW

pytestmark = pytest.mark.django_db
VICTIM = "victim@example.com"


def by_form(number: int, *, now: datetime = NOW, email: str = VICTIM) -> Complaint:
    telling = Telling(
        token=f"form:{number}",
        title=f"Buy now {number}",
        words="http://evil.example",
        channel=Channel.WEB,
        received_at=now,
        name="Click here",
        email=email,
    )
    return lodge(telling, now=now)


def to_victim() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(to=VICTIM).order_by("pk"))


@pytest.mark.parametrize("number", [200])
def test_sec_33_a_flood_of_forms_with_anothers_address_sends_three_letters_a_day(number: int) -> None:
    for one in range(number):
        by_form(one)
    for hours in range(24):
        followups.send_due(now=NOW + timedelta(hours=hours))
        deliver(NOW + timedelta(hours=hours))
    assert len(to_victim()) == 3
    for letter in to_victim():
        assert not {"Buy now", "evil", "Click"} & set(letter.body.split())
        assert b"evil.example" not in bytes(letter.mime)
    assert Complaint.objects.filter(state=State.RECEIVED).count() == number - 3


def test_who_is_not_thanked_by_ourselves_is_named_to_whoever_opens_the_file() -> None:
    complaints = [by_form(one) for one in range(4)]
    followups.send_due(now=NOW)
    unthanked = complaints[-1]
    assert the_letter(unthanked, MessageKind.ACKNOWLEDGEMENT).state == PlannedState.CANCELLED
    note = unthanked.entries.get(kind=EntryKind.NOTE)
    assert "Thank the customer yourself" in note.text
    assert followups.plan_missing(now=NOW + timedelta(minutes=15)) == 0


def test_the_next_day_they_are_thanked_again() -> None:
    for one in range(3):
        by_form(one)
    followups.send_due(now=NOW)
    later = NOW + timedelta(days=1, minutes=1)
    by_form(9, now=later)
    followups.send_due(now=later)
    assert len(to_victim()) == 4


def test_the_limit_counts_every_automatic_letter_and_no_letter_of_a_person() -> None:
    complaint = factories.waiting(customer=factories.CustomerFactory(email=VICTIM))
    assert to_victim()  # our question, written by a colleague
    for one in range(4):
        by_form(one)
    followups.send_due(now=NOW + timedelta(hours=4))
    acknowledgements = Message.objects.filter(kind=MessageKind.ACKNOWLEDGEMENT, automatic=True)
    assert acknowledgements.exclude(complaint=complaint).count() == 3


def test_the_limit_is_one_addresss_and_no_others() -> None:
    for one in range(5):
        by_form(one)
    other = by_form(9, email="other@example.com")
    followups.send_due(now=NOW)
    assert other.messages.filter(kind=MessageKind.ACKNOWLEDGEMENT).exists()


@pytest.mark.parametrize("threads", [True, False], ids=["answers our letter", "begins anew each time"])
def test_sec_31_500_rounds_with_a_robot_that_hides_what_it_is_get_one_answer(*, threads: bool) -> None:
    """It writes like a person, at once, whatever we send; and when we send nothing, it writes again all the same."""
    moment, answers = NOW, 0
    last: dict[str, str] = {}
    for number in range(500):
        moment += timedelta(seconds=20)
        raw = a_mail(sender="Bob <bob@robots.example>", subject="Thank you!", body=f"Noted {number}.", **last)
        mail = arrive(raw, now=moment)
        assert mail.fate in {Fate.OPENED, Fate.JOINED, Fate.HELD}
        followups.send_due(now=moment)
        deliver(moment)
        sent = OutgoingMail.objects.filter(to="bob@robots.example")
        answers = len(sent)
        if threads and sent:
            last = {"In_Reply_To": sent[0].message_id, "References": sent[0].message_id}
    assert answers == 1
    assert IncomingMail.objects.count() == 500
    assert IncomingMail.objects.filter(fate="").count() == 0
    assert Complaint.objects.count() == 1
