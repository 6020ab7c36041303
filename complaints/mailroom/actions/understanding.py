"""Understanding mails that are kept: read them, see what came twice, and let each find its fate. Repeatable."""

import hashlib
import logging
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain

from django.db import transaction
from django.db.models import F

from complaints.mailroom import letters, reading
from complaints.mailroom.actions.fates import conclude_arrivals
from complaints.mailroom.actions.receiving import BUDGET, MUCH, TOGETHER, Clock
from complaints.mailroom.actions.returns import take_report
from complaints.mailroom.arrivals import Arrival, in_groups
from complaints.mailroom.models import PATIENCE, Fate, IncomingMail
from complaints.mailroom.reading import ReadMail, Unreadable
from complaints.mailroom.signals import arrived

#: After this a reader that said nothing is taken for dead, and the mail for one that may have killed it.
LEASE = timedelta(minutes=5)
WAIT = timedelta(minutes=2)
MOST_AT_ONCE = 500

logger = logging.getLogger(__name__)


def understand_due(*, now: Clock, limit: int = MOST_AT_ONCE, budget: timedelta = BUDGET) -> int:
    """Understand what is kept and has no fate yet, in the order in which it was kept. How many were tried."""
    enough, tried = now() + budget, 0
    while tried < limit and now() < enough:
        mails = _claim(limit - tried, now=now())
        if not mails:
            break
        understand(mails, now=now())
        tried += len(mails)
    return tried


def _claim(limit: int, *, now: datetime) -> list[IncomingMail]:
    """The attempt is counted before it is made: a mail that kills its reader is met three times, not for ever."""
    with transaction.atomic(durable=True):
        due = IncomingMail.objects.without_raw().due(now).order_by("retry_at", "pk")
        first = due.select_for_update(skip_locked=True, of=("self",))[: min(limit, TOGETHER)]
        claimed = [mail.pk for mail in _read_together(first)]
        lease = {"attempts": F("attempts") + 1, "retry_at": now + LEASE}
        IncomingMail.objects.filter(pk__in=claimed).update(**lease)
    return list(IncomingMail.objects.filter(pk__in=claimed).order_by("pk")) if claimed else []


def _read_together(mails: Iterable[IncomingMail]) -> Iterator[IncomingMail]:
    """One that was tried before is read alone: it may have been what stopped those that were read with it."""
    size = 0
    for number, mail in enumerate(mails):
        size += mail.size
        if number and (mail.attempts or size > MUCH):
            return
        yield mail
        if mail.attempts:
            return


def understand(mails: Iterable[IncomingMail], *, now: datetime) -> None:
    """Read the mails and give them their fates; what cannot be read is put aside, with every byte, at once or after
    the third failure.
    """
    arrivals = [arrival for mail in mails if (arrival := _read(mail, now=now))]
    for group in in_groups(arrivals):
        _settle_or_single_out(group, now=now)


def _read(mail: IncomingMail, *, now: datetime) -> Arrival | None:
    if mail.fate or mail.is_quarantined:
        return None
    if mail.attempts > PATIENCE:
        _put_aside(mail, mail.last_error or "Whoever read it was stopped, three times.", now=now)
        return None
    try:
        return _understood(mail, reading.read(bytes(mail.raw)))
    except Unreadable as error:
        _put_aside(mail, str(error), now=now)
    except Exception as error:
        logger.exception("Mail %s could not be read", mail.pk)
        _try_later(mail, error, now=now)
    return None


def _settle_or_single_out(group: Sequence[Arrival], *, now: datetime) -> None:
    """One that cannot be settled must not hold up those beside it."""
    try:
        _settle(group, now=now)
    except Exception as error:
        logger.exception("Mail %s, or one of %s with it, found no fate", group[0].mail.pk, len(group))
        failure = error
    else:
        return
    if len(group) == 1:
        _try_later(group[0].mail, failure, now=now)
    else:
        for arrival in group:
            _settle_or_single_out([Arrival(arrival.mail, arrival.read)], now=now)


@transaction.atomic
def _settle(group: Iterable[Arrival], *, now: datetime) -> None:
    """Facts and fates together, or neither. A listener that fails takes both with it, and the mails are met again."""
    arrivals = _undecided(group)
    _know_twins(arrivals)
    for arrival in arrivals:
        if arrival.fate is None and arrival.is_report:
            take_report(arrival, now=now)
    news = [arrival for arrival in arrivals if arrival.fate is None]
    if news:
        arrived.send(sender=IncomingMail, arrivals=news, now=now)
    conclude_arrivals(arrivals, now=now)


def _undecided(group: Iterable[Arrival]) -> list[Arrival]:
    mails = IncomingMail.objects.filter(pk__in=[arrival.mail.pk for arrival in group], fate="")
    held = set(mails.select_for_update().order_by("pk").values_list("pk", flat=True))
    return [arrival for arrival in group if arrival.mail.pk in held]


def _know_twins(arrivals: Sequence[Arrival]) -> None:
    others = IncomingMail.objects.exclude(pk__in=[arrival.mail.pk for arrival in arrivals])
    named = others.filter(message_id__in={arrival.mail.message_id for arrival in arrivals} - {""})
    known = set(named.values_list("message_id", flat=True))
    for arrival in arrivals:
        if not arrival.mail.message_id or arrival.mail.message_id in known:
            arrival.twin_of = IncomingMail.objects.without_raw().twins_of(arrival.mail).first()
        if arrival.twin_of:
            arrival.meets(Fate.TWIN, "The same mail was here before.")


def _understood(mail: IncomingMail, read: ReadMail) -> Arrival:
    """Nothing is written yet."""
    sender = read.sender
    mail.message_id = _short(read.message_id or "", 255)
    mail.body_sha256 = _fingerprint(read)
    mail.sender = letters.one_line(sender.address if sender else "", longest=254).lower()
    mail.sender_name = letters.one_line(sender.name if sender else "", longest=200)
    mail.subject = letters.one_line(read.subject, longest=255)
    mail.sent_at, mail.kind = read.sent_at, read.kind
    return Arrival(mail, read)


def _fingerprint(read: ReadMail) -> str:
    """Words and enclosures. Not the bytes: the way a mail takes is written into them."""
    digest = hashlib.sha256()
    words = (text.encode("utf-8", "surrogateescape") for text in (read.text, read.html))
    for content in chain(words, (attachment.content for attachment in read.attachments)):
        digest.update(b"%d:" % len(content))
        digest.update(content)
    return digest.hexdigest()


def _short(message_id: str, longest: int) -> str:
    if len(message_id) <= longest:
        return letters.one_line(message_id, longest=longest)
    return f"sha256:{hashlib.sha256(message_id.encode('utf-8', 'replace')).hexdigest()}"


def _try_later(mail: IncomingMail, error: Exception, *, now: datetime) -> None:
    why = f"{type(error).__name__}: {error}"
    if mail.attempts >= PATIENCE:
        _put_aside(mail, why, now=now)
    else:
        IncomingMail.objects.filter(pk=mail.pk, fate="").update(retry_at=now + WAIT, last_error=_clean(why))


def _put_aside(mail: IncomingMail, why: str, *, now: datetime) -> None:
    logger.error("Mail %s is in quarantine: %s", mail.pk, why)
    aside = {"quarantined_at": now, "retry_at": None, "last_error": _clean(why)}
    IncomingMail.objects.filter(pk=mail.pk, fate="").update(**aside)


def _clean(why: str) -> str:
    return letters.paragraphs(why)[:2000]
