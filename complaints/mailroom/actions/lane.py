"""Stopping the way out, where trying more letters would only do harm."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from complaints.mailroom.models import Lane

OUR_FAULT = timedelta(minutes=10)
NO_NETWORK = timedelta(minutes=1)
MOST_STUMBLES = 5

logger = logging.getLogger(__name__)


def stop_for_our_fault(*, now: datetime, reason: str) -> None:
    Lane.objects.update_or_create(
        name=Lane.OUTGOING, defaults={"stopped_until": now + OUR_FAULT, "reason": reason}
    )
    logger.critical("No mail leaves for %s, the mail server refuses us: %s", OUR_FAULT, reason)


@transaction.atomic
def note_stumble(*, now: datetime, reason: str) -> None:
    """After some failures of the network in a row only one letter a minute tries whether it is back."""
    Lane.objects.get_or_create(name=Lane.OUTGOING)
    Lane.objects.update(stumbles=F("stumbles") + 1)
    too_many = Lane.objects.filter(stumbles__gte=MOST_STUMBLES)
    if too_many.update(stopped_until=now + NO_NETWORK, reason=reason):
        logger.error("No mail leaves for %s, the mail server cannot be reached: %s", NO_NETWORK, reason)


def note_success() -> None:
    Lane.objects.filter(stumbles__gt=0).update(stumbles=0, reason="")
