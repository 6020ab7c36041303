"""Ticks of the timetable: each says "look", and the verb finds what is due. Twice, or two at once, changes nothing."""

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from complaints.followups import actions


@shared_task
def send_due(now: str | None = None) -> None:
    actions.send_due(now=_moment(now))


@shared_task
def plan_missing(now: str | None = None) -> None:
    actions.plan_missing(now=_moment(now))


@shared_task
def close_due(now: str | None = None) -> None:
    actions.close_due(now=_moment(now))


@shared_task
def report_unanswered(now: str | None = None) -> None:
    actions.report_unanswered(now=_moment(now))


def _moment(now: str | None) -> datetime:
    return datetime.fromisoformat(now) if now else timezone.now()
