"""A mail server that keeps what it is given, and refuses on request."""

import time
from collections import deque
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from config.launch_valkey import free_port


class SmtpSink:
    def __init__(self) -> None:
        self.messages: list[EmailMessage] = []
        self.raw: list[bytes] = []
        self.recipients: list[list[str]] = []
        self.attempts = 0
        self.delay = 0.0
        self._replies: deque[str] = deque()
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def port(self) -> int:
        return self._controller.port

    @property
    def url(self) -> str:
        """For EMAIL_URL, in the environment of a child process."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.messages]

    def answer(self, reply: str, *, times: int = 1) -> None:
        """The next letters are refused with this line, such as `451 Try again later`."""
        self._replies.extend([reply] * times)

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.attempts += 1
        if self.delay:
            time.sleep(self.delay)  # noqa: ASYNC251  # a slow server is slow for everybody
        if self._replies:
            return self._replies.popleft()
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        self.raw.append(content)
        self.messages.append(message_from_bytes(content, policy=policy.default))
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 Kept"
