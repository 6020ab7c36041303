"""What the mailroom announces, and what becomes of it here."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from complaints.intake import actions
from complaints.mailroom.arrivals import Arrival
from complaints.mailroom.signals import arrived


@receiver(arrived, dispatch_uid="intake.arrived")
def mails_arrived(*, arrivals: Sequence[Arrival], now: datetime, **_: Any) -> None:
    actions.sort_mails(arrivals, now=now)
