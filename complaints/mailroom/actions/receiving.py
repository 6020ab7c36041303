"""Mail comes in: every byte is kept and committed, then the mailbox is told. Understanding it is another step."""

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models.functions import Coalesce

from complaints.mailroom.exceptions import MailroomError
from complaints.mailroom.fetching import LINE_ERRORS, Account, OpenMailbox, mails_in, put_aside, waiting_in
from complaints.mailroom.models import IncomingMail, Mailbox

Clock = Callable[[], datetime]

BUDGET = timedelta(seconds=50)
#: Larger than any server of our days lets through. It stays in the mailbox, and the comparison says so.
LARGEST = 64 * 1024 * 1024

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail lies. The number counts only together with the mailbox's generation."""

    mailbox: str
    uidvalidity: int
    uid: int


def keep(
    raw: bytes, *, now: datetime, place: Place | None = None, arrived_at: datetime | None = None
) -> IncomingMail:
    """Keep a mail. It is committed when this returns; kept before, from there or as a file, it is not kept again."""
    sha256 = hashlib.sha256(raw).hexdigest()
    if known := _known(sha256, place):
        return known
    try:
        with transaction.atomic(durable=True):
            return IncomingMail.objects.create(
                mailbox=place.mailbox if place else "",
                uidvalidity=place.uidvalidity if place else None,
                uid=place.uid if place else None,
                sha256=sha256,
                raw=raw,
                size=len(raw),
                arrived_at=min(arrived_at or now, now),
                kept_at=now,
                retry_at=now,
            )
    except IntegrityError:
        # Another fetcher was faster.
        if known := _known(sha256, place):
            return known
        raise


def _known(sha256: str, place: Place | None) -> IncomingMail | None:
    mails = IncomingMail.objects.without_raw()
    if place is None:
        return mails.filter(uid__isnull=True, sha256=sha256).first()
    there = mails.filter(mailbox=place.mailbox, uidvalidity=place.uidvalidity, uid=place.uid).first()
    return there or _renumbered(sha256, place)


def _renumbered(sha256: str, place: Place) -> IncomingMail | None:
    """A mailbox that was rebuilt numbers its mails anew: what we have of it is known by its bytes."""
    former = IncomingMail.objects.without_raw().filter(
        mailbox=place.mailbox, sha256=sha256, uidvalidity__lt=place.uidvalidity
    )
    mail = former.order_by("pk").first()
    if mail is None:
        return None
    mail.uidvalidity, mail.uid, mail.told_at = place.uidvalidity, place.uid, None
    mail.save(update_fields=["uidvalidity", "uid", "told_at"])
    return mail


def fetch(account: Account, *, now: Clock, budget: timedelta = BUDGET) -> int:
    """Keep what the mailbox has and we have not. How many mails were new.

    A cut at any moment loses nothing: what was kept and not told is told the next time, what was not kept is fetched
    again. Any number may fetch from one mailbox at once.
    """
    enough, new = now() + budget, 0
    with OpenMailbox(account) as box:
        there = set(box.uids())
        kept = dict(_kept(account, box, there))
        for uid in sorted(uid for uid, told in kept.items() if not told):
            _tell(box, uid, now=now())
        for uid in _fit(box, sorted(there - kept.keys())):
            if now() >= enough:
                break
            new += _fetch_one(box, uid, now=now())
    _looked_into(account, box.uidvalidity, now=now())
    return new


def _kept(account: Account, box: OpenMailbox, there: set[int]) -> Iterator[tuple[int, bool]]:
    mails = IncomingMail.objects.filter(mailbox=str(account), uidvalidity=box.uidvalidity)
    for uid, told_at in mails.filter(uid__gte=min(there, default=0)).values_list("uid", "told_at"):
        if uid is not None and uid in there:
            yield uid, told_at is not None


def _fit(box: OpenMailbox, uids: list[int]) -> list[int]:
    sizes = box.sizes(uids)
    for uid in uids:
        if sizes.get(uid, 0) > LARGEST:
            logger.error("%s: mail %s of %s bytes is too large to be kept", box.account, uid, sizes[uid])
    return [uid for uid in uids if sizes.get(uid, 0) <= LARGEST]


def _fetch_one(box: OpenMailbox, uid: int, *, now: datetime) -> bool:
    """A mail that the server does not give must not stand in the way of those behind it."""
    try:
        arrived_at, raw = box.mail(uid)
    except MailroomError as error:
        logger.warning("Left in the mailbox: %s", error)
        return False
    mail = keep(raw, now=now, place=Place(str(box.account), box.uidvalidity, uid), arrived_at=arrived_at)
    _tell(box, uid, now=now)
    return mail.kept_at == now


def _tell(box: OpenMailbox, uid: int, *, now: datetime) -> None:
    box.tell(uid)
    IncomingMail.objects.filter(mailbox=str(box.account), uidvalidity=box.uidvalidity, uid=uid).update(
        told_at=now
    )


def _looked_into(account: Account, uidvalidity: int, *, now: datetime) -> None:
    state = {"uidvalidity": uidvalidity, "looked_at": now, "failing_since": None, "why_failing": ""}
    Mailbox.objects.update_or_create(name=str(account), defaults=state)


def fetch_all(accounts: Iterable[Account], *, now: Clock) -> int:
    """All mailboxes, one after the other; one that cannot be read keeps no other waiting. How many mails were new."""
    return sum(_fetch_or_say_why(account, now=now) for account in accounts)


def _fetch_or_say_why(account: Account, *, now: Clock) -> int:
    try:
        return fetch(account, now=now)
    except LINE_ERRORS as error:
        said = f"{type(error).__name__}: {error}"[:500]
        logger.error("%s cannot be read: %s", account, said)  # noqa: TRY400  # once a minute: one line
        failing(account, why=said, now=now())
        return 0


def failing(account: Account, *, why: str, now: datetime) -> None:
    Mailbox.objects.get_or_create(name=str(account))
    Mailbox.objects.filter(name=str(account)).update(
        failing_since=Coalesce("failing_since", now), why_failing=why
    )


def take_in_files(folder: Path, *, now: datetime) -> int:
    """Keep the mails that lie in a folder, and put each file aside once all of it is kept. How many files."""
    taken = 0
    for path in waiting_in(folder):
        for raw in mails_in(path.read_bytes()):
            keep(raw, now=now)
        put_aside(path)
        taken += 1
    return taken
