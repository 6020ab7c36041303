from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as django_mail
from django.db import transaction

from complaints.mailroom.actions import deliver_next, recover
from complaints.mailroom.models import Lane, OutgoingMail, State
from complaints.mailroom.signals import Outcome
from complaints.mailroom.transport import Transport
from tests.complaints.mailroom.post_office import NOW, Clock, a_letter, again, send_out

pytestmark = pytest.mark.django_db
Heard = list[tuple[int, Outcome]]


class Wire(Transport):
    """A transport on which something else happens first."""

    def __init__(self, *, at_open: Callable[[], Any] = bool, at_send: Callable[[], Any] = bool) -> None:
        super().__init__()
        self.at_open, self.at_send = at_open, at_send
        self.sent = 0

    def open(self) -> bool:
        self.at_open()
        return True

    def send(self, mail: OutgoingMail) -> None:
        self.at_send()
        self.sent += 1


def fail(error: Exception) -> Callable[[], Any]:
    def raise_it() -> None:
        raise error

    return raise_it


def deliver(wire: Transport, clock: Clock, owner: str = "one") -> OutgoingMail | None:
    return deliver_next(now=clock, owner=owner, transport=wire)


def test_a_letter_goes_out_once_and_says_when(clock: Clock, heard: Heard) -> None:
    mail = a_letter()
    assert send_out(clock) == 1
    assert send_out(clock) == 0
    stored = again(mail)
    assert (stored.state, stored.sent_at, stored.settled_at) == (State.SENT, NOW, NOW)
    assert (stored.due_at, stored.lease_until, stored.attempts, stored.fence) == (None, None, 1, 1)
    assert heard == [(mail.pk, Outcome.SENT)]
    assert len(django_mail.outbox) == 1


def test_what_is_due_first_goes_first_and_the_rest_waits(clock: Clock) -> None:
    later, sooner = a_letter(due_at=NOW - timedelta(minutes=1)), a_letter(due_at=NOW - timedelta(minutes=2))
    tomorrow = a_letter(due_at=NOW + timedelta(days=1))
    send_out(clock)
    assert [one.to for one in django_mail.outbox] == [[sooner.to], [later.to]]
    assert again(tomorrow).state == State.QUEUED


def test_a_limit_and_a_budget_end_the_work(clock: Clock) -> None:
    for _ in range(5):
        a_letter()
    assert send_out(clock, limit=2) == 2
    assert send_out(lambda: clock.forward(seconds=10), budget=timedelta(seconds=25)) < 3


def test_the_claim_is_committed_before_the_wire_is_touched(clock: Clock) -> None:
    mail = a_letter()

    def look() -> None:
        held = again(mail)
        assert (held.state, held.lease_owner, held.fence) == (State.SENDING, "one", 1)
        assert held.lease_until == NOW + timedelta(minutes=5)
        assert not transaction.get_connection().savepoint_ids  # nothing of ours is open

    wire = Wire(at_open=look)
    assert deliver(wire, clock) == mail
    assert wire.sent == 1


@pytest.mark.django_db(transaction=True)
def test_nobody_delivers_inside_a_transaction(clock: Clock) -> None:
    a_letter()
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        deliver(Wire(), clock)


def test_a_letter_in_one_senders_hand_is_not_taken_by_another(clock: Clock) -> None:
    a_letter()
    second = Wire()
    deliver(Wire(at_send=lambda: deliver(second, clock, owner="two")), clock)
    assert second.sent == 0


def test_a_letter_whose_time_ran_out_is_cancelled(clock: Clock, heard: Heard) -> None:
    mail = a_letter(expires_at=NOW + timedelta(hours=1))
    clock.forward(hours=1)
    send_out(clock)
    assert again(mail).state == State.CANCELLED
    assert heard == [(mail.pk, Outcome.CANCELLED)]
    assert django_mail.outbox == []


def test_a_letter_whose_time_runs_out_while_connecting_is_not_sent(clock: Clock) -> None:
    mail = a_letter(expires_at=NOW + timedelta(minutes=1))
    wire = Wire(at_open=lambda: clock.forward(minutes=2))
    deliver(wire, clock)
    assert (again(mail).state, wire.sent) == (State.CANCELLED, 0)


