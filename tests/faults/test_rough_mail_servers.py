"""FI-06: what mail servers do, and what becomes of the letters. Time is the test's own; the wire is real."""

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from complaints.mailroom.models import Lane, OutgoingMail, State
from complaints.mailroom.signals import Outcome
from complaints.mailroom.transport import Transport
from tests.complaints.mailroom.conftest import clock, heard, rough
from tests.complaints.mailroom.post_office import NOW, Clock, a_letter, again, send_next, send_out
from tests.complaints.mailroom.rough_server import DROP, RoughServer

__all__ = ["clock", "heard", "rough"]
pytestmark = [pytest.mark.faults, pytest.mark.django_db]
TABLE = (1, 5, 15, 60, 60, 60)


def wait_of(mail: OutgoingMail, clock: Clock) -> float:
    """Minutes until it is tried again."""
    due_at = again(mail).due_at
    assert due_at is not None
    return (due_at - clock()) / timedelta(minutes=1)


def until_all_settled(clock: Clock, *, hours: int) -> None:
    """A tick a minute, as the timetable has it."""
    for _ in range(hours * 60):
        send_out(clock)
        if not OutgoingMail.objects.filter(due_at__isnull=False).exists():
            return
        clock.forward(minutes=1)


def each_once(rough: RoughServer) -> bool:
    return Counter(taken.recipients[0] for taken in rough.taken) == Counter(
        OutgoingMail.objects.filter(state=State.SENT).values_list("to", flat=True)
    )


@pytest.mark.parametrize(
    ("verb", "reply"),
    [("MAIL", "421 4.3.2 Not now"), ("MAIL", "451 4.3.0 Not now"), ("RCPT", "450 4.2.1 Greylisted"),
     ("DATA", "451 Not now"), ("BODY", "451 4.7.1 Not now"), ("BODY", "452 4.2.2 Mailbox full"), ("EHLO", "421 Busy")],
)  # fmt: skip
def test_not_now_is_tried_again_by_the_table(rough: RoughServer, clock: Clock, verb: str, reply: str) -> None:
    mail = a_letter()
    rough.answer(verb, *[reply] * len(TABLE))
    if verb == "EHLO":
        rough.answer("HELO", *[reply] * len(TABLE))
    for attempt, minutes in enumerate(TABLE, 1):
        send_out(clock)
        assert again(mail).attempts == attempt
        assert wait_of(mail, clock) == pytest.approx(minutes, rel=0.2)
        clock.forward(minutes=wait_of(mail, clock))
        Lane.objects.update(stopped_until=None)
    send_out(clock)
    assert again(mail).state == State.SENT
    assert [taken.raw for taken in rough.taken] == [bytes(mail.mime)]


def test_a_server_down_for_an_hour_delays_and_loses_nothing(
    rough: RoughServer, clock: Clock, settings: Any
) -> None:
    letters = [a_letter() for _ in range(20)]
    settings.EMAIL_PORT = 1
    for _ in range(60):
        send_out(clock)
        clock.forward(minutes=1)
    assert all(again(mail).attempts <= 5 for mail in letters)
    settings.EMAIL_PORT = rough.port
    until_all_settled(clock, hours=3)
    assert OutgoingMail.objects.filter(state=State.SENT).count() == 20
    assert each_once(rough)


def test_a_network_that_is_gone_is_not_asked_for_every_letter(
    clock: Clock, rough: RoughServer, settings: Any
) -> None:
    for _ in range(100):
        a_letter()
    settings.EMAIL_PORT = 1
    assert send_out(clock) == 5
    assert send_out(clock) == 0
    clock.forward(minutes=1)
    assert send_out(clock) == 1
    settings.EMAIL_PORT = rough.port
    clock.forward(minutes=1)
    assert send_out(clock) > 90
    assert Lane.objects.get().stumbles == 0


@pytest.mark.parametrize(
    ("verb", "reply"),
    [("RCPT", "550 5.1.1 No such user"), ("RCPT", "552 5.2.2 Mailbox full"), ("BODY", "552 5.3.4 Too large"),
     ("BODY", "554 5.6.0 Spam"), ("MAIL", "552 5.3.4 Too large")],
)  # fmt: skip
def test_a_recipient_refused_for_good_fails_once(
    rough: RoughServer, clock: Clock, heard: list[tuple[int, Outcome]], verb: str, reply: str
) -> None:
    mail, other = a_letter(), a_letter()
    rough.answer(verb, reply)
    send_out(clock)
    assert (again(mail).state, again(mail).attempts, again(mail).last_error) == (State.FAILED, 1, reply)
    assert again(other).state == State.SENT
    assert heard == [(mail.pk, Outcome.FAILED), (other.pk, Outcome.SENT)]


@pytest.mark.parametrize(
    ("verb", "reply"),
    [("AUTH", "535 5.7.8 Wrong password"), ("MAIL", "553 5.7.1 Not your address"), ("MAIL", "550 5.7.0 Blocked"),
     ("RCPT", "554 5.7.1 Relay access denied"), ("RCPT", "530 5.7.0 Sign in first")],
)  # fmt: skip
def test_a_refusal_of_us_stops_the_lane_and_keeps_every_letter(
    rough: RoughServer, clock: Clock, settings: Any, caplog: pytest.LogCaptureFixture, verb: str, reply: str
) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "secret"
    for _ in range(10):
        a_letter()
    rough.answer(verb, *[reply] * 2)
    assert send_out(clock) == 1
    assert send_out(clock) == 0
    assert "CRITICAL" in caplog.text
    assert "secret" not in caplog.text
    assert set(OutgoingMail.objects.values_list("state", flat=True)) == {State.QUEUED}
    until_all_settled(clock, hours=1)
    assert OutgoingMail.objects.filter(state=State.SENT).count() == 10
    assert clock() - NOW < timedelta(minutes=30)
    assert each_once(rough)


