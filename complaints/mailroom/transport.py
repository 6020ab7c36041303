"""The wire. Whatever Django is told to send mail with carries the frozen bytes, over one connection.

To a mail server we talk ourselves (`smtp.py`); a folder, a console or a provider of mail gets what Django gives it.
"""

import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from smtplib import SMTPServerDisconnected
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from complaints.mailroom.exceptions import LetterChanged
from complaints.mailroom.faults import answer_of, is_about_one_letter
from complaints.mailroom.models import OutgoingMail
from complaints.mailroom.reply_addresses import bounce_address
from complaints.mailroom.smtp import Conversation, Envelope, Patience, PatientBackend

TIMEOUT = 30
MOST_PER_CONNECTION = 100  # many servers hang up after some number of letters; we do it before them
GOING_AWAY = 421
DJANGOS_SMTP = "django.core.mail.backends.smtp.EmailBackend"
PATIENT = f"{PatientBackend.__module__}.{PatientBackend.__qualname__}"
KEPT_HEADERS = (
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "List-Unsubscribe",
)

logger = logging.getLogger(__name__)


class FrozenMessage(Message):
    """Reads like any parsed message, and is written out as the bytes it was read from."""

    raw = b""

    def as_bytes(
        self,
        unixfrom: bool = False,  # noqa: FBT001, FBT002  # as Python has it
        policy: Any = None,
        linesep: str = "\n",
    ) -> bytes:
        return self.raw if linesep == "\r\n" else self.raw.replace(b"\r\n", linesep.encode())

    def as_string(self, *_args: Any, **_kwargs: Any) -> str:
        return self.as_bytes().decode("ascii", "replace")


class FrozenEmail(EmailMessage):
    """What Django's mail back ends are handed. Those that talk to a provider read the attributes instead."""

    def __init__(self, mail: OutgoingMail) -> None:
        self.frozen = BytesHeaderParser(_class=FrozenMessage).parsebytes(bytes(mail.mime))
        self.frozen.raw = bytes(mail.mime)
        super().__init__(
            subject=mail.subject,
            body=mail.body,
            from_email=self._header("From"),
            to=[mail.to],
            reply_to=[self._header("Reply-To")] if "Reply-To" in self.frozen else [],
            bcc=[settings.MAIL_JOURNAL_ADDRESS] if settings.MAIL_JOURNAL_ADDRESS else [],
            headers={name: self._header(name) for name in KEPT_HEADERS if name in self.frozen},
        )
        self.envelope_sender = envelope_of(mail).sender  # read by anymail
        if self.frozen.get_content_maintype() == "multipart":
            self._unpack()

    def message(self) -> FrozenMessage:  # type: ignore[override]
        return self.frozen

    def _header(self, name: str) -> str:
        return " ".join(self.frozen[name].split())

    def _unpack(self) -> None:
        for part in message_from_bytes(self.frozen.raw).walk():
            if part.get_content_disposition() == "attachment":
                content = part.get_payload(decode=True)
                self.attachments.append((part.get_filename(), content, part.get_content_type()))


def envelope_of(mail: OutgoingMail) -> Envelope:
    """Where it comes back to names it; without a mailbox for that, automatic mail comes back to nobody (RFC 3834)."""
    sender = bounce_address(mail.pk) or ("" if mail.automatic else parseaddr(settings.DEFAULT_FROM_EMAIL)[1])
    return Envelope(sender, mail.to, settings.MAIL_JOURNAL_ADDRESS, witness_needed=not mail.repeatable)


class Transport:
    """One connection, kept over many letters and made anew after a failure.

    `beat` is called while a letter takes its time. `may_have_gone` says of one that failed that it may have arrived.
    """

    beat: Callable[[], object] = bool
    may_have_gone = False

    def __init__(self) -> None:
        self._backend: Any = None
        self._carried = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> bool:
        """Whether it took a new connection."""
        self.may_have_gone = False
        if self._backend is not None and self._carried < MOST_PER_CONNECTION:
            return False
        self.close()
        timeout = settings.EMAIL_TIMEOUT or TIMEOUT
        backend = PATIENT if settings.EMAIL_BACKEND == DJANGOS_SMTP else settings.EMAIL_BACKEND
        self._backend = get_connection(backend, fail_silently=False, timeout=timeout)
        self._patience = Patience.from_timeout(timeout)
        try:
            self._backend.open()
        except BaseException:
            self.close()
            raise
        return True

    def send(self, mail: OutgoingMail) -> None:
        raw = bytes(mail.mime)
        if hashlib.sha256(raw).hexdigest() != mail.mime_sha256:
            raise LetterChanged("The letter is not as it was written, and was not sent.")
        try:
            if isinstance(self._backend, PatientBackend):
                self._hand_over(mail, raw)
            else:
                self._hand_to_django(mail)
        except Exception as error:
            if not _line_still_good(error):
                self.close()
            raise
        self._carried += 1

    def _hand_over(self, mail: OutgoingMail, raw: bytes) -> None:
        if self._backend.connection is None:
            raise SMTPServerDisconnected("The line is down.")
        talk = Conversation(self._backend.connection, self._patience, self.beat)
        try:
            talk.hand_over(envelope_of(mail), raw)
        finally:
            self.may_have_gone = talk.may_have_gone
        if talk.unwitnessed:
            logger.error("Letter %s went without a copy for the journal: %s", mail.pk, talk.unwitnessed)

    def _hand_to_django(self, mail: OutgoingMail) -> None:
        self.may_have_gone = True
        if self._backend.send_messages([FrozenEmail(mail)]) == 0:
            self.may_have_gone = False
            raise OSError("The mail back end took no letter.")

    def close(self) -> None:
        backend, self._backend, self._carried = self._backend, None, 0
        if backend is not None:
            with suppress(Exception):  # the line may be dead already; there is nothing more to lose
                backend.close()


def _line_still_good(error: Exception) -> bool:
    answer = answer_of(error)
    if answer is None or answer.code == GOING_AWAY:
        return False
    return is_about_one_letter(error)
