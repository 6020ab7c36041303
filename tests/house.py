"""A firm with its people and its hour, for tests that tell a story."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core import mail
from django.core.management import call_command

from complaints.followups import actions as followups
from complaints.resolution.actions import sweeping
from escalations import actions as escalations
from tests import factories
from tests.complaints.followups.post import deliver

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass
class House:
    """The firm, its staff, and the hour. `pass_to` lets the timetable look every eight hours until then."""

    now: datetime
    #: How often each tick comes; a doubled one must change nothing.
    ticks: int = 1
    handler: User = field(init=False)
    colleague: User = field(init=False)
    supervisor: User = field(init=False)
    manager: User = field(init=False)

    def __post_init__(self) -> None:
        call_command("setup_roles", verbosity=0)
        escalations.set_up_queues()
        factories.house_limits()
        self.handler, self.colleague = factories.user_in("Handler", ()), factories.user_in("Handler", ())
        self.supervisor, self.manager = factories.user_in("Supervisor", ()), factories.user_in("Manager", ())

    def pass_to(self, moment: datetime) -> None:
        while self.now < moment:
            self.now = min(self.now + 8 * HOUR, moment)
            self.look()

    def pass_days(self, days: float) -> None:
        self.pass_to(self.now + days * DAY)

    def look(self) -> None:
        """Every job of the timetable."""
        for _ in range(self.ticks):
            for sweep in SWEEPS:
                sweep(now=self.now)
            deliver(self.now)

    @property
    def work(self) -> dict[str, Any]:
        return {"by": self.handler, "now": self.now}


SWEEPS: tuple[Callable[..., object], ...] = (
    followups.plan_missing,
    followups.send_due,
    sweeping.lapse_offers,
    sweeping.settle_letters,
    followups.report_unanswered,
    followups.close_due,
    escalations.raise_missed,
    escalations.pass_milestones,
    escalations.raise_long_silence,
    escalations.watch,
    escalations.settle_all_moot,
    escalations.pass_up_unanswered,
    escalations.refresh_urgency,
    escalations.tell_queues,
)


def sent_to(address: str) -> list[str]:
    """What arrived at this address, in order, without the reference."""
    return [re.sub(r"C\d\d-\d{6}-[A-Z]", "…", str(one.subject)) for one in mail.outbox if one.to == [address]]


def link_in(kind: str) -> str:
    """The signed page in the last letter to the customer that has one of this kind."""
    for letter in reversed(mail.outbox):
        if found := re.search(rf"(/c/{kind}/\S+)", str(letter.body)):
            return found[1]
    raise AssertionError(f"no letter leads to {kind}")
