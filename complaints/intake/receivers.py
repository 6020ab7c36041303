"""What the mailroom announces, and what becomes of it here."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from complaints.intake import actions
from complaints.mailroom.models import IncomingMail
from complaints.mailroom.reading import ReadMail
from complaints.mailroom.signals import arrived


@receiver(arrived, dispatch_uid="intake.arrived")
def mail_arrived(*, mail: IncomingMail, read: ReadMail, now: datetime, **_: Any) -> None:
    actions.sort_mail(mail, read=read, now=now)
