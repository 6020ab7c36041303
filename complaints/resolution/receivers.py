"""The file hears from the mailroom what became of its letters."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from complaints.mailroom.models import OutgoingMail
from complaints.mailroom.signals import Outcome, settled
from complaints.resolution import actions
from complaints.resolution.models import Message


@receiver(settled, dispatch_uid="resolution.letters_settled")
def letters_settled(*, mails: Sequence[OutgoingMail], outcome: Outcome, now: datetime, **_: Any) -> None:
    messages = Message.objects.filter(mail__in=[mail.pk for mail in mails]).select_related("complaint")
    actions.letters_ended(list(messages), outcome=outcome, now=now)
