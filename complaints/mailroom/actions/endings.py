"""How a letter comes to an end, and how that is announced: one place for both."""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction

from complaints.mailroom.models import OutgoingMail, State, arriving_at
from complaints.mailroom.models import OutgoingMailQuerySet as Held
from complaints.mailroom.signals import Outcome, settled

logger = logging.getLogger(__name__)


def move(mail: OutgoingMail, held: Held, to: State, **fields: Any) -> bool:
    """Move the letter if it is still among those `held`, in the database first and then in hand."""
    moved = bool(held.shift(to, **fields))
    if moved:
        for name, value in (arriving_at(to) | fields).items():
            setattr(mail, name, value)
    return moved


@transaction.atomic
def settle(mail: OutgoingMail, held: Held, to: State, *, now: datetime, **fields: Any) -> bool:
    """Move the letter to an end and tell the listeners, both or neither."""
    moved = move(mail, held, to, settled_at=now, **fields)
    if moved:
        _announce(mail, now=now)
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


@transaction.atomic
def announce_again(mail: OutgoingMail, *, now: datetime) -> None:
    if OutgoingMail.objects.unannounced().filter(pk=mail.pk).update(settled_at=now):
        mail.settled_at = now
        _announce(mail, now=now)


def _announce(mail: OutgoingMail, *, now: datetime) -> None:
    settled.send(sender=OutgoingMail, mails=[mail], outcome=Outcome(mail.state), now=now)
