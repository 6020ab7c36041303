"""A form sent twice, by a double click or from the browser's memory, does its deed once."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from complaints.resolution.models import SentForm

KEPT_FOR = timedelta(days=7)
BATCH = 10_000


def first_time(key: str, *, now: datetime) -> bool:
    """Whether the form of this name is sent for the first time. In the transaction of its deed.

    Of two at once the second waits for the first. A deed that is refused takes the name back with it.
    """
    try:
        with transaction.atomic():
            SentForm.objects.create(key=key, at=now)
    except IntegrityError:
        return False
    return True


def forget_sent_forms(*, now: datetime) -> int:
    """Nobody presses twice within a week's distance."""
    old = SentForm.objects.filter(at__lt=now - KEPT_FOR).order_by("at").values("pk")[:BATCH]
    return SentForm.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()[0]
