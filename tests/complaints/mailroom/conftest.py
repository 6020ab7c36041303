from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import pytest
from django.core.mail.backends.smtp import EmailBackend

from complaints.mailroom.models import OutgoingMail
from complaints.mailroom.signals import Outcome, settled
from tests.complaints.mailroom.post_office import Clock
from tests.complaints.mailroom.rough_server import RoughServer


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rough(settings: Any) -> Iterator[RoughServer]:
    """Mail of this process goes by SMTP to a server that does as the test tells it."""
    server = RoughServer()
    server.start()
    settings.EMAIL_BACKEND = f"{EmailBackend.__module__}.{EmailBackend.__qualname__}"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 5
    yield server
    server.stop()


@pytest.fixture
def heard() -> Iterator[list[tuple[int, Outcome]]]:
    """What the listeners of the mailroom were told."""
    told: list[tuple[int, Outcome]] = []

    def listen(
        sender: type[OutgoingMail], mails: Sequence[OutgoingMail], outcome: Outcome, now: datetime, **_: Any
    ) -> None:
        told.extend((mail.pk, outcome) for mail in mails)

    settled.connect(listen)
    yield told
    settled.disconnect(listen)


@pytest.fixture
def deaf_listener() -> Iterator[Callable[[], None]]:
    """A listener that fails, until it is mended."""

    def fail(**_: Any) -> None:
        raise RuntimeError("I cannot hear you")

    settled.connect(fail)

    def mend() -> None:
        settled.disconnect(fail)

    yield mend
    mend()
