"""The journal: a mailbox of the firm that gets a copy of every letter, and so knows of a doubtful one whether it went.

A sender that dies between the last byte of a letter and the server's answer leaves a letter of which nobody knows.
Whoever has a journal looks there for its Message-ID before it is sent again.
"""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote, urlsplit

from django.conf import settings
from imap_tools import AND, BaseMailBox, Header, MailBox, MailBoxStartTls, MailBoxUnencrypted

TIMEOUT = 20
BOXES: dict[str, tuple[type[BaseMailBox], int]] = {
    "imaps": (MailBox, 993),
    "imap+tls": (MailBoxStartTls, 143),
    "imap": (MailBoxUnencrypted, 143),
}


class Journal(Protocol):
    def holds(self, message_ids: Collection[str]) -> set[str]:
        """Those of the letters that were delivered. Raises whatever it likes when it cannot tell."""


@dataclass(frozen=True)
class ImapJournal:
    """`imaps://user:password@host:port/Folder`"""

    url: str

    def holds(self, message_ids: Collection[str]) -> set[str]:
        parts = urlsplit(self.url)
        kind, port = BOXES[parts.scheme]
        box = kind(parts.hostname or "localhost", parts.port or port, timeout=TIMEOUT)  # type: ignore[call-arg]
        folder = unquote(parts.path.strip("/")) or "INBOX"
        try:
            with box.login(
                unquote(parts.username or ""), unquote(parts.password or ""), initial_folder=folder
            ):
                return {each for each in message_ids if box.uids(AND(header=Header("Message-ID", each)))}
        finally:
            with suppress(OSError):  # closed already, unless the mailbox did not let us in
                box.client.shutdown()


def journal_of_the_firm() -> Journal | None:
    return ImapJournal(settings.MAIL_JOURNAL_URL) if settings.MAIL_JOURNAL_URL else None


def can_be_read(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in BOXES and bool(parts.hostname and parts.username)
