"""Mail comes in: every byte is kept and committed, then the mailbox is told. Understanding it is another step."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.db.models.functions import Coalesce

from complaints.mailroom.actions.keeping import Parcel, Place, keep_all
from complaints.mailroom.exceptions import MailroomError
from complaints.mailroom.fetching import LINE_ERRORS, Account, OpenMailbox, mails_in, put_aside, waiting_in
from complaints.mailroom.models import IncomingMail, IncomingMailQuerySet, Mailbox

Clock = Callable[[], datetime]

BUDGET = timedelta(seconds=50)
#: Larger than any server of our days lets through. It stays in the mailbox, and the comparison says so.
LARGEST = 64 * 1024 * 1024
#: Of one mailbox in one round, where the line breaks at them: a server hangs up over a mail whose file is damaged.
MOST_LEFT = 10
#: So many, or so much of them, are kept in one commit and understood together.
TOGETHER, MUCH = 50, 8 * 1024 * 1024

logger = logging.getLogger(__name__)


class LineBroke(MailroomError):
    """While this mail was being fetched."""

    def __init__(self, uid: int, why: Exception) -> None:
        super().__init__(f"The line broke at mail {uid}: {why}")
        self.uid = uid


def fetch(account: Account, *, now: Clock, budget: timedelta = BUDGET) -> int:
    """Keep what the mailbox has and we have not. How many mails were new.

    A cut at any moment loses nothing: what was kept and not told is told the next time, what was not kept is fetched
    again. Any number may fetch from one mailbox at once. Where the line breaks at a mail, those behind it come over
    another before that is raised.
    """
    until = now() + budget
    left: dict[int, LineBroke] = {}
    while len(left) <= MOST_LEFT:
        looked_at = now()
        try:
            with OpenMailbox(account) as box:
                new = _fetch_from(box, left, now=now, looked_at=looked_at, until=until)
        except LineBroke as cut:
            left[cut.uid] = cut
        else:
            break
    if left:
        raise next(iter(left.values()))
    _looked_into(account, box.uidvalidity, now=now())
    return new


def _fetch_from(
    box: OpenMailbox, left: Collection[int], *, now: Clock, looked_at: datetime, until: datetime
) -> int:
    """All but the mails that are left where they are."""
    new = 0
    there = set(box.uids())
    _forget_what_has_gone(box, there, looked_at=looked_at)
    kept = dict(_kept(box, there))
    _tell(box, sorted(uid for uid, told in kept.items() if not told), now=now())
    for uids in _bunches(box, sorted(there - kept.keys() - set(left))):
        if now() >= until:
            break
        new += _fetch(box, uids, now=now())
    return new


def _forget_what_has_gone(box: OpenMailbox, there: set[int], *, looked_at: datetime) -> None:
    """Moved, and the line cut before we heard of it; or taken out by somebody. There is nothing left to tell of.

    What another fetcher has kept since we looked may be there all the same.
    """
    untold = _mails_of(box).untold().filter(kept_at__lt=looked_at).values_list("pk", "uid")
    gone = [pk for pk, uid in untold if uid not in there]
    IncomingMail.objects.filter(pk__in=gone).update(told_at=looked_at)


def _kept(box: OpenMailbox, there: set[int]) -> Iterator[tuple[int, bool]]:
    mails = _mails_of(box).filter(uid__gte=min(there, default=0))
    for uid, told_at in mails.values_list("uid", "told_at"):
        if uid is not None and uid in there:
            yield uid, told_at is not None


def _mails_of(box: OpenMailbox) -> IncomingMailQuerySet:
    return IncomingMail.objects.filter(mailbox=str(box.account), uidvalidity=box.uidvalidity)


def _bunches(box: OpenMailbox, uids: list[int]) -> Iterator[list[int]]:
    """So many, or so much of them, as are fetched and kept together. What is too large is left, and said."""
    bunch: list[int] = []
    sizes, size = box.sizes(uids), 0
    for uid in uids:
        if sizes.get(uid, 0) > LARGEST:
            logger.error("%s: mail %s of %s bytes is too large to be kept", box.account, uid, sizes[uid])
            continue
        if bunch and (len(bunch) == TOGETHER or size + sizes.get(uid, 0) > MUCH):
            yield bunch
            bunch, size = [], 0
        bunch.append(uid)
        size += sizes.get(uid, 0)
    if bunch:
        yield bunch


def _fetch(box: OpenMailbox, uids: list[int], *, now: datetime) -> int:
    """What came before the line broke is kept: it may break at the same mail the next time."""
    parcels: list[Parcel] = []
    for uid in uids:
        try:
            parcel = _parcel(box, uid)
        except LINE_ERRORS as error:
            keep_all(parcels, now=now)
            raise LineBroke(uid, error) from error
        if parcel:
            parcels.append(parcel)
    mails = keep_all(parcels, now=now)
    _tell(box, [parcel.place.uid for parcel in parcels if parcel.place], now=now)
    return sum(mail.kept_at == now for mail in mails)


def _parcel(box: OpenMailbox, uid: int) -> Parcel | None:
    """A mail that the server does not give must not stand in the way of those behind it."""
    try:
        arrived_at, raw = box.mail(uid)
    except MailroomError as error:
        logger.warning("Left in the mailbox: %s", error)
        return None
    return Parcel(raw, Place(str(box.account), box.uidvalidity, uid), arrived_at)


def _tell(box: OpenMailbox, uids: list[int], *, now: datetime) -> None:
    if uids:
        box.tell(uids)
        _mails_of(box).filter(uid__in=uids).update(told_at=now)


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
        keep_file(path, now=now)
        put_aside(path)
        taken += 1
    return taken


def keep_file(path: Path, *, now: datetime) -> int:
    """Keep the mails in a file. How many it holds."""
    mails = mails_in(path.read_bytes())
    number = 0
    while parcels := [Parcel(raw) for raw in islice(mails, TOGETHER)]:
        number += len(keep_all(parcels, now=now))
    return number
