from celery import shared_task
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from complaints.resolution.actions import sweeping


@shared_task
def lapse_offers(now: str | None = None) -> None:
    sweeping.lapse_offers(now=(now and parse_datetime(now)) or timezone.now())


@shared_task
def settle_letters(now: str | None = None) -> None:
    sweeping.settle_letters(now=(now and parse_datetime(now)) or timezone.now())
