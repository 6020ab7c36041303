"""Taking letters in hand: some at a time, under one lease, each with a fence of its own.

They are carried one after the other, and that one has gone is written down before the next is touched. So of all that
a dead sender held, only the first that is left can have gone. A letter that must not arrive twice is held alone.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from django.db import connection, transaction
from django.db.models import F

from complaints.mailroom.actions.endings import Gone, announce, note_sent, settle_sent
from complaints.mailroom.exceptions import Overtaken
from complaints.mailroom.models import Errand, OutgoingMail, OutgoingMailQuerySet, State, arriving_at

Clock = Callable[[], datetime]
LEASE = timedelta(minutes=2)
BRIEF = timedelta(seconds=2)  # no letter that went is called "being sent" for longer, if it can be helped
ONE_MORE = "UPDATE mailroom_errand SET behind = %s, at = %s WHERE owner = %s"


class Hold:
    """What one sender has in its hand, and what of it has gone."""

    def __init__(
        self, mails: Sequence[OutgoingMail], *, lease: timedelta, now: Clock, until: datetime
    ) -> None:
        self.left, self.lease, self.now, self.until = list(mails), lease, now, until
        self.places = {mail.pk: place for place, mail in enumerate(mails, start=1)}
        self.owner = mails[0].lease_owner if mails else ""
        self.gone: list[Gone] = []

    def __iter__(self) -> Iterator[OutgoingMail]:
        """One after the other; the one given is the first of those left until the next is asked for."""
        while self.left:
            given = self.left[0]
            yield given
            if self.left and self.left[0] is given:
                self.left.pop(0)

    @property
    def is_errand(self) -> bool:
        return len(self.places) > 1

    def keep(self) -> None:
        """Hold on, where the lease gets short. Raises Overtaken when the letter in hand is another sender's now."""
        now = self.now()
        if now < self.until - self.lease / 2 or not self.left:
            return
        self.until = now + self.lease
        in_hand = self.left[0]
        mine = held(*self.left, *(one.mail for one in self.gone))
        mine.update(lease_until=self.until)
        still = set(mine.values_list("pk", flat=True))
        self.left = [mail for mail in self.left if mail.pk in still]
        if in_hand.pk not in still:
            raise Overtaken(f"Letter {in_hand.pk} was taken over before it could be handed over")

    def note_gone(self, mail: OutgoingMail) -> None:
        """Committed before the next letter is touched: of several on the errand, of one on the letter itself.

        Where the errand is no more, somebody thinks us dead, and each letter has to be asked for.
        """
        gone = Gone(mail, self.now())
        if self.is_errand and self._is_behind(gone):
            self.gone.append(gone)
            if gone.at - self.gone[0].at > BRIEF:
                self.write_down()
        elif noted := note_sent([gone]):
            announce(noted, now=gone.at)

    def _is_behind(self, gone: Gone) -> bool:
        moment = connection.ops.adapt_datetimefield_value(gone.at)
        with connection.cursor() as cursor:
            cursor.execute(ONE_MORE, [self.places[gone.mail.pk], moment, self.owner])
            return bool(cursor.rowcount)

    def write_down(self) -> None:
        gone, self.gone = self.gone, []
        settle_sent(gone, now=self.now())

    def put_down(self) -> None:
        """Write down what went, give back what was not tried."""
        self.write_down()
        untried, self.left = self.left, []
        if untried:
            held(*untried).shift(State.QUEUED)
        if self.is_errand:
            Errand.objects.filter(owner=self.owner).delete()


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
    if not together:
        return Hold([], lease=lease, now=now, until=moment)
    name = f"{owner}/{secrets.token_hex(4)}"
    claim = {"lease_until": moment + lease, "lease_owner": name}
    keys = [mail.pk for mail in together]
    taken = OutgoingMail.objects.filter(pk__in=keys, state=State.QUEUED)
    if taken.shift(State.SENDING, fence=F("fence") + 1, **claim) != len(together):
        raise RuntimeError("Letters changed under the lock.")
    for mail in together:
        vars(mail).update(arriving_at(State.SENDING) | claim | {"fence": mail.fence + 1})
    if len(together) > 1:
        Errand.objects.create(owner=name, mails=keys, begun_at=moment, at=moment)
    return Hold(together, lease=lease, now=now, until=moment + lease)
