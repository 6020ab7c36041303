"""One task a sweep: each only says “look”."""

import logging
from datetime import datetime

from celery import shared_task
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from complaints.mailroom.tasks import BRIEFLY
from escalations import actions
from escalations.models import Handover

logger = logging.getLogger(__name__)


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
def hand_over(handover: int, now: str | None = None) -> None:
    found = Handover.objects.filter(pk=handover).first()
    if found is not None:
        actions.hand_over_rest(found, now=moment(now))


@shared_task
def go_on_handing_over(now: str | None = None) -> None:
    actions.go_on_handing_over(now=moment(now))


def ring(handover: int) -> None:
    """Tell the workers. Where the broker cannot be reached, the next tick finds it all the same."""
    try:
        with hand_over.app.connection_for_write(transport_options=BRIEFLY) as broker:
            hand_over.apply_async(args=(handover,), retry=False, connection=broker)  # type: ignore[call-arg]
    except Exception as error:  # noqa: BLE001  # whatever the broker's client raises
        logger.warning("The workers could not be told of handover %s: %s", handover, error)


@shared_task
def watch(now: str | None = None) -> None:
    actions.watch(now=moment(now))
