import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from django.db import connection

from complaints.mailroom.actions.endings import move, settle_anyway
from complaints.mailroom.actions.holding import BRIEF, LEASE, Clock, Hold, take
from complaints.mailroom.actions.lane import OUR_FAULT, note_stumble, note_success, stop_for_our_fault
from complaints.mailroom.actions.recovery import JOURNAL_SETTLES, in_hand, recover
from complaints.mailroom.exceptions import Overtaken
from complaints.mailroom.faults import Fault, answer_of, describe, is_about_one_letter, judge
from complaints.mailroom.journal import journal_of_the_firm
from complaints.mailroom.models import OutgoingMail, State
from complaints.mailroom.patience import jittered, wait_after
from complaints.mailroom.transport import Transport

BUDGET = timedelta(seconds=40)
FEW, MANY = 20, 200

logger = logging.getLogger(__name__)


def deliver_due(
    *,
    now: Clock,
    owner: str,
    limit: int,
    budget: timedelta = BUDGET,
    lease: timedelta = LEASE,
    way_out: Transport | None = None,
) -> int:
    """Try what is due, one letter after the other. How many were tried, whatever became of them.

    `now` is asked again and again: a lease is real time. Any number of senders may run this at once. Never inside a
    transaction. `way_out` where letters are to go another way than the one that is set up.
    """
    recover(now=now())
    enough, tried, most = now() + budget, 0, FEW
    with way_out or Transport() as transport:
        while tried < limit and (begun := now()) < enough:
            hold = take(now=now, owner=owner, most=min(most, limit - tried), lease=lease)
            if not hold.left:
                break
            tried += carry_all(hold, transport, until=enough)
            most = max(1, most // 2) if now() - begun > BRIEF else min(MANY, most * 2)
    return tried


def carry_all(hold: Hold, transport: Transport, *, until: datetime) -> int:
    """Until the hold is empty, the time is up, or a failure says that the next letter would fare no better."""
    transport.beat = hold.keep
    tried = 0
    with _quick_notes(hold):
        for mail in hold:
            if tried and hold.now() >= until:
                break
            tried += 1
            if not _carry(mail, hold, transport):
                with suppress(IndexError):
                    hold.left.pop(0)
                break
        hold.put_down()
    return tried


@contextmanager
def _quick_notes(hold: Hold) -> Iterator[None]:
    """PostgreSQL need not reach the disk for every letter that went, only a crash of PostgreSQL itself forgets it.

    SQLite is opened that way anyhow. A letter that must not arrive twice waits for the disk.
    """
    if connection.vendor != "postgresql" or not all(mail.repeatable for mail in hold.left):
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET synchronous_commit")


def _carry(mail: OutgoingMail, hold: Hold, transport: Transport) -> bool:
    """Whether the next letter may be tried."""
    now = hold.now
    if _drop_expired(mail, now=now()):
        return True
    try:
        is_fresh = transport.open()
        transport.beat()
        if is_fresh and _drop_expired(mail, now=now()):
            return True
        transport.send(mail)
    except Overtaken as overtaken:
        logger.warning("%s", overtaken)
        transport.close()
        return True
    except Exception as error:  # noqa: BLE001  # back ends raise what they like; the letter must come back from here
        return _take_back(mail, error, may_have_gone=transport.may_have_gone, now=now())
    hold.note_gone(mail)
    if is_fresh:
        note_success()
    return True


def _drop_expired(mail: OutgoingMail, *, now: datetime) -> bool:
    return mail.has_expired(now) and settle_anyway(
        mail, in_hand(mail), State.CANCELLED, now=now, last_error="Its time ran out before it could be sent."
    )


def _take_back(mail: OutgoingMail, error: Exception, *, may_have_gone: bool, now: datetime) -> bool:
    """Judge what went wrong. Whether it was about this letter alone."""
    fault, said = judge(error, may_have_gone=may_have_gone), describe(error)
    logger.info("Letter %s did not go (%s): %s", mail.pk, fault.value, said)
    mail.attempts += 1
    if fault is Fault.OURS:
        stop_for_our_fault(now=now, reason=said)
        _keep(mail, now=now, said=said, counts=is_about_one_letter(error))
        return False
    if fault is Fault.REFUSED:
        _fail(mail, now=now, said=said)
        return True
    if answer_of(error) is None or not is_about_one_letter(error):
        note_stumble(now=now, reason=said)
    if fault is Fault.DOUBTFUL:
        _doubt(mail, now=now, said=said)
    else:
        _try_later(mail, now=now, said=said)
    return is_about_one_letter(error)


def _doubt(mail: OutgoingMail, *, now: datetime, said: str) -> None:
    """The line broke when the letter was written to its end: it may have gone."""
    if journal_of_the_firm():
        doubt = {"doubtful_since": now, "due_at": now + JOURNAL_SETTLES, "attempts": mail.attempts}
        move(mail, in_hand(mail), State.QUEUED, last_error=said, **doubt)
    elif mail.repeatable:
        _try_later(mail, now=now, said=said)
    else:
        settle_anyway(mail, in_hand(mail), State.AMBIGUOUS, now=now, last_error=said, attempts=mail.attempts)


def _keep(mail: OutgoingMail, *, now: datetime, said: str, counts: bool) -> None:
    """A refusal of everything is no attempt: however long it lasts, no letter is given up for it.

    One that names a recipient counts, since it may be about this letter alone after all.
    """
    if counts and wait_after(mail.attempts) is None:
        _fail(mail, now=now, said=f"Given up. {said}")
        return
    attempts = mail.attempts if counts else mail.attempts - 1
    again = (
        now + OUR_FAULT + jittered(timedelta(minutes=1))
    )  # not the first in line when the way is open again
    move(mail, in_hand(mail), State.QUEUED, due_at=again, attempts=attempts, last_error=said)


def _try_later(mail: OutgoingMail, *, now: datetime, said: str) -> None:
    wait = wait_after(mail.attempts)
    if wait is None:
        _fail(mail, now=now, said=f"Given up. {said}")
    else:
        again = now + jittered(wait)
        move(mail, in_hand(mail), State.QUEUED, due_at=again, attempts=mail.attempts, last_error=said)


def _fail(mail: OutgoingMail, *, now: datetime, said: str) -> None:
    settle_anyway(mail, in_hand(mail), State.FAILED, now=now, last_error=said, attempts=mail.attempts)