def test_a_sender_that_was_too_slow_to_connect_does_not_send(clock: Clock) -> None:
    mail = a_letter()
    other = Wire()

    def sleep_on_the_line() -> None:
        clock.forward(minutes=6)
        recover(now=clock())
        deliver(other, clock, owner="two")

    slow = Wire(at_open=sleep_on_the_line)
    deliver(slow, clock)
    assert (slow.sent, other.sent) == (0, 1)
    assert (again(mail).state, again(mail).fence) == (State.SENT, 2)


def test_a_late_sleeper_cannot_overwrite_what_its_successor_did(clock: Clock, heard: Heard) -> None:
    mail = a_letter()

    def fall_asleep() -> None:
        clock.forward(minutes=6)
        recover(now=clock())
        deliver(Wire(at_send=fail(OSError("no line"))), clock, owner="two")

    deliver(Wire(at_send=fall_asleep), clock)
    stored = again(mail)
    assert (stored.state, stored.fence, stored.attempts) == (State.QUEUED, 2, 2)
    assert heard == []


def test_a_late_sleeper_is_believed_while_nobody_has_taken_the_letter(clock: Clock) -> None:
    mail = a_letter()
    deliver(Wire(at_send=lambda: recover(now=clock.forward(minutes=6))), clock)
    assert again(mail).state == State.SENT


def test_a_late_sleeper_that_failed_changes_nothing(clock: Clock) -> None:
    mail = a_letter()

    def fall_asleep() -> None:
        recover(now=clock.forward(minutes=6))
        raise OSError("no line")

    deliver(Wire(at_send=fall_asleep), clock)
    stored = again(mail)
    assert (stored.state, stored.last_error) == (State.QUEUED, "Its sender stopped while sending it.")


def abandoned(**given: Any) -> OutgoingMail:
    mail = a_letter(**given)
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=State.SENDING, lease_until=NOW, lease_owner="dead", fence=1, attempts=given.get("attempts", 1)
    )
    return again(mail)


def test_what_a_dead_sender_held_goes_out_again_when_its_lease_is_over(clock: Clock) -> None:
    mail = abandoned()
    clock.forward(seconds=-1)
    assert send_out(clock) == 0
    clock.forward(seconds=2)
    assert send_out(clock) == 1
    stored = again(mail)
    assert (stored.state, stored.fence, stored.attempts) == (State.SENT, 2, 2)
    assert django_mail.outbox[0].message()["Message-ID"] == mail.message_id


def test_what_must_not_arrive_twice_waits_for_a_person(clock: Clock, heard: Heard) -> None:
    mail = abandoned(repeatable=False)
    send_out(clock)
    assert again(mail).state == State.AMBIGUOUS
    assert heard == [(mail.pk, Outcome.AMBIGUOUS)]
    assert django_mail.outbox == []


def test_a_letter_that_kills_every_sender_is_given_up(clock: Clock, heard: Heard) -> None:
    mail = abandoned()
    OutgoingMail.objects.filter(pk=mail.pk).update(attempts=60)
    send_out(clock)
    assert again(mail).state == State.FAILED
    assert heard == [(mail.pk, Outcome.FAILED)]


def test_recovering_twice_changes_nothing_more(clock: Clock) -> None:
    mail = abandoned(repeatable=False)
    assert (recover(now=NOW), recover(now=NOW)) == (1, 0)
    assert again(mail).state == State.AMBIGUOUS


def test_a_listener_that_fails_does_not_make_the_letter_go_again(
    clock: Clock, deaf_listener: Callable[[], None], heard: Heard
) -> None:
    mail = a_letter()
    send_out(clock)
    assert (again(mail).state, again(mail).settled_at) == (State.SENT, None)
    clock.forward(minutes=10)
    send_out(clock)
    assert len(django_mail.outbox) == 1
    deaf_listener()
    heard.clear()
    send_out(clock)
    send_out(clock)
    assert heard == [(mail.pk, Outcome.SENT)]
    assert again(mail).settled_at == clock()


def test_a_stopped_lane_tries_nothing(clock: Clock) -> None:
    a_letter()
    Lane.objects.create(stopped_until=NOW + timedelta(minutes=1))
    assert send_out(clock) == 0
    clock.forward(minutes=1)
    assert send_out(clock) == 1


def test_sending_takes_few_queries(clock: Clock, django_assert_num_queries: Any) -> None:
    a_letter()
    a_letter()
    with Transport() as wire:
        deliver(wire, clock)
        with django_assert_num_queries(8):  # claim: look, take; end: note; and the savepoints around them
            deliver(wire, clock)
