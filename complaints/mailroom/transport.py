"""The wire. Whatever Django is told to send mail with carries the frozen bytes, over one connection."""

import hashlib
from contextlib import suppress
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser
from smtplib import SMTP
from typing import Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from complaints.mailroom.exceptions import LetterChanged
from complaints.mailroom.faults import answer_of, is_about_one_letter
from complaints.mailroom.models import OutgoingMail

TIMEOUT = 30
MOST_PER_CONNECTION = 100  # many servers hang up after some number of letters; we do it before them
GOING_AWAY = 421
KEPT_HEADERS = (
    "Date",
    "Message-ID",
    "In-Reply-To",
    "References",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
)


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
            headers={name: self._header(name) for name in KEPT_HEADERS if name in self.frozen},
        )
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


class Transport:
    """One connection, kept over many letters and made anew after a failure."""

    def __init__(self) -> None:
        self._backend: Any = None
        self._carried = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def open(self) -> bool:
        """Whether it took a new connection."""
        if self._backend is not None and self._carried < MOST_PER_CONNECTION:
            return False
        self.close()
        self._backend = get_connection(fail_silently=False, timeout=settings.EMAIL_TIMEOUT or TIMEOUT)
        try:
            self._backend.open()
            _greet(self._backend)
        except BaseException:
            self.close()
            raise
        return True

    def send(self, mail: OutgoingMail) -> None:
        if hashlib.sha256(mail.mime).hexdigest() != mail.mime_sha256:
            raise LetterChanged("The letter is not as it was written, and was not sent.")
        try:
            taken = self._backend.send_messages([FrozenEmail(mail)])
        except Exception as error:
            if not _line_still_good(error):
                self.close()
            raise
        self._carried += 1
        if taken == 0:
            raise OSError("The mail back end took no letter.")

    def close(self) -> None:
        backend, self._backend, self._carried = self._backend, None, 0
        if backend is not None:
            with suppress(Exception):  # the line may be dead already; there is nothing more to lose
                backend.close()


def _greet(backend: Any) -> None:
    """Left to itself smtplib greets with the first letter, and a bad greeting would look like a doubtful delivery."""
    connection = getattr(backend, "connection", None)
    if isinstance(connection, SMTP):
        connection.ehlo_or_helo_if_needed()


def _line_still_good(error: Exception) -> bool:
    answer = answer_of(error)
    if answer is None or answer.code == GOING_AWAY:
        return False
    return is_about_one_letter(error)