def test_a_refusal_of_one_recipient_in_our_name_does_not_stop_the_lane_for_ever(
    rough: RoughServer, clock: Clock
) -> None:
    mail, others = a_letter(), [a_letter() for _ in range(5)]
    rough.refused[mail.to] = "554 5.7.1 Relay access denied"
    until_all_settled(clock, hours=24)
    assert again(mail).state == State.FAILED
    assert {again(other).state for other in others} == {State.SENT}


def test_a_lane_stopped_for_a_week_gives_nothing_up(rough: RoughServer, clock: Clock) -> None:
    mail = a_letter()
    rough.banner = "554 5.7.1 You are blocked"
    for _ in range(7 * 24):
        send_out(clock)
        clock.forward(hours=1)
    assert again(mail).state == State.QUEUED
    rough.banner = "220 rough"
    send_out(clock)
    assert again(mail).state == State.SENT


def test_a_line_dropped_after_the_letter_brings_the_same_bytes_again(
    rough: RoughServer, clock: Clock
) -> None:
    mail = a_letter()
    rough.answer("BODY", DROP)
    until_all_settled(clock, hours=1)
    assert [taken.raw for taken in rough.taken] == [bytes(mail.mime)] * 2
    assert (again(mail).state, again(mail).attempts) == (State.SENT, 2)


def test_a_line_dropped_after_a_letter_that_must_not_go_twice_asks_a_person(
    rough: RoughServer, clock: Clock
) -> None:
    mail = a_letter(repeatable=False)
    rough.answer("BODY", DROP)
    until_all_settled(clock, hours=3)
    assert (again(mail).state, len(rough.taken)) == (State.AMBIGUOUS, 1)


def test_a_letter_that_must_not_go_twice_may_wait_for_a_connection(rough: RoughServer, clock: Clock) -> None:
    mail = a_letter(repeatable=False)
    rough.answer("EHLO", DROP)
    rough.answer("RCPT", "450 Not now")
    until_all_settled(clock, hours=1)
    assert (again(mail).state, len(rough.taken)) == (State.SENT, 1)


@pytest.mark.parametrize("verb", ["EHLO", "MAIL", "RCPT", "DATA"])
def test_a_line_dropped_before_the_letter_loses_nothing(rough: RoughServer, clock: Clock, verb: str) -> None:
    for _ in range(3):
        a_letter()
    rough.answer(verb, DROP)
    until_all_settled(clock, hours=1)
    assert OutgoingMail.objects.filter(state=State.SENT).count() == 3
    assert each_once(rough)


@pytest.mark.parametrize(
    "banner", ["SSH-2.0-OpenSSH_9.2", "\x00\xff\xfe", "220" + "x" * 9000, "", "220-more to come"]
)
def test_a_garbled_greeting_is_only_a_bad_moment(
    rough: RoughServer, clock: Clock, settings: Any, banner: str
) -> None:
    settings.EMAIL_TIMEOUT = 0.3
    mail, rough.banner = a_letter(), banner
    send_out(clock)
    assert (again(mail).state, again(mail).attempts) == (State.QUEUED, 1)
    rough.banner = "220 rough"
    until_all_settled(clock, hours=1)
    assert again(mail).state == State.SENT


def test_when_half_the_recipients_are_refused_the_other_half_hears(rough: RoughServer, clock: Clock) -> None:
    for _ in range(40):
        a_letter()
    refusals = ["550 5.1.1 No such user"] * 20 + ["250 Go on"] * 20
    random.shuffle(refusals)
    rough.answer("RCPT", *refusals)
    send_out(clock)
    assert Counter(OutgoingMail.objects.values_list("state", flat=True)) == {State.SENT: 20, State.FAILED: 20}
    assert each_once(rough)


def test_a_server_of_thirty_seconds_a_letter_never_costs_the_lease(rough: RoughServer, clock: Clock) -> None:
    """Half a minute at every step of the conversation, and it still ends before anybody else may take over."""
    mail = a_letter()
    leases: list[bool] = []

    class Slow(Transport):
        def open(self) -> bool:
            clock.forward(seconds=58)  # greeting and EHLO
            return super().open()

        def send(self, mail: OutgoingMail) -> None:
            keep, self.beat = self.beat, self.dawdle
            self.keep = keep
            super().send(mail)

        def dawdle(self) -> None:
            clock.forward(seconds=29)
            held = again(mail)
            leases.append(held.lease_until is not None and held.lease_until > clock())
            self.keep()

    with Slow() as wire:
        send_next(clock, wire, owner="slow")
    assert len(leases) >= 4
    assert all(leases)
    assert again(mail).state == State.SENT


def test_a_server_that_never_answers_is_left(rough: RoughServer, clock: Clock, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    mail, rough.banner = a_letter(), "220-still thinking"
    send_out(clock)
    assert "timed out" in again(mail).last_error
    assert again(mail).state == State.QUEUED


def test_a_letter_nobody_takes_for_two_days_fails(rough: RoughServer, clock: Clock, heard: list[Any]) -> None:
    mail = a_letter()
    rough.answer("RCPT", *["450 4.2.1 Not now"] * 60)
    while again(mail).state == State.QUEUED:
        send_out(clock)
        if again(mail).due_at:
            clock.moment = again(mail).due_at or clock()
    assert again(mail).state == State.FAILED
    assert timedelta(hours=45) < clock() - NOW < timedelta(hours=51)
    assert heard == [(mail.pk, Outcome.FAILED)]
