"""Mail that came in during the last days: raw bytes, kept, read and given their fate as any other mail is."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from django.conf import settings

from complaints.mailroom import actions as mailroom
from complaints.mailroom.actions import understanding
from complaints.mailroom.models import State as MailState
from complaints.resolution.models import Message, State

BEGAN, LATELY = timedelta(hours=52), timedelta(days=14)
#: More boxes inside boxes than the reader opens.
TOO_DEEP = 60


def arrivals(now: datetime) -> Iterator[datetime]:
    """A story of its own: one mail of each fate, each about another complaint, as far as there are enough of them."""
    written_to: set[int] = set()
    for hours, mail in (
        (52, further_news),
        (31, an_absence),
        (27, came_back),
        (6, a_daughter),
        (4, a_new_mail),
    ):
        moment = now - timedelta(hours=hours)
        yield moment
        if letter := _a_letter_of_ours(moment, but_for=written_to):
            written_to.add(letter.complaint_id)
            take_in(mail(letter, moment), now=moment)
    yield now - timedelta(hours=2)
    take_in(without_end(), now=now - timedelta(hours=2))


def take_in(raw: bytes, *, now: datetime) -> None:
    """One of them cannot be read. That is meant so, and no alarm for whoever starts the demo."""
    with _quiet(understanding.logger):
        mailroom.keep(raw, now=now)
        mailroom.understand_due(now=lambda: now)


@contextmanager
def _quiet(logger: logging.Logger) -> Iterator[None]:
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)


def _a_letter_of_ours(now: datetime, *, but_for: set[int]) -> Message | None:
    """The last one on a complaint in hand. One that waits for an answer has a story that brings it."""
    sent = Message.objects.filter(
        mail__state=MailState.SENT,
        sent_at__range=(now - LATELY, now),
        complaint__state=State.INVESTIGATING,
        complaint__restricted=False,
    ).exclude(complaint__in=but_for)
    return sent.select_related("complaint__customer", "mail").order_by("-sent_at", "-pk").first()


def further_news(letter: Message, now: datetime) -> bytes:
    """Joins: the customer answers a letter of ours from their own address."""
    words = "Thank you for writing.\n\nI have found the receipt for the taxi after all. Do you need it?"
    return _answer(letter, now, words)


def an_absence(letter: Message, now: datetime) -> bytes:
    words = "I am away until Monday and read no e-mail. In urgent matters please ring."
    return _answer(letter, now, words, Auto_Submitted="auto-replied", Precedence="auto_reply")


def a_daughter(letter: Message, now: datetime) -> bytes:
    """Held: it answers our letter, but comes from somebody else."""
    words = "I write for my mother, who has broken her wrist. Could you send your letters to me for the time being?"
    return _answer(letter, now, words, From="Daughter <family.account@example.net>")


def a_new_mail(letter: Message, now: datetime) -> bytes:
    """Held: the customer has a complaint open with us, and this answers no letter."""
    mail = _mail(_customer(letter), "A second matter, or is it the same?", now)
    mail.set_content(
        "The seats we paid for were not ours on the way back either. Please add this to what I wrote."
    )
    return mail.as_bytes()


def came_back(letter: Message, now: datetime) -> bytes:
    """What a mail server says of a letter of ours whose mailbox is full for good."""
    to = parseaddr(_customer(letter))[1]
    enclosed = f"Message-ID: {letter.mail.message_id if letter.mail else ''}\nSubject: {letter.subject}\n"
    return (
        f"Return-Path: <>\nFrom: Mail Delivery System <MAILER-DAEMON@mail.example.net>\nTo: {_us()}\n"
        f"Date: {format_datetime(now)}\nSubject: Undelivered Mail Returned to Sender\n"
        f"Message-ID: <returned.{letter.pk}@mail.example.net>\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain\n\nYour message to <{to}> could not be delivered.\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mail.example.net\n\n"
        f"Final-Recipient: rfc822; {to}\nAction: failed\nStatus: 5.2.2\n"
        "Diagnostic-Code: smtp; 552 5.2.2 Mailbox full\n"
        f"--b\nContent-Type: text/rfc822-headers\n\n{enclosed}--b--\n"
    ).encode()


def without_end() -> bytes:
    """Quarantine: boxes inside boxes, as no mail program packs them."""
    boxes = "".join(
        f'Content-Type: multipart/mixed; boundary="b{depth}"\n\n--b{depth}\n' for depth in range(TOO_DEEP)
    )
    return f"From: offers@bulk.example.org\nSubject: Your invoice\nMIME-Version: 1.0\n{boxes}\n".encode()


def _answer(letter: Message, now: datetime, words: str, **headers: str) -> bytes:
    """What a mail program makes of “Reply”."""
    mail = _mail(headers.pop("From", _customer(letter)), f"Re: {letter.subject}", now)
    mail["In-Reply-To"] = mail["References"] = letter.mail.message_id if letter.mail else ""
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(words)
    return mail.as_bytes()


def _mail(sender: str, subject: str, now: datetime) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, _us(), subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<{int(now.timestamp())}@mail.example.com>"
    return mail


def _customer(letter: Message) -> str:
    customer = letter.complaint.customer
    return f"{customer.name} <{customer.email}>" if customer else ""


def _us() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
