"""Ticks of the timetable: each says "look", and the verb finds what is due."""

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from complaints.resolution.actions import sent_forms, sweeping


def moment(now: str | None) -> datetime:
    """The moment a tick is for: the one it names (ISO 8601), or the present."""
    return datetime.fromisoformat(now) if now else timezone.now()


@shared_task
def lapse_offers(now: str | None = None) -> None:
    sweeping.lapse_offers(now=moment(now))


@shared_task
def settle_letters(now: str | None = None) -> None:
    sweeping.settle_letters(now=moment(now))


@shared_task
def forget_sent_forms(now: str | None = None) -> None:
    sent_forms.forget_sent_forms(now=moment(now))


@shared_task
def chase_taken_back(now: str | None = None) -> None:
    sweeping.chase_taken_back(now=moment(now))


@shared_task
def announce_broken_promises(now: str | None = None) -> None:
    sweeping.announce_broken_promises(now=moment(now))
