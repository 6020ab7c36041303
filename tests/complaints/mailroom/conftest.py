import subprocess
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.mail.backends.smtp import EmailBackend

from complaints.mailroom.models import OutgoingMail
from complaints.mailroom.signals import Outcome, settled
from tests.complaints.mailroom.dovecot import DOVECOT, Dovecot, a_home
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


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    if not DOVECOT:
        pytest.skip("there is no dovecot on this machine")
    home = a_home()
    server = Dovecot(home, certificate=_certificate(home))
    server.start()
    yield server
    server.stop()


def _certificate(home: Path) -> Path:
    path = home / "server.pem"
    asked = (
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost"
    )
    subprocess.run(
        ["openssl", *asked.split(), "-keyout", path, "-out", path], check=True, capture_output=True
    )
    return path
