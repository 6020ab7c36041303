"""The mailboxes we read, as IMAP_URLS names them."""

from dataclasses import dataclass, field
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings

from complaints.mailroom.exceptions import MailroomError

PORTS = {"imaps": 993, "imap+tls": 143, "imap": 143}
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class BadAccount(MailroomError):
    """A URL that names no mailbox. The message never repeats it: a password may stand in it."""


@dataclass(frozen=True, slots=True)
class Account:
    """`scheme` says how the line is kept private: imaps from the first byte, imap+tls by STARTTLS, imap not at all.

    `handled` is the folder into which the mails go that we have; without one they stay, marked as seen.
    """

    scheme: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    handled: str = ""

    def __str__(self) -> str:
        """The mailbox's name in the store. Changing it makes every mail in the mailbox a new one."""
        return f"{self.user}@{self.host}/{self.folder}"[:200]

    @property
    def is_private(self) -> bool:
        return self.scheme != "imap" or self.host in LOOPBACK


def accounts() -> list[Account]:
    """All of them. Raises BadAccount for a URL that cannot be understood."""
    return [_read(number, url) for number, url in enumerate(settings.IMAP_URLS, start=1)]


def _read(number: int, url: str) -> Account:
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise BadAccount(f"The {_nth(number)} of IMAP_URLS has no scheme or port we know.") from None
    if not (parts.hostname and parts.username and parts.password):
        raise BadAccount(f"The {_nth(number)} of IMAP_URLS lacks a host, a user or a password.")
    return Account(
        scheme=parts.scheme,
        host=parts.hostname,
        port=port,
        user=unquote(parts.username),
        password=unquote(parts.password),
        folder=unquote(parts.path.strip("/")) or "INBOX",
        handled=parse_qs(parts.query).get("handled", [""])[0],
    )


def _nth(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")
