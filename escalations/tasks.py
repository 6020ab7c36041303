"""One task a sweep: each only says “look”."""

from datetime import datetime

from celery import shared_task
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from escalations import actions


def moment(now: str | None) -> datetime:
    return (now and parse_datetime(now)) or timezone.now()


@shared_task
def raise_missed(now: str | None = None) -> None:
    actions.raise_missed(now=moment(now))


@shared_task
def pass_milestones(now: str | None = None) -> None:
    actions.pass_milestones(now=moment(now))


@shared_task
def raise_long_silence(now: str | None = None) -> None:
    actions.raise_long_silence(now=moment(now))


@shared_task
def settle_moot(now: str | None = None) -> None:
    actions.settle_all_moot(now=moment(now))


@shared_task
def pass_up_unanswered(now: str | None = None) -> None:
    actions.pass_up_unanswered(now=moment(now))


@shared_task
def refresh_urgency(now: str | None = None) -> None:
    actions.refresh_urgency(now=moment(now))


@shared_task
def tell_queues(now: str | None = None) -> None:
    actions.tell_queues(now=moment(now))


@shared_task
def watch(now: str | None = None) -> None:
    actions.watch(now=moment(now))
