"""Understanding a mail that is kept: read it, see whether it came twice, and let it find its fate. Repeatable."""

import hashlib
import logging
from datetime import datetime, timedelta
from itertools import chain

from django.db import transaction

from complaints.mailroom import letters, reading
from complaints.mailroom.actions.fates import conclude
from complaints.mailroom.actions.receiving import BUDGET, Clock
from complaints.mailroom.actions.returns import REPORTS, take_report
from complaints.mailroom.models import PATIENCE, Fate, IncomingMail
from complaints.mailroom.reading import ReadMail, Unreadable
from complaints.mailroom.signals import arrived

#: After this a reader that said nothing is taken for dead, and the mail for one that may have killed it.
LEASE = timedelta(minutes=5)
WAIT = timedelta(minutes=2)
MOST_AT_ONCE = 500

logger = logging.getLogger(__name__)


def understand_due(*, now: Clock, limit: int = MOST_AT_ONCE, budget: timedelta = BUDGET) -> int:
    """Understand what is kept and has no fate yet, one mail after the other. How many were tried."""
    enough = now() + budget
    for tried in range(limit):
        if now() >= enough:
            return tried
        mail = _claim(now=now())
        if mail is None:
            return tried
        understand(mail, now=now())
    return limit


@transaction.atomic(durable=True)
def _claim(*, now: datetime) -> IncomingMail | None:
    """The attempt is counted before it is made: a mail that kills its reader is met three times, not for ever."""
    due = IncomingMail.objects.without_raw().due(now).order_by("retry_at", "pk")
    mail = due.select_for_update(skip_locked=True, of=("self",)).first()
    if mail is None:
        return None
    mine = IncomingMail.objects.filter(pk=mail.pk, retry_at=mail.retry_at, attempts=mail.attempts)
    mail.attempts, mail.retry_at = mail.attempts + 1, now + LEASE
    return mail if mine.update(attempts=mail.attempts, retry_at=mail.retry_at) else None


def understand(mail: IncomingMail, *, now: datetime) -> IncomingMail:
    """Read the mail and give it its fate; or put it aside, with every byte, after the third failure."""
    if mail.fate or mail.is_quarantined:
        return mail
    if mail.attempts > PATIENCE:
        return _put_aside(mail, mail.last_error or "Whoever read it was stopped, three times.", now=now)
    try:
        read = reading.read(bytes(mail.raw))
        _settle(mail, read, now=now)
    except Unreadable as error:
        return _put_aside(mail, str(error), now=now)
    except Exception as error:
        logger.exception("Mail %s could not be understood", mail.pk)
        return _try_later(mail, f"{type(error).__name__}: {error}", now=now)
    return mail


@transaction.atomic
def _settle(mail: IncomingMail, read: ReadMail, *, now: datetime) -> None:
    """Facts and fate together, or neither. A listener that fails takes both with it, and the mail is met again."""
    current = IncomingMail.objects.without_raw().select_for_update().get(pk=mail.pk)
    if current.fate:
        return
    _write_down(mail, read)
    twin = IncomingMail.objects.without_raw().twins_of(mail).first()
    if twin is not None:
        conclude(mail, fate=Fate.TWIN, why="The same mail was here before.", now=now, twin_of=twin)
    facts = ["message_id", "body_sha256", "sender", "sender_name", "subject", "sent_at", "kind"]
    mail.save(update_fields=facts)
    if twin is None:
        _find_fate(mail, read, now=now)


def _find_fate(mail: IncomingMail, read: ReadMail, *, now: datetime) -> None:
    if read.kind in REPORTS:
        take_report(mail, read=read, now=now)
        return
    arrived.send(sender=IncomingMail, mail=mail, read=read, now=now)
    if not mail.fate:
        conclude(mail, fate=Fate.HELD, why="Nobody knew what to do with it.", now=now)


def _write_down(mail: IncomingMail, read: ReadMail) -> None:
    sender = read.sender
    mail.message_id = _short(read.message_id or "", 255)
    mail.body_sha256 = _fingerprint(read)
    mail.sender = letters.one_line(sender.address if sender else "", longest=254).lower()
    mail.sender_name = letters.one_line(sender.name if sender else "", longest=200)
    mail.subject = letters.one_line(read.subject, longest=255)
    mail.sent_at, mail.kind = read.sent_at, read.kind


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


def _try_later(mail: IncomingMail, why: str, *, now: datetime) -> IncomingMail:
    if mail.attempts >= PATIENCE:
        return _put_aside(mail, why, now=now)
    IncomingMail.objects.filter(pk=mail.pk, fate="").update(retry_at=now + WAIT, last_error=_clean(why))
    mail.refresh_from_db()
    return mail


def _put_aside(mail: IncomingMail, why: str, *, now: datetime) -> IncomingMail:
    logger.error("Mail %s is in quarantine: %s", mail.pk, why)
    aside = {"quarantined_at": now, "retry_at": None, "last_error": _clean(why)}
    IncomingMail.objects.filter(pk=mail.pk, fate="").update(**aside)
    mail.refresh_from_db()
    return mail


def _clean(why: str) -> str:
    return letters.paragraphs(why)[:2000]
