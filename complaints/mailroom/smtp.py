"""Talking to the mail server: one letter after the other over one line, each phase with a patience of its own.

A server may think about a finished letter for ten minutes (RFC 5321, 4.5.3.2.6); who hangs up sooner doubles letters.
Nothing else is worth such a wait. While waiting, `beat` is called again and again, so that the sender can hold on to
what it has in hand.
"""

import re
import select
import smtplib
import socket
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.utils import DNS_NAME

from complaints.mailroom.exceptions import Unprotected

READY, GO_ON, CLOSING = 250, 354, 421
TAKEN = (250, 251)
BLOCK = 64 * 1024
SLICE = 20.0  # seconds between two beats
LINE_WITH_A_DOT = re.compile(rb"(?m)^\.")


class Patience(NamedTuple):
    """Seconds. All follow from the one setting, EMAIL_TIMEOUT: how long a connection may take."""

    connect: float
    greeting: float
    command: float
    block: float
    answer: float

    @classmethod
    def from_timeout(cls, seconds: float) -> "Patience":
        return cls(seconds, 2 * seconds, 2 * seconds, 2 * seconds, 20 * seconds)


class _Line(smtplib.SMTP):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        line: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        line.settimeout(2 * timeout)  # the connection stands: now the greeting
        return line


class _SafeLine(smtplib.SMTP_SSL):
    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        line: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]
        line.settimeout(2 * timeout)
        return line


class PatientBackend(EmailBackend):
    """Django's own, opened so that it never falls back to clear text, and greeted before there is a letter."""

    connection: smtplib.SMTP | None

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _SafeLine if self.use_ssl else _Line

    def open(self) -> bool:
        options: dict[str, Any] = {"local_hostname": DNS_NAME.get_fqdn(), "timeout": self.timeout}
        if self.use_ssl:
            options["context"] = self.ssl_context
        self.connection = line = self.connection_class(self.host, self.port, **options)
        line.ehlo_or_helo_if_needed()
        if self.use_tls:
            self._protect(line)
        if self.username and self.password:
            line.login(self.username, self.password)
        return True

    def _protect(self, line: smtplib.SMTP) -> None:
        try:
            line.starttls(context=self.ssl_context)
        except (smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException) as refusal:
            raise Unprotected(
                f"The mail server does not start TLS, and nothing goes without: {refusal}"
            ) from refusal
        line.ehlo_or_helo_if_needed()


class Envelope(NamedTuple):
    """Addresses as `letters.address` has them: nothing in them could end a command."""

    sender: str
    recipient: str
    witness: str = ""  # the journal's address, which gets a copy
    witness_needed: bool = False


class Conversation:
    """One letter handed over. `may_have_gone` from the moment its last byte is sent until the server refuses it."""

    def __init__(self, line: smtplib.SMTP, patience: Patience, beat: Callable[[], object]) -> None:
        self.line, self.patience, self.beat = line, patience, beat
        self.may_have_gone = False
        self.unwitnessed = ""

    def hand_over(self, envelope: Envelope, raw: bytes) -> None:
        self._phase(self.patience.command)
        self._introduce(envelope, len(raw))
        if envelope.witness:
            self._invite(envelope)
        self._phase(self.patience.command)
        code, text = self.line.docmd("DATA")
        if code != GO_ON:
            raise self._refused(smtplib.SMTPDataError(code, text), code)
        self._write(raw)
        code, text = self._answer()
        if code != READY:
            raise self._refused(smtplib.SMTPDataError(code, text), code)

    def _introduce(self, envelope: Envelope, size: int) -> None:
        options = [f"size={size}"] if self.line.has_extn("size") else []
        code, text = self.line.docmd("MAIL", " ".join([f"FROM:<{envelope.sender}>", *options]))
        if code != READY:
            raise self._refused(smtplib.SMTPSenderRefused(code, text, envelope.sender), code)
        self._phase(self.patience.command)
        code, text = self.line.docmd("RCPT", f"TO:<{envelope.recipient}>")
        if code not in TAKEN:
            raise self._refused(smtplib.SMTPRecipientsRefused({envelope.recipient: (code, text)}), code)

    def _invite(self, envelope: Envelope) -> None:
        """A journal that is full stops no letter, save one that must not go without a witness."""
        code, text = self.line.docmd("RCPT", f"TO:<{envelope.witness}>")
        if code in TAKEN:
            return
        self.unwitnessed = f"{code} {text.decode('utf-8', 'replace')}"
        if envelope.witness_needed:
            later = (450, b"The journal does not take it: " + text)
            raise self._refused(smtplib.SMTPRecipientsRefused({envelope.witness: later}), code)

    def _write(self, raw: bytes) -> None:
        data = LINE_WITH_A_DOT.sub(b"..", raw) if b"\n." in raw or raw.startswith(b".") else raw
        data += b".\r\n"
        *blocks, last = [data[start : start + BLOCK] for start in range(0, len(data), BLOCK)]
        for block in blocks:
            self._phase(self.patience.block)
            self._socket.sendall(block)
        self._phase(self.patience.block)
        self.may_have_gone = True
        self._socket.sendall(last)

    def _answer(self) -> tuple[int, bytes]:
        enough = time.monotonic() + self.patience.answer
        while not _speaks(self._socket, min(SLICE, self.patience.answer)):
            if time.monotonic() >= enough:
                raise TimeoutError("timed out waiting for the answer to the letter")
            self.beat()
        self._wait_at_most(self.patience.command)
        return self.line.getreply()

    def _refused(self, refusal: smtplib.SMTPException, code: int) -> smtplib.SMTPException:
        """After a refusal the line is good for the next letter, unless the server is leaving."""
        self.may_have_gone = False
        if code != CLOSING:
            self.line._rset()  # type: ignore[attr-defined]  # noqa: SLF001  # never fails, unlike rset
        return refusal

    def _phase(self, seconds: float) -> None:
        self.beat()
        self._wait_at_most(seconds)

    def _wait_at_most(self, seconds: float) -> None:
        if self._socket.gettimeout() != seconds:
            self._socket.settimeout(seconds)

    @property
    def _socket(self) -> socket.socket:
        if self.line.sock is None:
            raise smtplib.SMTPServerDisconnected("The line is down.")
        return self.line.sock


def _speaks(line: socket.socket, seconds: float) -> bool:
    """Whether there is something to read; TLS may hold it back already decrypted."""
    if getattr(line, "pending", int)():
        return True
    poll = select.poll()
    poll.register(line, select.POLLIN)
    return bool(poll.poll(seconds * 1000))
