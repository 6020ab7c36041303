"""Mails are dealt with in groups while others work on the same complaints: nobody waits for ever."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from complaints.mailroom import actions as mailroom
from complaints.mailroom.models import Fate, IncomingMail, OutgoingMail
from complaints.mailroom.reply_addresses import reply_address
from complaints.resolution import actions
from complaints.resolution.models import Complaint, Message
from tests import factories
from tests.complaints.intake.mails import a_mail, letter_to
from tests.complaints.mailroom.test_understanding import returned
from tests.factories import NOW

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
MANY = 20


@pytest.fixture(autouse=True)
def reply_mailbox(settings: Any) -> None:
    settings.MAIL_REPLY_ADDRESS = "complaints@firm.example"


def complaints() -> list[Complaint]:
    """Of each a letter has left."""
    found = [
        factories.waiting(
            customer=factories.CustomerFactory(name="Ann Lee", email=f"ann{number}@example.com")
        )
        for number in range(MANY)
    ]
    OutgoingMail.objects.all().update(state="sent", due_at=None, sent_at=NOW, settled_at=NOW)
    return found


def a_reply(complaint: Complaint) -> bytes:
    assert complaint.customer is not None
    return a_mail(sender=complaint.customer.email, To=reply_address(complaint.pk))


def a_bounce(complaint: Complaint) -> bytes:
    server = f"MAILER-DAEMON@mx{complaint.pk}.example".encode()
    return returned(message_id=letter_to(complaint).message_id).replace(b"MAILER-DAEMON@mx.example", server)


def keep(raws: Sequence[bytes]) -> list[int]:
    return [mail.pk for mail in mailroom.keep_all([mailroom.Parcel(raw) for raw in raws], now=NOW)]


def understand(keys: Sequence[int]) -> None:
    mailroom.understand(list(IncomingMail.objects.filter(pk__in=keys).order_by("pk")), now=NOW)


def at_once(*deeds: Callable[[], object]) -> None:
    start = Barrier(len(deeds))

    def attempt(deed: Callable[[], object]) -> None:
        try:
            start.wait(timeout=30)
            deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as people:
        list(people.map(attempt, deeds))


def test_two_groups_that_join_the_same_complaints_do_not_wait_for_each_other(
    caplog: pytest.LogCaptureFixture,
) -> None:
    theirs = complaints()
    forwards, backwards = keep(list(map(a_reply, theirs))), keep(list(map(a_reply, reversed(theirs))))
    at_once(lambda: understand(forwards), lambda: understand(backwards))
    assert IncomingMail.objects.filter(fate=Fate.JOINED).count() == 2 * MANY
    assert Message.objects.filter(received_as__isnull=False).count() == 2 * MANY
    assert "found no fate" not in caplog.text


@pytest.mark.parametrize(("written", "fate"), [(a_reply, Fate.JOINED), (a_bounce, Fate.BOUNCE)])
def test_a_colleague_who_merges_complaints_is_not_stopped_by_mails_that_come_to_them(
    written: Callable[[Complaint], bytes], fate: Fate, caplog: pytest.LogCaptureFixture
) -> None:
    theirs, supervisor = complaints(), factories.supervisor_user()
    keys = keep([written(complaint) for complaint in reversed(theirs)])

    def merge() -> None:
        for one, other in zip(theirs[::2], theirs[1::2], strict=True):
            actions.merge(one, into=other, reason="The same matter", by=supervisor, now=NOW)

    at_once(lambda: understand(keys), merge)
    mailroom.understand_due(now=lambda: NOW + timedelta(hours=1))  # what was merged under a mail is met again
    # Of another customer's complaint, into which theirs was merged, a person decides.
    assert {fate} <= set(IncomingMail.objects.values_list("fate", flat=True)) <= {fate, Fate.HELD}
    assert Complaint.objects.filter(merged_into__isnull=False).count() == MANY // 2
    assert "deadlock" not in caplog.text


def test_of_two_mails_that_two_readers_have_in_hand_a_new_customer_has_one_complaint() -> None:
    senders = [f"ann{number}@example.com" for number in range(MANY)]
    first, second = ([a_mail(sender=sender) for sender in senders] for _ in range(2))
    keys, others = keep(first), keep(second)
    at_once(lambda: understand(keys), lambda: understand(others))
    mailroom.understand_due(now=lambda: NOW + timedelta(hours=1))  # who waited for the other too long
    assert IncomingMail.objects.filter(fate=Fate.OPENED).count() == Complaint.objects.count() == MANY
    assert IncomingMail.objects.filter(fate=Fate.HELD).count() == MANY
