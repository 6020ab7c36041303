from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail as django_mail
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from complaints.mailroom.actions import recover
from complaints.mailroom.actions.delivery import carry_all
from complaints.mailroom.actions.endings import Gone, note_sent
from complaints.mailroom.actions.holding import take
from complaints.mailroom.exceptions import Overtaken
from complaints.mailroom.models import PENDING, Lane, OutgoingMail, State
from complaints.mailroom.signals import Outcome
from complaints.mailroom.transport import Transport
from tests.complaints.mailroom.post_office import NOW, Clock, a_letter, again, send_next, send_out
from tests.complaints.mailroom.rough_server import RoughServer

pytestmark = pytest.mark.django_db
Heard = list[tuple[int, Outcome]]


def in_state(state: State) -> OutgoingMail:
    mail = a_letter()
    fields: dict[str, Any] = {"state": state, "due_at": NOW if state in PENDING else None, "last_error": "?"}
    fields |= {"lease_until": NOW, "lease_owner": "one"} if state is State.SENDING else {}
    fields |= {"sent_at": NOW} if state is State.SENT else {}
    OutgoingMail.objects.filter(pk=mail.pk).update(**fields)
    return again(mail)


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
    return send_next(clock, wire, owner=owner)


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
        assert (held.state, held.lease_owner[:4], held.fence) == (State.SENDING, "one/", 1)
        assert held.lease_until == NOW + timedelta(minutes=2)
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


def abandoned(owner: str = "dead", **given: Any) -> OutgoingMail:
    mail = a_letter(**given)
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=State.SENDING, lease_until=NOW, lease_owner=owner, fence=1
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


def test_of_what_a_dead_sender_held_only_the_first_was_tried(clock: Clock) -> None:
    first, *others = [abandoned() for _ in range(3)]
    another = abandoned("also dead")
    recover(now=NOW)
    assert [again(mail).attempts for mail in (first, *others, another)] == [1, 0, 0, 1]
    assert send_out(clock) == 4


def test_a_letter_over_which_senders_die_makes_way_for_the_others(clock: Clock) -> None:
    deadly, harmless = abandoned(), abandoned()
    OutgoingMail.objects.filter(pk=deadly.pk).update(attempts=3)
    assert send_out(clock) == 1
    assert (again(deadly).state, again(harmless).state) == (State.QUEUED, State.SENT)
    due_at = again(deadly).due_at
    assert due_at is not None
    assert due_at > NOW + timedelta(minutes=50)


def test_a_letter_that_must_not_arrive_twice_is_held_alone(clock: Clock) -> None:
    letters = [a_letter(repeatable=number not in {0, 3}) for number in range(6)]
    held = []
    while (hold := take(now=clock, owner="one", most=10)).left:
        held.append([mail.pk for mail in hold.left])
    pks = [mail.pk for mail in letters]
    assert held == [pks[:1], pks[1:3], pks[3:4], pks[4:]]


def test_what_a_sender_does_not_come_to_is_given_back_untried(clock: Clock) -> None:
    first, second = a_letter(), a_letter()
    wire = Wire(at_send=fail(OSError("no line")))
    hold = take(now=clock, owner="one", most=10)
    assert carry_all(hold, wire, until=NOW + timedelta(minutes=1)) == 1
    assert (again(first).attempts, again(second).attempts) == (1, 0)
    assert again(second).state == State.QUEUED
    assert again(second).due_at == NOW


def test_a_sender_holds_on_while_it_works_and_lets_go_of_what_was_taken_from_it(clock: Clock) -> None:
    first, second, third = a_letter(), a_letter(), a_letter()
    hold = take(now=clock, owner="slow", most=10)
    clock.forward(seconds=70)
    hold.keep()
    assert again(third).lease_until == clock() + timedelta(minutes=2)
    OutgoingMail.objects.filter(pk=second.pk).update(lease_owner="another", fence=9)
    clock.forward(seconds=70)
    hold.keep()
    assert [mail.pk for mail in hold.left] == [first.pk, third.pk]
    OutgoingMail.objects.filter(pk=first.pk).update(lease_owner="another", fence=9)
    clock.forward(seconds=70)
    with pytest.raises(Overtaken):
        hold.keep()
    assert [mail.pk for mail in hold.left] == [third.pk]


def test_noting_that_a_letter_went_is_a_step_along_the_graph(clock: Clock) -> None:
    columns = ("state", "due_at", "lease_until", "lease_owner", "doubtful_since", "last_error", "sent_at")
    for state in State:
        mail, twin = in_state(state), in_state(state)
        noted = bool(note_sent([Gone(mail, NOW)]))
        shifted = OutgoingMail.objects.filter(pk=twin.pk).shift(State.SENT, sent_at=NOW, last_error="")
        assert noted is bool(shifted), state
        assert [getattr(again(mail), name) for name in columns] == [
            getattr(again(twin), name) for name in columns
        ]
        if noted:
            assert [getattr(mail, name) for name in columns] == [
                getattr(again(mail), name) for name in columns
            ]


def test_a_letter_taken_over_by_another_is_not_noted_as_sent() -> None:
    mail = in_state(State.SENDING)
    OutgoingMail.objects.filter(pk=mail.pk).update(fence=7)
    assert not note_sent([Gone(mail, NOW)])


def test_a_letter_more_is_a_query_more(clock: Clock, rough: RoughServer) -> None:
    counted = []
    for letters in (5, 10):
        for _ in range(letters):
            a_letter()
        with CaptureQueriesContext(connection) as queries:
            assert send_out(clock) == letters
        counted.append(len(queries))
    assert len(rough.taken) == 15
    assert counted[1] - counted[0] == 5
