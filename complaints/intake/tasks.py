"""Imports are read by a worker. The task carries the run's key; the database knows the rest."""

import logging
from datetime import datetime
from functools import partial

from celery import shared_task
from django.utils import timezone

from complaints.intake import actions
from complaints.mailroom.tasks import BRIEFLY

logger = logging.getLogger(__name__)


@shared_task
def carry_out(run: int) -> None:
    """Doubled or delivered late, it finds nothing left to do."""
    actions.carry_out(run, clock=timezone.now)


@shared_task
def resume(now: str | None = None) -> None:
    actions.resume(clock=partial(datetime.fromisoformat, now) if now else timezone.now)


@shared_task
def discard_uploads(now: str | None = None) -> None:
    actions.discard_uploads(now=datetime.fromisoformat(now) if now else timezone.now())


def ring(run: int) -> bool:
    """Tell the workers of a run. False where the broker cannot be reached; the request has not waited for long."""
    try:
        with carry_out.app.connection_for_write(transport_options=BRIEFLY) as broker:
            carry_out.apply_async(args=(run,), retry=False, connection=broker)  # type: ignore[call-arg]
    except Exception as error:  # noqa: BLE001  # whatever the broker's client raises
        logger.warning("The workers could not be told of import %s: %s", run, error)
        return False
    return True
