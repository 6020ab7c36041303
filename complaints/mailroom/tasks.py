import logging
import os
import secrets
import socket
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from celery import shared_task
from django.utils import timezone

from complaints.mailroom.actions import compare_all, deliver_due, fetch_all, take_in_files, understand_due
from complaints.mailroom.fetching import accounts, spool
from complaints.mailroom.models import OutgoingMail

ROWS = 2000
SOON = 1  # seconds until the bell is heard: one ring for all letters of that second
BRIEFLY = {  # kombu's own patience with a broker that is down is six seconds; a request has not got them
    "max_retries": 1,
    "interval_start": 0,
    "interval_max": 0,
    "socket_connect_timeout": 0.5,
    "socket_timeout": 1,
}
AFTER_FAILURE = 30  # seconds in which a bell that did not ring is not tried again; the timetable looks anyway

logger = logging.getLogger(__name__)


@shared_task
def deliver(now: str | None = None) -> None:
    """Send what is due. Any number may run at once; what one does not manage the next does."""
    clock = _clock(now)
    owner = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
    deliver_due(now=clock, owner=owner, limit=ROWS)
    if OutgoingMail.objects.claimable(clock()).exists():
        doorbell.ring()


@shared_task
def fetch(now: str | None = None) -> None:
    """Keep what has arrived, and understand it. Mailboxes that cannot be read are named in the log and on the desk."""
    clock = _clock(now)
    fetch_all(accounts(), now=clock)
    if folder := spool():
        take_in_files(folder, now=clock())
    understand_due(now=clock)


@shared_task
def understand(now: str | None = None) -> None:
    """What was kept and not understood: its reader was stopped, or a listener failed."""
    understand_due(now=_clock(now))


@shared_task
def compare(now: str | None = None) -> None:
    compare_all(accounts(), now=_clock(now))


def _clock(now: str | None) -> Callable[[], datetime]:
    return partial(datetime.fromisoformat, now) if now else timezone.now


class Doorbell:
    """Tells the senders to look. Losing a ring costs the time until the next tick, and nothing else."""

    def __init__(self) -> None:
        self._silent_until = 0.0

    def ring(self, **_: Any) -> None:
        """Never fails, and never makes a request wait for a broker that is down more than once in a while."""
        if time.monotonic() < self._silent_until:
            return
        self._silent_until = time.monotonic() + SOON
        try:
            with deliver.app.connection_for_write(transport_options=BRIEFLY) as broker:
                deliver.apply_async(countdown=SOON, retry=False, connection=broker)  # type: ignore[call-arg]
        except Exception as error:  # noqa: BLE001  # whatever the broker's client raises
            self._silent_until = time.monotonic() + AFTER_FAILURE
            logger.warning("The senders could not be told of new post; they will find it: %s", error)


doorbell = Doorbell()
