"""A sender with several letters on its way: what is known of them when it does not come back."""

from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest

from complaints.mailroom.actions import recover
from complaints.mailroom.actions.delivery import carry_all
from complaints.mailroom.actions.holding import Hold, take
from complaints.mailroom.models import Errand, OutgoingMail, State
from complaints.mailroom.signals import Outcome
from complaints.mailroom.transport import Transport
from tests.complaints.mailroom.post_office import NOW, Clock, a_letter, again, send_out

pytestmark = pytest.mark.django_db
Heard = list[tuple[int, Outcome]]
LONG = timedelta(minutes=6)


class Killed(BaseException):
    """The end of a sender: nothing of it runs any further."""


class Line(Transport):
    """Takes every letter; before the one of that number something happens."""

    def __init__(self, *, before: int = 0, happens: Callable[[], object] = bool) -> None:
        super().__init__()
        self.before, self.happens = before, happens
        self.taken: list[int] = []

    def open(self) -> bool:
        return not self.taken

    def send(self, mail: OutgoingMail) -> None:
        if len(self.taken) + 1 == self.before:
            self.happens()
        self.taken.append(mail.pk)


def die() -> None:
    raise Killed


def set_out(clock: Clock, letters: int) -> tuple[list[OutgoingMail], Hold]:
    mails = [a_letter() for _ in range(letters)]
    return mails, take(now=clock, owner="one", most=letters)


def states(mails: list[OutgoingMail]) -> list[State]:
    return [State(again(mail).state) for mail in mails]


def test_of_what_a_dead_sender_held_some_went_one_may_have_gone_and_the_others_have_not(
    clock: Clock, heard: Heard
) -> None:
    mails, hold = set_out(clock, 4)
    with pytest.raises(Killed):
        carry_all(hold, Line(before=3, happens=die), until=NOW + LONG)
    assert states(mails) == [State.SENDING] * 4
    assert heard == []

    assert recover(now=clock.forward(minutes=3)) == 4
    assert states(mails) == [State.SENT, State.SENT, State.QUEUED, State.QUEUED]
    assert [again(mail).attempts for mail in mails] == [1, 1, 1, 0]
    assert [again(mail).sent_at for mail in mails[:2]] == [NOW, NOW]
    assert heard == [(mail.pk, Outcome.SENT) for mail in mails[:2]]
    assert recover(now=clock()) == 0
    assert not Errand.objects.exists()


def test_a_letter_that_failed_on_the_way_is_not_taken_for_one_that_went(clock: Clock) -> None:
    mails, hold = set_out(clock, 4)
    line = Line(before=2)

    def refuse() -> None:
        line.happens = die
        raise SMTPRecipientsRefused({"ann@example.com": (550, b"5.1.1 no such user")})

    line.happens = refuse
    with pytest.raises(Killed):
        carry_all(hold, line, until=NOW + LONG)
    recover(now=clock.forward(minutes=3))
    assert states(mails) == [State.SENT, State.FAILED, State.QUEUED, State.QUEUED]
    assert [again(mail).attempts for mail in mails] == [1, 1, 1, 0]


def test_a_sender_thought_dead_notes_letter_by_letter(clock: Clock, heard: Heard) -> None:
    mails, hold = set_out(clock, 4)
    line = Line(before=3, happens=lambda: recover(now=clock.forward(minutes=6)))
    carry_all(hold, line, until=NOW + LONG)
    assert line.taken == [mail.pk for mail in mails[:3]]
    assert states(mails) == [State.SENT, State.SENT, State.SENT, State.QUEUED]
    assert sorted(heard) == [(mail.pk, Outcome.SENT) for mail in mails[:3]]
    assert send_out(clock) == 1


def test_what_went_is_written_down_every_two_seconds(clock: Clock) -> None:
    mails, hold = set_out(clock, 5)
    seen: list[list[State]] = []

    class Slow(Line):
        def send(self, mail: OutgoingMail) -> None:
            seen.append(states(mails))
            clock.forward(seconds=1.1)
            super().send(mail)

    carry_all(hold, Slow(), until=NOW + LONG)
    assert [one.count(State.SENT) for one in seen] == [0, 0, 0, 3, 3]
    assert states(mails) == [State.SENT] * 5
    assert not Errand.objects.exists()


def test_a_sender_killed_after_writing_down_some_of_it_repeats_none(clock: Clock) -> None:
    mails, hold = set_out(clock, 6)
    line = Line(before=6, happens=die)
    hold.now = lambda: clock.forward(seconds=0.3)
    with pytest.raises(Killed):
        carry_all(hold, line, until=NOW + LONG)
    assert {State.SENT, State.SENDING} == set(states(mails))
    recover(now=clock.forward(minutes=6))
    assert states(mails) == [State.SENT] * 5 + [State.QUEUED]


def test_listeners_that_fail_to_hear_of_all_hear_of_each(
    clock: Clock, deaf_listener: Callable[[], None], heard: Heard
) -> None:
    mails, hold = set_out(clock, 3)
    carry_all(hold, Line(), until=NOW + LONG)
    assert states(mails) == [State.SENT] * 3
    assert [again(mail).attempts for mail in mails] == [1, 1, 1]
    deaf_listener()
    heard.clear()
    recover(now=clock.forward(minutes=1))
    assert sorted(heard) == [(mail.pk, Outcome.SENT) for mail in mails]


def test_a_letter_that_came_back_while_its_sender_was_out_stays_so(clock: Clock) -> None:
    mails, hold = set_out(clock, 3)

    def bounce() -> None:
        OutgoingMail.objects.filter(pk=mails[0].pk).shift(State.BOUNCED, settled_at=clock())

    carry_all(hold, Line(before=3, happens=bounce), until=NOW + LONG)
    assert states(mails) == [State.BOUNCED, State.SENT, State.SENT]


def test_an_errand_nobody_came_back_from_is_forgotten(clock: Clock) -> None:
    Errand.objects.create(owner="x", mails=[1], begun_at=NOW, at=NOW)
    recover(now=clock.forward(days=2))
    assert not Errand.objects.exists()
