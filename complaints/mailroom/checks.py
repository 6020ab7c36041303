from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.checks import Warning as Caution

from complaints.mailroom import journal, letters, reply_addresses
from complaints.mailroom.exceptions import BadAddress
from complaints.mailroom.fetching import BadAccount, accounts

TAG = "mail"
DJANGOS_OWN = "webmaster@localhost"


@register(TAG)
def sender_is_one_mailbox(**_: Any) -> list[CheckMessage]:
    sender = settings.DEFAULT_FROM_EMAIL
    if "@" in parseaddr(sender)[1] and "\n" not in sender and "\r" not in sender:
        return []
    return [
        Error(
            f"DEFAULT_FROM_EMAIL is not a sender: {sender!r}.",
            hint="Set it to the address customers reply to, such as 'Complaints <complaints@firm.example>'.",
            id="mailroom.E001",
        )
    ]


@register(TAG)
def mailboxes_can_be_read(**_: Any) -> list[CheckMessage]:
    hint = "Write it as imaps://user:password@imap.firm.example/INBOX, everything percent-encoded."
    try:
        boxes = accounts()
    except BadAccount as error:
        return [Error(str(error), hint=hint, id="mailroom.E005")]
    return [
        Error(f"{box}: its password would go over an open line.", hint=hint, id="mailroom.E006")
        for box in boxes
        if not box.is_private
    ]


@register(TAG)
def mailboxes_carry_marks(**_: Any) -> list[CheckMessage]:
    return [
        Error(
            f"{name} is not one plain mailbox with a short name: {mailbox!r}.",
            hint="Set it to an address such as complaints@firm.example, without a name and without a plus.",
            id="mailroom.E002",
        )
        for name in ("MAIL_REPLY_ADDRESS", "MAIL_BOUNCE_ADDRESS")
        if (mailbox := getattr(settings, name)) and not _carries_marks(mailbox)
    ]


def _carries_marks(mailbox: str) -> bool:
    return _is_plain(mailbox) and "+" not in mailbox and reply_addresses.can_carry_marks(mailbox)


def _is_plain(mailbox: str) -> bool:
    try:
        return letters.address(mailbox) == mailbox
    except BadAddress:
        return False


@register(TAG)
def journal_is_whole(**_: Any) -> list[CheckMessage]:
    """Copies that nobody can look through are of no use, nor is a mailbox that gets none."""
    address, url = settings.MAIL_JOURNAL_ADDRESS, settings.MAIL_JOURNAL_URL
    if not address and not url:
        return []
    if _is_plain(address) and journal.can_be_read(url):
        return []
    return [
        Error(
            "MAIL_JOURNAL_ADDRESS and MAIL_JOURNAL_URL do not name a mailbox and where to read it.",
            hint="Set both, such as journal@firm.example and imaps://user:password@mail.firm.example/INBOX.",
            id="mailroom.E003",
        )
    ]


@register(TAG, deploy=True)
def sender_can_be_answered(**_: Any) -> list[CheckMessage]:
    sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    try:
        letters.address(sender)
    except BadAddress:
        sender = ""
    if sender and sender != DJANGOS_OWN:
        return []
    return [
        Caution(
            "DEFAULT_FROM_EMAIL is no address a customer could answer.",
            hint="Set it to the address customers reply to, such as 'Complaints <complaints@firm.example>'.",
            id="mailroom.W001",
        )
    ]


@register(TAG, deploy=True)
def sending_ends(**_: Any) -> list[CheckMessage]:
    """A sender that waits for ever holds its letter for ever; one that waits long outlives its lease."""
    if settings.EMAIL_TIMEOUT and settings.EMAIL_TIMEOUT <= 30:  # noqa: PLR2004
        return []
    return [Caution("EMAIL_TIMEOUT should be set, and be at most 30 seconds.", id="mailroom.W002")]
