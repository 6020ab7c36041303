"""Looking for what is due. Each item in its own transaction; one that fails never stops the others."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import chain
from typing import TypeVar

from django.db.models import CharField, Exists, Model, OuterRef, Value
from django.db.models.functions import Cast, Concat

from complaints.mailroom.models import OutgoingMail
from complaints.mailroom.signals import Outcome
from complaints.resolution.actions.leaving import letter_ended, letter_failed
from complaints.resolution.actions.offering import lapse
from complaints.resolution.actions.promising import announce_broken
from complaints.resolution.actions.second_thoughts import MAY_STAY_UNWRITTEN
from complaints.resolution.actors import System
from complaints.resolution.exceptions import Refused
from complaints.resolution.models import Message, Offer, OfferState, Promise

BATCH = 500
THINKING, LOOK_BACK = timedelta(hours=1), timedelta(days=2)
logger = logging.getLogger(__name__)
Item = TypeVar("Item", bound=Model)


def lapse_offers(*, now: datetime) -> int:
    """Offers whose time ran out without a word from the customer. Returns how many lapsed."""
    due = Offer.objects.filter(state=OfferState.SENT, open_until__lt=now).select_related("complaint")[:BATCH]
    return work_through(due, lambda offer: lapse(offer.complaint, by=System.CLOCK, now=now))


def announce_broken_promises(*, now: datetime) -> int:
    """Promises past their day of which nobody has been told yet."""
    due = Promise.objects.broken_unheard(now).select_related("complaint")[:BATCH]
    return work_through(due, lambda promise: announce_broken(promise, now=now))


def settle_letters(*, now: datetime) -> int:
    """Letters whose end the mailroom knows and the file does not: the repair behind the announcement."""
    left = Message.objects.filter(sent_at__isnull=True, mail__state=OutgoingMail.State.SENT)
    stuck = OutgoingMail.objects.needing_attention().filter(settled_at__gte=now - LOOK_BACK)
    unheard = chain(
        left.select_related("complaint", "mail").defer("mail__mime", "mail__body")[:BATCH],
        Message.objects.filter(mail__in=stuck)
        .select_related("complaint", "mail")
        .defer("mail__mime", "mail__body")[:BATCH],
    )
    return work_through(unheard, lambda message: letter_ended(message, outcome=end_of(message), now=now))


def end_of(message: Message) -> Outcome:
    return Outcome(message.mail.state) if message.mail else Outcome.SENT


def chase_taken_back(*, now: datetime) -> int:
    """Letters of moves that were taken back and not written anew: the customer knows nothing of what we decided.

    Said once in the file, where a supervisor hears of it.
    """
    anew = Message.objects.filter(key=Concat(Value("anew:"), Cast(OuterRef("pk"), CharField())))
    missing = Message.objects.filter(mail__taken_back_at__range=(now - LOOK_BACK, now - THINKING)).exclude(
        kind__in=MAY_STAY_UNWRITTEN
    )
    missing = missing.filter(~Exists(anew))
    return work_through(
        missing.select_related("complaint")[:BATCH],
        lambda message: letter_failed(
            message,
            now=now,
            reason=f"{message.get_kind_display()}: taken back, and nothing sent in its place",
        ),
    )


def work_through(items: Iterable[Item], deed: Callable[[Item], object]) -> int:
    """Do the deed for each; count those done. What is refused was done or undone by somebody else meanwhile."""
    done = 0
    for item in items:
        try:
            deed(item)
        except Refused as refusal:
            logger.info("%s %s left alone: %s", type(item).__name__, item.pk, refusal)
        except Exception:
            logger.exception("%s %s failed; the others go on", type(item).__name__, item.pk)
        else:
            done += 1
    return done
