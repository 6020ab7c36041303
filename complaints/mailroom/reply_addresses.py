"""The addresses by which post finds its way back: where an answer goes, and where a bounce goes.

Both are the firm's own mailbox with a signed mark behind a plus: `complaints+r.17.k3f…@firm.example`. Post that
arrives there names what it belongs to, whatever became of its subject and headers. Mail systems fold case on the
way, so nothing in a mark depends on it; mailboxes are renamed, so only the signature counts when one is read.
"""

import re
from base64 import b32encode
from collections.abc import Iterator
from enum import StrEnum

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

LONGEST_LOCAL_PART = 64  # RFC 5321, 4.5.3.1.1
LARGEST_KEY = 2**63 - 1
MARK = re.compile(r"(?P<purpose>[rb])\.(?P<key>[1-9][0-9]{0,18})\.(?P<mac>[a-z2-7]{16})", re.ASCII)
LONGEST_MARK = len(f"+r.{LARGEST_KEY}.") + 16


class Purpose(StrEnum):
    REPLY = "r"
    BOUNCE = "b"


def reply_address(key: int) -> str:
    """Where an answer to letters of this key arrives. Empty while the firm has no mailbox for it."""
    return _marked(settings.MAIL_REPLY_ADDRESS, Purpose.REPLY, key)


def read_reply_address(address: str) -> int | None:
    """The key, if the address is one of ours. Knowing it proves nothing about who writes."""
    return _read(address, Purpose.REPLY)


def bounce_address(key: int) -> str:
    """The sender on a letter's envelope, to which a mail server returns it."""
    return _marked(settings.MAIL_BOUNCE_ADDRESS or settings.MAIL_REPLY_ADDRESS, Purpose.BOUNCE, key)


def read_bounce_address(address: str) -> int | None:
    return _read(address, Purpose.BOUNCE)


def can_carry_marks(mailbox: str) -> bool:
    return len(mailbox.rpartition("@")[0]) + LONGEST_MARK <= LONGEST_LOCAL_PART


def _marked(mailbox: str, purpose: Purpose, key: int) -> str:
    if not mailbox:
        return ""
    local, _, domain = mailbox.rpartition("@")
    return f"{local}+{purpose}.{key}.{_mac(purpose, key, settings.SECRET_KEY)}@{domain}"


def _read(address: str, purpose: Purpose) -> int | None:
    local = address.strip().lower().rpartition("@")[0]
    mark = MARK.fullmatch(local.rpartition("+")[2])
    if mark is None or mark["purpose"] != purpose:
        return None
    key = int(mark["key"])
    good = [constant_time_compare(mark["mac"], mac) for mac in _macs(purpose, key)]
    return key if any(good) and key <= LARGEST_KEY else None


def _macs(purpose: Purpose, key: int) -> Iterator[str]:
    for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
        yield _mac(purpose, key, secret)


def _mac(purpose: Purpose, key: int, secret: str) -> str:
    digest = salted_hmac(f"redress.mail.{purpose}", str(key), secret=secret, algorithm="sha256").digest()
    return b32encode(digest[:10]).decode().lower()
