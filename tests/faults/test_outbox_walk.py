"""Whatever happens in whatever order, every letter that was meant ends in one place, and is told about."""

import random
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from complaints.mailroom.actions import cancel, recover
from complaints.mailroom.models import PENDING, OutgoingMail, State
from complaints.mailroom.signals import Outcome
from complaints.mailroom.transport import Transport
from tests.complaints.mailroom.conftest import clock, heard
from tests.complaints.mailroom.post_office import Clock, a_letter, send_next

__all__ = ["clock", "heard"]
STEPS = 400


class Killed(BaseException):
    """The end of a sender: nothing of it runs any further."""


class Weather(Transport):
    """Takes letters, loses lines, refuses and kills, as the dice have it."""

    def __init__(self, dice: random.Random) -> None:
        super().__init__()
        self.dice, self.fair = dice, False
        self.delivered: list[tuple[str, bytes]] = []
        self.doubtful = 0

    def open(self) -> bool:
        if not self.fair:
            self._perhaps(0.1, ConnectionRefusedError("down"))
            self._perhaps(0.05, Killed())
        return True

    def send(self, mail: OutgoingMail) -> None:
        self.may_have_gone = True
        if not self.fair:
            self._perhaps(0.1, OSError("line lost before the letter"))
            self._perhaps(0.1, Killed())
        self.delivered.append((mail.dedupe_key, bytes(mail.mime)))
        if not self.fair and self.dice.random() < 0.25:
            self.doubtful += 1
            raise self.dice.choice([OSError("line lost after the letter"), Killed()])

    def _perhaps(self, chance: float, error: BaseException) -> None:
        if self.dice.random() < chance:
            raise error


class Walk:
    def __init__(self, seed: int, clock: Clock) -> None:
        self.dice, self.clock = random.Random(seed), clock
        self.weather = Weather(self.dice)
        self.meant: set[str] = set()
        self.undelivered_when_cancelled: set[str] = set()

    def step(self) -> None:
        steps = [self.write, self.write, self.write_and_regret, self.cancel, self.wait, self.sweep]
        self.dice.choice([*steps, *[self.send] * 8])()

    def write(self) -> None:
        key = f"letter {self.dice.randrange(STEPS // 4)}"
        now = self.clock()
        due_at = now + timedelta(minutes=self.dice.choice([0, 0, 0, 30]))
        expires_at = self.dice.choice([None, None, now + timedelta(hours=3)])
        repeatable = self.dice.random() < 0.8
        a_letter(dedupe_key=key, now=now, due_at=due_at, expires_at=expires_at, repeatable=repeatable)
        self.meant.add(key)

    def write_and_regret(self) -> None:
        with transaction.atomic():
            a_letter(now=self.clock())
            transaction.set_rollback(True)

    def cancel(self) -> None:
        mail = OutgoingMail.objects.filter(state__in=PENDING).order_by("?").first()
        if mail and cancel(mail, now=self.clock(), reason="dice") and mail.attempts == 0:
            self.undelivered_when_cancelled.add(mail.dedupe_key)

    def wait(self) -> None:
        self.clock.forward(minutes=self.dice.choice([1, 1, 6, 70]))

    def sweep(self) -> None:
        recover(now=self.clock())

    def send(self) -> None:
        with suppress(Killed):
            send_next(self.clock, self.weather, owner="dice")

    def calm_down(self) -> None:
        self.weather.fair = True
        for _ in range(STEPS * 3):
            if not OutgoingMail.objects.filter(settled_at=None).exists():
                return
            self.sweep()
            self.send()
            self.clock.forward(minutes=1)


@pytest.mark.faults
@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_every_letter_that_was_meant_comes_to_one_end(
    seed: int, clock: Clock, heard: list[tuple[int, Any]]
) -> None:
    walk = Walk(seed, clock)
    for _ in range(STEPS):
        walk.step()
    walk.calm_down()

    letters = {mail.dedupe_key: mail for mail in OutgoingMail.objects.all()}
    arrived = Counter(key for key, _ in walk.weather.delivered)
    assert set(letters) == walk.meant
    assert not [mail for mail in letters.values() if mail.state in PENDING or mail.settled_at is None]
    assert all(arrived[key] >= 1 for key, mail in letters.items() if mail.state == State.SENT)
    assert not walk.undelivered_when_cancelled & set(arrived)
    assert all(arrived[key] <= 1 for key, mail in letters.items() if not mail.repeatable)
    assert arrived.total() - len(arrived) <= walk.weather.doubtful
    assert all(raw == bytes(letters[key].mime) for key, raw in walk.weather.delivered)
    assert Counter(heard) == Counter((mail.pk, Outcome(mail.state)) for mail in letters.values())
