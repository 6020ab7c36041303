"""Once a day: is everything that lies in a mailbox in the store, and has everything in the store a fate?"""

import hashlib
import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from email.parser import BytesHeaderParser

from complaints.mailroom.actions.keeping import keep
from complaints.mailroom.actions.receiving import Clock, failing, fetch
from complaints.mailroom.fetching import LINE_ERRORS, Account, OpenMailbox
from complaints.mailroom.models import IncomingMail, Mailbox

LOOK_BACK = timedelta(days=3)
LONG = timedelta(hours=6)
MOST_SAID = 50

logger = logging.getLogger(__name__)


def compare_all(accounts: Iterable[Account], *, now: Clock) -> int:
    """Every mailbox against the store. How many differences there are; each is in the log, and on the desk."""
    return sum(len(_compare_or_say_why(account, now=now)) for account in accounts)


def _compare_or_say_why(account: Account, *, now: Clock) -> list[str]:
    try:
        return compare(account, now=now)
    except LINE_ERRORS as error:
        failing(account, why=f"{type(error).__name__}: {error}"[:500], now=now())
        return [f"{account} could not be compared: {error}"]


def compare(account: Account, *, now: Clock) -> list[str]:
    """What the mailbox held before we fetched must be in the store now. Returns what does not agree, in words."""
    with OpenMailbox(account) as box:
        before = box.uids()
    fetch(account, now=now)
    with OpenMailbox(account) as box:
        differences = [*_unkept(box, before), *_unknown(box, now=now()), *_without_fate(account, now())]
    said = differences[:MOST_SAID]
    Mailbox.objects.filter(name=str(account)).update(compared_at=now(), differences=said)
    for line in said:
        logger.critical("%s: %s", account, line)
    return differences


def _unkept(box: OpenMailbox, uids: list[int]) -> Iterator[str]:
    mails = IncomingMail.objects.filter(mailbox=str(box.account), uidvalidity=box.uidvalidity)
    kept = set(mails.filter(uid__gte=min(uids, default=0)).values_list("uid", flat=True))
    still_there = set(box.uids())
    for uid in uids:
        if uid not in kept and uid in still_there:
            yield f"Mail {uid} lies in the mailbox and is not in the store."


def _unknown(box: OpenMailbox, *, now: datetime) -> Iterator[str]:
    """What somebody moved among the mails we are said to have, and we have not: taken in, and said."""
    if not box.open_handled():
        return
    for uid in box.uids_since((now - LOOK_BACK).date()):
        if not _is_known_by_name(box.header(uid)) and not _is_known_by_bytes(raw := box.mail(uid)[1]):
            mail = keep(raw, now=now)
            yield f"A mail in “{box.account.handled}” had never been read. It is taken in now, as mail {mail.pk}."


def _is_known_by_name(header: bytes) -> bool:
    name = str(BytesHeaderParser().parsebytes(header)["Message-ID"] or "").strip().strip("<>")
    return bool(name) and IncomingMail.objects.filter(message_id=name).exists()


def _is_known_by_bytes(raw: bytes) -> bool:
    return IncomingMail.objects.filter(sha256=hashlib.sha256(raw).hexdigest()).exists()


def _without_fate(account: Account, now: datetime) -> Iterator[str]:
    mails = IncomingMail.objects.filter(retry_at__isnull=False, mailbox=str(account), kept_at__lt=now - LONG)
    for pk in mails.order_by("pk").values_list("pk", flat=True)[:MOST_SAID]:
        yield f"Mail {pk} is in the store and has no fate yet."
