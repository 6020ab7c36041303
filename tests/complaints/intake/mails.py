"""Mails as customers write them, and their way through the house."""

import itertools
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from complaints.mailroom import actions as mailroom
from complaints.mailroom.models import IncomingMail, OutgoingMail
from complaints.resolution.models import Complaint, Message
from tests.factories import NOW

numbers = itertools.count(1)
LATER = NOW + timedelta(days=1)


def a_mail(
    *,
    sender: str = "Ann Lee <ann@example.com>",
    subject: str = "You charged me twice",
    body: str = "",
    **headers: str,
) -> bytes:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = headers.pop("To", "complaints@firm.example")
    message["Subject"] = subject
    message["Message-ID"] = headers.pop("Message_ID", f"<{next(numbers)}@mail.example>")
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body or "You charged me twice for one booking. Please pay it back.")
    return message.as_bytes()


def with_files(raw: bytes, *files: tuple[str, bytes]) -> bytes:
    from email import message_from_bytes, policy

    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def with_pictures(pictures: dict[str, bytes], *, html: str = "") -> bytes:
    """Held, for it is sent to a list; its HTML shows each picture by its Content-ID."""
    message = EmailMessage()
    message["From"], message["Subject"] = "Ann Lee <ann@example.com>", "With pictures"
    message["List-Id"] = "<news.example.com>"
    shown = "".join(f'<img alt="{name}" src="cid:{name}">' for name in pictures)
    message.set_content(f"{html}<p>See here.</p>{shown}", subtype="html")
    for name, content in pictures.items():
        message.add_related(content, maintype="image", subtype="png", cid=f"<{name}>")
    return message.as_bytes()


def arrive(raw: bytes, *, now: datetime = NOW) -> IncomingMail:
    """Kept and understood, by the two steps of the house."""
    kept = mailroom.keep(raw, now=now)
    mailroom.understand_due(now=lambda: now)
    return IncomingMail.objects.get(pk=kept.pk)


def letter_to(complaint: Complaint) -> OutgoingMail:
    """The last letter we wrote on this complaint."""
    mail = Message.objects.filter(complaint=complaint, mail__isnull=False).latest("pk").mail
    assert mail is not None
    return mail


def answer_to(complaint: Complaint, **given: Any) -> bytes:
    """What the customer's mail program makes of “Reply”."""
    letter = letter_to(complaint)
    customer = complaint.customer
    assert customer is not None
    usual = {
        "sender": f"{customer.name} <{customer.email}>",
        "subject": f"Re: {letter.subject}",
        "In_Reply_To": letter.message_id,
        "References": letter.message_id,
        "body": "Any news?",
    }
    return a_mail(**{**usual, **given})
