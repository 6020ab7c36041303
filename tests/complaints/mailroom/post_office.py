"""Letters, a clock and a sender for tests."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from complaints.mailroom.actions import deliver_due, post
from complaints.mailroom.actions.delivery import BUDGET, carry_all
from complaints.mailroom.actions.holding import take
from complaints.mailroom.models import OutgoingMail
from complaints.mailroom.transport import Transport

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
numbers = itertools.count(1)


class Clock:
    """Real time for the sender, passed in."""

    def __init__(self, moment: datetime = NOW) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **time: float) -> datetime:
        self.moment += timedelta(**time)
        return self.moment


def a_letter(**given: Any) -> OutgoingMail:
    number = next(numbers)
    usual: dict[str, Any] = {
        "to": f"ann{number}@example.com",
        "subject": "We have your complaint",
        "body": "Dear Ann,\n\nthank you.\n",
        "kind": "ack",
        "dedupe_key": f"{number}:ack",
        "now": NOW,
    }
    return post(**usual | given)


def send_out(clock: Callable[[], datetime] | None = None, **given: Any) -> int:
    usual: dict[str, Any] = {
        "now": clock or Clock(),
        "owner": "test",
        "limit": 1000,
        "budget": timedelta(hours=1),
    }
    return deliver_due(**usual | given)


def send_next(clock: Callable[[], datetime], wire: Transport, *, owner: str) -> OutgoingMail | None:
    """One letter that is due, whatever became of it; nobody has seen first to what dead senders left."""
    hold = take(now=clock, owner=owner, most=1)
    mail = next(iter(hold.left), None)
    carry_all(hold, wire, until=clock() + BUDGET)
    return mail


def wire_bytes(sent: Any) -> bytes:
    """What an e-mail of Django would have put on the wire."""
    return bytes(sent.message().as_bytes(linesep="\r\n"))


def again(mail: OutgoingMail) -> OutgoingMail:
    """The letter as the database has it now."""
    return OutgoingMail.objects.get(pk=mail.pk)
