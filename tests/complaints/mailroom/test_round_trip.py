"""A mail comes by IMAP, an answer goes by SMTP, the customer replies to it, and a later letter comes back."""

from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from complaints.followups import actions as followups
from complaints.mailroom import actions
from complaints.mailroom.fetching import accounts
from complaints.mailroom.models import Fate, IncomingMail
from complaints.resolution import actions as resolution
from complaints.resolution.models import Complaint, Concern, MessageKind, State
from tests import factories
from tests.complaints.intake.mails import a_mail
from tests.complaints.mailroom.dovecot import Dovecot
from tests.complaints.mailroom.post_office import Clock, send_out
from tests.complaints.mailroom.test_understanding import returned
from tests.smtp import SmtpSink

pytestmark = pytest.mark.django_db


def come_in(dovecot: Dovecot, raw: bytes, clock: Clock) -> IncomingMail:
    dovecot.deliver(raw, user="roundtrip")
    clock.forward(minutes=1)
    assert actions.fetch_all(accounts(), now=clock) == 1
    actions.understand_due(now=clock)
    return IncomingMail.objects.latest("pk")


def reply_to(letter: EmailMessage, body: str) -> bytes:
    """As a mail program does it: to whom the letter asks to be answered, under another subject."""
    return a_mail(
        sender="Ann Lee <Ann@Example.com>",
        subject="Something else altogether",
        body=body,
        To=str(letter["Reply-To"]),
        In_Reply_To=str(letter["Message-ID"]),
    )


def test_a_conversation_by_mail_stays_in_one_complaint(
    dovecot: Dovecot, mail_to_sink: SmtpSink, settings: Any, clock: Clock
) -> None:
    settings.IMAP_URLS = [dovecot.url("roundtrip")]
    settings.MAIL_REPLY_ADDRESS = settings.MAIL_BOUNCE_ADDRESS = "complaints@firm.example"
    opened = come_in(dovecot, a_mail(), clock)
    complaint = Complaint.objects.get()
    assert opened.fate == Fate.OPENED

    clock.forward(minutes=1)
    followups.send_due(now=clock())
    send_out(clock)
    (thanks,) = mail_to_sink.messages
    complaint.refresh_from_db()
    assert complaint.state == State.ACKNOWLEDGED
    assert thanks["Auto-Submitted"] == "auto-generated"
    assert thanks["In-Reply-To"] == f"<{opened.message_id}>"

    answered = come_in(dovecot, reply_to(thanks, "It was the blue card."), clock)
    assert (answered.fate, answered.message.complaint) == (Fate.JOINED, complaint)
    assert followups.send_due(now=clock()) == 0

    handler = factories.handler_user()
    resolution.send_letter(
        complaint, kind=MessageKind.UPDATE, letter=factories.LETTER, by=handler, now=clock()
    )
    clock.forward(hours=1)  # whatever staff may still take back has gone by then
    send_out(clock)
    update = mail_to_sink.messages[-1]
    came_back = come_in(dovecot, returned(message_id=str(update["Message-ID"])), clock)
    assert came_back.fate == Fate.BOUNCE
    (entry,) = complaint.entries.filter(concern=Concern.UNDELIVERED)
    assert entry.at <= clock()
    clock.forward(hours=1)
    assert (followups.send_due(now=clock()), len(mail_to_sink.messages)) == (0, 2)
    assert Complaint.objects.count() == 1
    assert actions.compare_all(accounts(), now=lambda: clock() + timedelta(minutes=1)) == 0
