"""The file hears from the mailroom what became of its letters."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from complaints.mailroom.models import OutgoingMail
from complaints.mailroom.signals import Outcome, settled
from complaints.resolution import actions
from complaints.resolution.models import Message


@receiver(settled, dispatch_uid="resolution.letter_settled")
def letter_settled(*, mail: OutgoingMail, outcome: Outcome, now: datetime, **_: Any) -> None:
    message = Message.objects.filter(mail=mail).select_related("complaint").first()
    if message is not None:
        actions.letter_ended(message, outcome=outcome, now=now)
