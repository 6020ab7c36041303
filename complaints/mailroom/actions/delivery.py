import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from complaints.mailroom.actions.endings import announce_again, move, settle_anyway
from complaints.mailroom.actions.lane import OUR_FAULT, note_stumble, note_success, stop_for_our_fault
from complaints.mailroom.faults import Fault, describe, is_about_one_letter, judge
from complaints.mailroom.models import OutgoingMail, OutgoingMailQuerySet, State
from complaints.mailroom.patience import jittered, wait_after
from complaints.mailroom.transport import Transport

Clock = Callable[[], datetime]

LEASE = timedelta(minutes=5)
BUDGET = timedelta(seconds=40)
MOST_AT_ONCE = 100

logger = logging.getLogger(__name__)


def deliver_due(
    *, now: Clock, owner: str, limit: int, budget: timedelta = BUDGET, lease: timedelta = LEASE
) -> int:
    """Try what is due, one letter after the other. How many were tried, whatever became of them.

    `now` is asked again and again: a lease is real time. Any number of senders may run this at once.
    """
    recover(now=now())
    enough = now() + budget
    with Transport() as transport:
        for tried in range(limit):
            if now() >= enough:
                return tried
            if deliver_next(now=now, owner=owner, transport=transport, lease=lease) is None:
                return tried
    return limit


def deliver_next(
    *, now: Clock, owner: str, transport: Transport, lease: timedelta = LEASE
) -> OutgoingMail | None:
    """Claim one letter that is due, commit that, and try to send it. Never inside a transaction."""
    mail = _claim(now=now(), owner=owner, lease=lease)
    if mail is not None and not _drop_expired(mail, now=now()):
        _carry(mail, now=now, transport=transport, lease=lease)
    return mail


@transaction.atomic(durable=True)
def _claim(*, now: datetime, owner: str, lease: timedelta) -> OutgoingMail | None:
    """On PostgreSQL senders pass over each other's rows; everywhere the conditional update decides."""
    candidates = OutgoingMail.objects.claimable(now).order_by("due_at").select_for_update(skip_locked=True)
    mail = candidates.first()
    if mail is None:
        return None
    claim = {
        "lease_until": now + lease,
        "lease_owner": owner,
        "fence": mail.fence + 1,
        "attempts": mail.attempts + 1,
    }
    return mail if move(mail, _mine(mail), State.SENDING, **claim) else None


def _carry(mail: OutgoingMail, *, now: Clock, transport: Transport, lease: timedelta) -> None:
    try:
        is_fresh = transport.open()
    except Exception as error:  # noqa: BLE001  # back ends raise what they like; the letter must come back from here
        _take_back(mail, error, connected=False, now=now())
        return
    if is_fresh and not _is_still_wanted(mail, now=now(), lease=lease):
        return
    try:
        transport.send(mail)
    except Exception as error:  # noqa: BLE001
        _take_back(mail, error, connected=True, now=now())
        return
    _mark_sent(mail, now=now())
    if is_fresh:
        note_success()


def _is_still_wanted(mail: OutgoingMail, *, now: datetime, lease: timedelta) -> bool:
    """Connecting may have taken minutes. Over an open connection it took none, and the lease still holds."""
    if _drop_expired(mail, now=now):
        return False
    held = _mine(mail).filter(state=State.SENDING).update(lease_until=now + lease)
    if not held:
        logger.warning("Letter %s was taken over before it could be handed over", mail.pk)
    return bool(held)


def _drop_expired(mail: OutgoingMail, *, now: datetime) -> bool:
    return mail.has_expired(now) and settle_anyway(
        mail, _in_hand(mail), State.CANCELLED, now=now, last_error="Its time ran out before it could be sent."
    )


def _mark_sent(mail: OutgoingMail, *, now: datetime) -> None:
    """By the fence alone: a sender thought dead still knows best that its letter went."""
    if not settle_anyway(mail, _mine(mail), State.SENT, now=now, sent_at=now, last_error=""):
        logger.warning("Letter %s was sent, but another sender had taken it over", mail.pk)


def _take_back(mail: OutgoingMail, error: Exception, *, connected: bool, now: datetime) -> None:
    fault, said = judge(error, connected=connected), describe(error)
    logger.info("Letter %s did not go (%s): %s", mail.pk, fault.value, said)
    if fault is Fault.OURS:
        stop_for_our_fault(now=now, reason=said)
        _keep(mail, now=now, said=said, counts=is_about_one_letter(error))
        return
    if not connected or fault is Fault.DOUBTFUL:
        note_stumble(now=now, reason=said)
    if fault is Fault.REFUSED:
        settle_anyway(mail, _in_hand(mail), State.FAILED, now=now, last_error=said)
    elif fault is Fault.DOUBTFUL and not mail.repeatable:
        settle_anyway(mail, _in_hand(mail), State.AMBIGUOUS, now=now, last_error=said)
    else:
        _try_later(mail, now=now, said=said)


def _keep(mail: OutgoingMail, *, now: datetime, said: str, counts: bool) -> None:
    """A refusal of everything is no attempt: however long it lasts, no letter is given up for it.

    One that names a recipient counts, since it may be about this letter alone after all.
    """
    if counts and wait_after(mail.attempts) is None:
        settle_anyway(mail, _in_hand(mail), State.FAILED, now=now, last_error=f"Given up. {said}")
        return
    attempts = mail.attempts if counts else mail.attempts - 1
    again = (
        now + OUR_FAULT + jittered(timedelta(minutes=1))
    )  # not the first in line when the way is open again
    move(mail, _in_hand(mail), State.QUEUED, due_at=again, attempts=attempts, last_error=said)


def _try_later(mail: OutgoingMail, *, now: datetime, said: str) -> None:
    wait = wait_after(mail.attempts)
    if wait is None:
        settle_anyway(mail, _in_hand(mail), State.FAILED, now=now, last_error=f"Given up. {said}")
    else:
        move(mail, _in_hand(mail), State.QUEUED, due_at=now + jittered(wait), last_error=said)


def recover(*, now: datetime) -> int:
    """Take back what dead senders held, and repeat what listeners could not be told. Idempotent."""
    abandoned = list(OutgoingMail.objects.abandoned(now)[:MOST_AT_ONCE])
    for mail in abandoned:
        _recover(mail, now=now)
    for mail in OutgoingMail.objects.unannounced()[:MOST_AT_ONCE]:
        try:
            announce_again(mail, now=now)
        except Exception:
            logger.exception("A listener still fails to hear that letter %s is %s", mail.pk, mail.state)
    return len(abandoned)


def _recover(mail: OutgoingMail, *, now: datetime) -> None:
    held, said = _in_hand(mail).abandoned(now), "Its sender stopped while sending it."
    if not mail.repeatable:
        settle_anyway(mail, held, State.AMBIGUOUS, now=now, last_error=said)
    elif wait_after(mail.attempts) is None:
        settle_anyway(mail, held, State.FAILED, now=now, last_error=f"Given up. {said}")
    else:
        move(mail, held, State.QUEUED, last_error=said)


def _mine(mail: OutgoingMail) -> OutgoingMailQuerySet:
    return OutgoingMail.objects.filter(pk=mail.pk, fence=mail.fence)


def _in_hand(mail: OutgoingMail) -> OutgoingMailQuerySet:
    return _mine(mail).filter(state=State.SENDING)
