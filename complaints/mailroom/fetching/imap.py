"""One mailbox, open. Reads without marking anything; marks only what it is told to."""

import re
import ssl
import time
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime
from imaplib import IMAP4, IMAP4_SSL, Internaldate2tuple
from types import TracebackType
from typing import Any, Self

from imap_tools import AND, BaseMailBox
from imap_tools.errors import ImapToolsError
from imap_tools.utils import encode_folder

from complaints.mailroom.exceptions import MailroomError
from complaints.mailroom.fetching.accounts import Account

TIMEOUT = 30
AT_ONCE = 500
#: Before it no mail came that has not been dealt with: a server that says so has lost its clock.
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
SIZE = re.compile(rb"UID (\d+).*?RFC822\.SIZE (\d+)|RFC822\.SIZE (\d+).*?UID (\d+)", re.DOTALL)


class Gone(MailroomError):
    """The mail is not in the mailbox any more, or the server does not give it."""


class OpenMailbox:
    """A connection with one folder selected. Certificates are checked, and nothing falls back to an open line."""

    def __init__(self, account: Account) -> None:
        if not account.is_private:
            raise MailroomError(f"{account}: a password goes over no open line. Use imaps or imap+tls.")
        self.account = account
        self._box = Line(_connect(account))
        try:
            self._box.login(account.user, account.password, initial_folder=None)
            # Asked anew: what a server can do it often tells only those who have signed in.
            self._can_move = b"MOVE" in b" ".join(self._box.client.capability()[1]).split()
            self.uidvalidity = self._select()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        with suppress(Exception):  # the line may be dead already; there is nothing more to lose
            self._box.client.logout()
        with suppress(Exception):
            self._box.client.shutdown()

    def uids(self) -> list[int]:
        """Every mail in the folder, whoever has looked at it: what is marked as seen may be unread by us."""
        return [int(uid) for uid in self._box.uids("ALL", charset=None)]

    def sizes(self, uids: Iterable[int]) -> dict[int, int]:
        found: dict[int, int] = {}
        for some in _in_pieces(list(uids)):
            for line in self._said("FETCH", ",".join(map(str, some)), "(UID RFC822.SIZE)"):
                text = line if isinstance(line, bytes) else line[0]
                if match := SIZE.search(text):
                    uid, size = (match[1], match[2]) if match[1] else (match[4], match[3])
                    found[int(uid)] = int(size)
        return found

    def mail(self, uid: int) -> tuple[datetime | None, bytes]:
        """When the server got it, and every byte as it has it. Raises Gone."""
        told, raw = self._literal(uid, "INTERNALDATE BODY.PEEK[]")
        return moment_in(told), raw

    def header(self, uid: int) -> bytes:
        return self._literal(uid, "BODY.PEEK[HEADER]")[1]

    def tell(self, uids: Iterable[int]) -> None:
        """Say that we have them. Twice is the same as once; a mail that has gone meanwhile is no error.

        Nothing is ever expunged: a mail that somebody marked as deleted may be one we have not read.
        """
        for some in _in_pieces(list(uids)):
            numbers = ",".join(map(str, some))
            if self.account.handled and self._can_move:
                self._said("MOVE", numbers, encode_folder(self.account.handled))
            else:
                self._said("STORE", numbers, "+FLAGS.SILENT", r"(\Seen)")

    def open_handled(self) -> bool:
        """Turn to the folder of mails of which we said that we have them. False where none is named."""
        if self.account.handled:
            self._box.folder.set(self.account.handled, readonly=True)
        return bool(self.account.handled)

    def uids_since(self, day: date) -> list[int]:
        return [int(uid) for uid in self._box.uids(AND(date_gte=day), charset=None)]

    def _select(self) -> int:
        if self.account.handled and not self._box.folder.exists(self.account.handled):
            raise MailroomError(
                f"{self.account}: there is no folder “{self.account.handled}” to move mails into."
            )
        self._box.folder.set(self.account.folder)
        answer = self._box.client.response("UIDVALIDITY")[1]
        if not answer or answer[0] is None:
            raise MailroomError(f"{self.account}: the server numbers no mails for good (no UIDVALIDITY).")
        return int(answer[0])

    def _literal(self, uid: int, part: str) -> tuple[bytes, bytes]:
        """What the server says around it, in whatever order, and the bytes."""
        lines = self._said("FETCH", str(uid), f"(UID {part})")
        for line in lines:
            if isinstance(line, tuple):
                return b" ".join([line[0], *(other for other in lines if isinstance(other, bytes))]), line[1]
        raise Gone(f"{self.account}: mail {uid} is not there any more.")

    def _said(self, command: str, *words: str | bytes) -> list[Any]:
        answer, lines = self._box.client.uid(command, *words)  # type: ignore[arg-type]
        if answer != "OK":
            raise MailroomError(f"{self.account}: {command} was answered with {answer}.")
        return list(lines)


class Line(BaseMailBox):
    """imap-tools over a connection that is there already, so that one which comes to nothing can be closed."""

    def __init__(self, client: IMAP4) -> None:
        self._connected = client
        super().__init__()

    def _get_mailbox_client(self) -> IMAP4:
        return self._connected


def _connect(account: Account) -> IMAP4:
    if account.scheme == "imaps":
        context = ssl.create_default_context()
        return IMAP4_SSL(account.host, account.port, ssl_context=context, timeout=TIMEOUT)
    client = IMAP4(account.host, account.port, timeout=TIMEOUT)
    if account.scheme == "imap+tls":
        try:
            client.starttls(ssl.create_default_context())
        except BaseException:
            with suppress(OSError):
                client.shutdown()
            raise
    return client


def moment_in(told: bytes) -> datetime | None:
    """When the server says it got a mail; nothing where it says none that can be, as one does that lost its clock."""
    try:
        parts = Internaldate2tuple(told)
        moment = datetime.fromtimestamp(time.mktime(parts), tz=UTC) if parts else LONG_AGO
    except (ValueError, OverflowError):
        return None
    return moment if moment > LONG_AGO else None


def _in_pieces(uids: list[int]) -> Iterable[list[int]]:
    return (uids[start : start + AT_ONCE] for start in range(0, len(uids), AT_ONCE))


#: What may go wrong on the line; anything else is our own mistake.
LINE_ERRORS = (OSError, IMAP4.error, ImapToolsError, MailroomError)
