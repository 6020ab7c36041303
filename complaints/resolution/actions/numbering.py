from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F

from complaints.resolution.models import ReferenceCounter
from complaints.resolution.reference import compose


def next_reference(received_at: datetime) -> str:
    return next_references(received_at.astimezone(ZoneInfo(settings.TIME_ZONE)).year, 1)[0]


def next_references(year: int, count: int) -> list[str]:
    """The next free references of a year. Holds the year's counter until the transaction ends."""
    ReferenceCounter.objects.get_or_create(year=year)
    ReferenceCounter.objects.filter(year=year).update(last=F("last") + count)
    last = ReferenceCounter.objects.values_list("last", flat=True).get(year=year)
    return [compose(year, number) for number in range(last - count + 1, last + 1)]
