"""Taking letters in hand: some at a time, under one lease, each with a fence of its own.

They are carried one after the other, and what became of one is written down before the next is touched. So of all
that a dead sender held, only the first that is left can have gone. A letter that must not arrive twice is held alone.
"""

import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from django.db import transaction
from django.db.models import F

from complaints.mailroom.exceptions import Overtaken
from complaints.mailroom.models import OutgoingMail, OutgoingMailQuerySet, State, arriving_at

Clock = Callable[[], datetime]
LEASE = timedelta(minutes=2)

logger = logging.getLogger(__name__)


class Hold:
    """What one sender has in its hand."""

    def __init__(
        self, mails: Sequence[OutgoingMail], *, lease: timedelta, now: Clock, until: datetime
    ) -> None:
        self.left, self.lease, self.now, self.until = list(mails), lease, now, until

    def __iter__(self) -> Iterator[OutgoingMail]:
        """One after the other; the one given is the first of those left until the next is asked for."""
        while self.left:
            given = self.left[0]
            yield given
            if self.left and self.left[0] is given:
                self.left.pop(0)

    def keep(self) -> None:
        """Hold on, where the lease gets short. Raises Overtaken when the letter in hand is another sender's now."""
        now = self.now()
        if now < self.until - self.lease / 2 or not self.left:
            return
        self.until = now + self.lease
        in_hand = self.left[0]
        kept = held(*self.left).update(lease_until=self.until)
        if kept != len(self.left):
            mine = set(held(*self.left).values_list("pk", flat=True))
            self.left = [mail for mail in self.left if mail.pk in mine]
            if in_hand.pk not in mine:
                raise Overtaken(f"Letter {in_hand.pk} was taken over before it could be handed over")

    def put_down(self) -> None:
        """Give back what was not tried."""
        untried, self.left = self.left, []
        if untried:
            held(*untried).shift(State.QUEUED)


def held(*mails: OutgoingMail) -> OutgoingMailQuerySet:
    """Those of a hold that are still its own: all bear its name, which no other hold has."""
    mine = OutgoingMail.objects.filter(pk__in=[mail.pk for mail in mails], state=State.SENDING)
    return mine.filter(lease_owner=mails[0].lease_owner)


@transaction.atomic(durable=True)
def take(*, now: Clock, owner: str, most: int, lease: timedelta = LEASE) -> Hold:
    """On PostgreSQL senders pass over each other's rows; everywhere the conditional update decides."""
    moment = now()
    due = OutgoingMail.objects.claimable(moment).order_by("due_at", "pk").select_for_update(skip_locked=True)
    found = list(due.defer("body")[:most])
    together = list(takewhile(lambda mail: mail.repeatable, found)) or found[:1]
    claim = {"lease_until": moment + lease, "lease_owner": f"{owner}/{secrets.token_hex(4)}"}
    if not together:
        return Hold([], lease=lease, now=now, until=moment)
    taken = OutgoingMail.objects.filter(pk__in=[mail.pk for mail in together], state=State.QUEUED)
    if taken.shift(State.SENDING, fence=F("fence") + 1, **claim) != len(together):
        raise RuntimeError("Letters changed under the lock.")
    for mail in together:
        vars(mail).update(arriving_at(State.SENDING) | claim | {"fence": mail.fence + 1})
    return Hold(together, lease=lease, now=now, until=moment + lease)
