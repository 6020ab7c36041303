"""Taking up what dead senders left, finding out about what may have gone, and telling what nobody has heard."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from complaints.mailroom.actions.endings import Gone, announce, move, settle_anyway, settle_sent
from complaints.mailroom.journal import Journal, journal_of_the_firm
from complaints.mailroom.models import Errand, OutgoingMail, OutgoingMailQuerySet, State
from complaints.mailroom.patience import jittered, wait_after

MOST_AT_ONCE = 500
MOST_SENDERS = 50
ERRAND_IS_FORGOTTEN = timedelta(days=1)
UNLUCKY = 3  # senders that may die over a letter before it is made to wait
JOURNAL_SETTLES = timedelta(minutes=2)  # until a letter that went has reached the journal
JOURNAL_IS_TRIED = timedelta(minutes=5)
JOURNAL_IS_GIVEN_UP = timedelta(hours=1)
DIED = "Its sender stopped while sending it."

logger = logging.getLogger(__name__)


def recover(*, now: datetime, journal: Journal | None = None) -> int:
    """Take back what dead senders held, and repeat what listeners could not be told. Idempotent."""
    journal = journal or journal_of_the_firm()
    dead = OutgoingMail.objects.abandoned(now).values_list("lease_owner", flat=True).order_by().distinct()
    left = sum(_take_from(owner, journal, now=now) for owner in list(dead[:MOST_SENDERS]))
    Errand.objects.filter(begun_at__lt=now - ERRAND_IS_FORGOTTEN).delete()
    settle_doubts(now=now, journal=journal)
    announce(_unannounced(), now=now)
    return left


def _take_from(owner: str, journal: Journal | None, *, now: datetime) -> int:
    """What is behind it has gone; the first of the others may have. Its errand is over when all are seen to."""
    abandoned = OutgoingMail.objects.abandoned(now).filter(lease_owner=owner).order_by("due_at", "pk")
    left = list(abandoned.defer("body", "mime"))
    if errand := Errand.objects.filter(owner=owner).first():
        settle_sent([Gone(mail, errand.at) for mail in left if errand.has_behind_it(mail.pk)], now=now)
    uncertain = [mail for mail in left if mail.state == State.SENDING]
    for mail in uncertain[:1]:
        _recover(mail, journal, now=now)
    if uncertain[1:]:
        _give_back(uncertain[1:], journal, now=now)
    Errand.objects.filter(owner=owner).delete()
    return len(left)


def _unannounced() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.unannounced().defer("body", "mime").order_by("pk")[:MOST_AT_ONCE])


def _recover(mail: OutgoingMail, journal: Journal | None, *, now: datetime) -> None:
    """The one that was in its sender's hand."""
    held, attempts = in_hand(mail).abandoned(now), mail.attempts + 1
    if journal:
        move(mail, held, State.QUEUED, attempts=attempts, doubtful_since=mail.lease_until, last_error=DIED)
    elif not mail.repeatable:
        settle_anyway(mail, held, State.AMBIGUOUS, now=now, attempts=attempts, last_error=DIED)
    elif (wait := wait_after(attempts)) is None:
        settle_anyway(mail, held, State.FAILED, now=now, attempts=attempts, last_error=f"Given up. {DIED}")
    else:
        again = now + jittered(wait) if attempts > UNLUCKY else mail.due_at
        move(mail, held, State.QUEUED, attempts=attempts, due_at=again, last_error=DIED)


def _give_back(mails: Sequence[OutgoingMail], journal: Journal | None, *, now: datetime) -> None:
    """Those it had not come to. A journal is asked all the same: a crash of the database may forget what went."""
    abandoned = OutgoingMail.objects.abandoned(now).filter(lease_owner=mails[0].lease_owner)
    untried = abandoned.filter(pk__in=[mail.pk for mail in mails])
    untried.shift(State.QUEUED, doubtful_since=mails[0].lease_until if journal else None)


def settle_doubts(*, now: datetime, journal: Journal | None) -> None:
    """What the journal holds has gone. What it does not hold goes out (again), the same bytes."""
    doubtful = list(
        OutgoingMail.objects.doubtful(now).defer("body", "mime").order_by("due_at")[:MOST_AT_ONCE]
    )
    if not doubtful:
        return
    try:
        held = journal.holds([mail.message_id for mail in doubtful]) if journal else None
    except Exception as error:  # noqa: BLE001  # whatever the mailbox's client raises
        logger.error("The journal cannot be asked about %s letters: %s", len(doubtful), error)  # noqa: TRY400
        held = None
    for mail in doubtful:
        if held is None:
            _do_without(mail, now=now)
        elif mail.message_id in held:
            went = {"sent_at": mail.doubtful_since, "last_error": ""}
            settle_anyway(mail, _in_doubt(mail), State.SENT, now=now, **went)
        else:
            _in_doubt(mail).update(doubtful_since=None)


def _do_without(mail: OutgoingMail, *, now: datetime) -> None:
    doubted = mail.doubtful_since or now
    if journal_of_the_firm() and now - doubted < JOURNAL_IS_GIVEN_UP:
        _in_doubt(mail).update(due_at=now + JOURNAL_IS_TRIED)
    elif mail.repeatable:
        _in_doubt(mail).update(doubtful_since=None)
    else:
        settle_anyway(mail, _in_doubt(mail), State.AMBIGUOUS, now=now)


def in_hand(mail: OutgoingMail) -> OutgoingMailQuerySet:
    return OutgoingMail.objects.filter(pk=mail.pk, fence=mail.fence, state=State.SENDING)


def _in_doubt(mail: OutgoingMail) -> OutgoingMailQuerySet:
    doubted = OutgoingMail.objects.filter(pk=mail.pk, state=State.QUEUED)
    return doubted.filter(doubtful_since=mail.doubtful_since)
