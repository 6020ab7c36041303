"""How a letter comes to an end, and how that is announced: one place for both."""

import logging
from collections.abc import Sequence
from datetime import datetime
from itertools import chain, groupby
from typing import Any, NamedTuple

from django.db import connection, transaction

from complaints.mailroom.models import OutgoingMail, State, arriving_at
from complaints.mailroom.models import OutgoingMailQuerySet as Held
from complaints.mailroom.signals import Outcome, settled

# By the fence alone: a sender thought dead still knows best that its letter went. The same as shifting each along the
# graph, which takes longer to put into words than the mail server takes to accept a letter.
NOTE_SENT = """
    UPDATE mailroom_outgoingmail
    SET state = 'sent', due_at = NULL, lease_until = NULL, lease_owner = '', doubtful_since = NULL,
        last_error = '', attempts = attempts + 1, sent_at = went.column3, settled_at = %s
    FROM (VALUES {}) AS went
    WHERE id = went.column1 AND fence = went.column2 AND state IN ('queued', 'sending', 'ambiguous')
    RETURNING id, attempts
"""

logger = logging.getLogger(__name__)


class Gone(NamedTuple):
    """A letter that the mail server took, and when."""

    mail: OutgoingMail
    at: datetime


class HeardMeanwhile(Exception):
    """Somebody else has announced some of these."""


def move(mail: OutgoingMail, held: Held, to: State, **fields: Any) -> bool:
    """Move the letter if it is still among those `held`, in the database first and then in hand."""
    moved = bool(held.shift(to, **fields))
    if moved:
        vars(mail).update(arriving_at(to) | fields)
    return moved


def note_sent(gone: Sequence[Gone], *, settled_at: datetime | None = None) -> list[OutgoingMail]:
    """Those of them that were still their sender's to note, or nobody's. One statement."""
    adapted = connection.ops.adapt_datetimefield_value
    rows = [(one.mail.pk, one.mail.fence, adapted(one.at)) for one in gone]
    with connection.cursor() as cursor:
        statement = NOTE_SENT.format(", ".join(["(%s, %s, %s)"] * len(rows)))
        cursor.execute(statement, [adapted(settled_at), *chain.from_iterable(rows)])
        attempts = dict(cursor.fetchall())
    noted = [one for one in gone if one.mail.pk in attempts]
    for mail, at in noted:
        news = {"sent_at": at, "settled_at": settled_at, "attempts": attempts[mail.pk], "last_error": ""}
        vars(mail).update(arriving_at(State.SENT) | news)
    return [mail for mail, _ in noted]


def settle_sent(gone: Sequence[Gone], *, now: datetime) -> None:
    """Write down what went and tell the listeners, both or neither; and if neither, then what went alone."""
    if not gone:
        return
    try:
        with transaction.atomic():
            noted = note_sent(gone, settled_at=now)
            _tell(noted, State.SENT, now=now)
    except Exception:
        logger.exception(
            "%s letters went, which could not be announced together; one by one, then", len(gone)
        )
        noted = note_sent(gone)
        announce(noted, now=now)
    for mail in {one.mail for one in gone}.difference(noted):
        logger.warning("Letter %s was sent, but another sender had taken it over", mail.pk)


@transaction.atomic
def settle(mail: OutgoingMail, held: Held, to: State, *, now: datetime, **fields: Any) -> bool:
    """Move the letter to an end and tell the listeners, both or neither."""
    moved = move(mail, held, to, settled_at=now, **fields)
    if moved:
        _tell([mail], to, now=now)
    return moved


def settle_anyway(mail: OutgoingMail, held: Held, to: State, *, now: datetime, **fields: Any) -> bool:
    """For what has happened outside, and no rollback undoes. It is announced again later.

    Were a delivery forgotten because a listener fails, the customer would get it again and again.
    """
    try:
        return settle(mail, held, to, now=now, **fields)
    except Exception:
        logger.exception("Letter %s is %s, which could not be announced; it will be again", mail.pk, to)
        return move(mail, held, to, settled_at=None, **fields)


def announce(mails: Sequence[OutgoingMail], *, now: datetime) -> None:
    """Tell of ends that are written down already; one by one where telling of all fails."""
    by_state = sorted(mails, key=lambda mail: mail.state)
    for state, group in groupby(by_state, key=lambda mail: mail.state):
        together = list(group)
        try:
            _announce(together, State(state), now=now)
        except Exception:  # noqa: BLE001  # whichever it was is found and logged below
            for mail in together:
                _announce_one(mail, State(state), now=now)


def _announce_one(mail: OutgoingMail, state: State, *, now: datetime) -> None:
    try:
        _announce([mail], state, now=now)
    except HeardMeanwhile:
        pass
    except Exception:
        logger.exception("A listener fails to hear that letter %s is %s; it is told again", mail.pk, state)


@transaction.atomic
def _announce(mails: Sequence[OutgoingMail], state: State, *, now: datetime) -> None:
    unheard = OutgoingMail.objects.unannounced().filter(pk__in=[mail.pk for mail in mails])
    if unheard.update(settled_at=now) != len(mails):
        raise HeardMeanwhile
    for mail in mails:
        mail.settled_at = now
    _tell(mails, state, now=now)


def _tell(mails: Sequence[OutgoingMail], state: State, *, now: datetime) -> None:
    if not mails:
        return
    settled.send(sender=OutgoingMail, mails=mails, outcome=Outcome(state), now=now)
