"""Understanding is a second step that may be repeated: nothing is lost by failing, and nothing stops those behind it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from complaints.mailroom import actions, reading
from complaints.mailroom.actions import understanding
from complaints.mailroom.arrivals import Arrival
from complaints.mailroom.exceptions import NotHeld
from complaints.mailroom.models import DeliveryReport, Fate, IncomingMail, OutgoingMail, State
from complaints.mailroom.reply_addresses import bounce_address
from complaints.mailroom.signals import Outcome, arrived
from tests.complaints.mailroom.post_office import NOW, Clock, a_letter, send_out

pytestmark = pytest.mark.django_db


def keep(subject: str, sender: str = "ann@example.com", **headers: str) -> IncomingMail:
    lines = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    raw = f"From: {sender}\r\nSubject: {subject}\r\n{lines}\r\nYou charged me twice.\r\n"
    return actions.keep(raw.encode(), now=NOW)


def again(mail: IncomingMail) -> IncomingMail:
    return IncomingMail.objects.get(pk=mail.pk)


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """A listener that fails for mails whose subject says so. How often it was asked."""
    asked: list[int] = []

    def fail(*, arrivals: Sequence[Arrival], **_: Any) -> None:
        for arrival in arrivals:
            if "poison" in arrival.mail.subject:
                asked.append(arrival.mail.pk)
                raise RuntimeError("I cannot hear this")

    arrived.connect(fail)
    yield asked
    arrived.disconnect(fail)


def test_a_mail_that_fails_three_times_is_put_aside_and_the_others_go_on(
    deaf: list[int], clock: Clock
) -> None:
    poison, others = keep("poison"), [keep(f"good {number}") for number in range(5)]
    for _ in range(10):
        actions.understand_due(now=clock)
        clock.forward(minutes=5)
    poison = again(poison)
    assert poison.is_quarantined
    assert (poison.fate, poison.attempts, deaf) == ("", 3, [poison.pk] * 3)
    assert "I cannot hear this" in poison.last_error
    assert b"poison" in bytes(poison.raw)
    assert all(again(one).fate for one in others)


def test_what_a_failed_attempt_began_is_undone(deaf: list[int], clock: Clock) -> None:
    from complaints.resolution.models import Complaint

    poison = keep("poison")
    actions.understand_due(now=clock)
    assert not Complaint.objects.exists()
    assert again(poison).subject == ""


def test_a_mail_that_kills_its_reader_is_met_three_times_and_not_for_ever(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    class Killed(BaseException):
        pass

    def die(_raw: bytes) -> None:
        raise Killed

    monkeypatch.setattr(reading, "read", die)
    mail = keep("deadly")
    for _ in range(3):
        with pytest.raises(Killed):
            actions.understand_due(now=clock)
        assert actions.understand_due(now=clock) == 0  # nobody else tries while it may still be read
        clock.forward(minutes=6)
    actions.understand_due(now=clock)
    assert again(mail).is_quarantined
    assert "stopped" in again(mail).last_error


def test_those_read_together_with_one_that_kills_its_reader_are_read_alone_and_find_their_fate(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    class Killed(BaseException):
        pass

    read = reading.read

    def die(raw: bytes) -> Any:
        if b"deadly" in raw:
            raise Killed
        return read(raw)

    monkeypatch.setattr(reading, "read", die)
    mails = [keep(f"number {number}", f"ann{number}@example.com") for number in range(5)]
    deadly = keep("deadly", "bob@example.com")
    for _ in range(4):
        with suppress(Killed):
            actions.understand_due(now=clock)
        clock.forward(minutes=6)
    assert {again(mail).fate for mail in mails} == {Fate.OPENED}
    assert again(deadly).is_quarantined


def test_one_that_fails_takes_nothing_from_those_beside_it(deaf: list[int], clock: Clock) -> None:
    mails = [keep(f"good {number}", f"ann{number}@example.com") for number in range(3)]
    poison = keep("poison", "bob@example.com")
    actions.understand_due(now=clock)
    assert {again(mail).fate for mail in mails} == {Fate.OPENED}
    assert deaf == [poison.pk, poison.pk]  # with the others, and then alone
    assert (again(poison).fate, again(poison).attempts) == ("", 1)


def test_no_more_is_read_together_than_fits(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    monkeypatch.setattr(understanding, "MUCH", 2 * keep("number 9", "ann9@example.com").size)
    together: list[int] = []
    arrived.connect(listener := lambda *, arrivals, **_: together.append(len(arrivals)))
    for number in range(4):
        keep(f"number {number}", f"ann{number}@example.com")
    actions.understand_due(now=clock)
    arrived.disconnect(listener)
    assert together == [2, 2, 1]


def test_what_is_too_big_to_unpack_is_put_aside_at_once(clock: Clock) -> None:
    nested = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" * 200
    mail = actions.keep(nested, now=NOW)
    actions.understand_due(now=clock)
    assert again(mail).is_quarantined or again(mail).fate
    assert bytes(again(mail).raw) == nested


def test_a_mail_put_aside_is_read_again_when_somebody_says_so(deaf: list[int], clock: Clock) -> None:
    poison = keep("poison")
    for _ in range(4):
        actions.understand_due(now=clock)
        clock.forward(minutes=5)
    actions.read_again(again(poison), now=clock())
    for listener in list(arrived.receivers):
        if "fail" in repr(listener):
            arrived.receivers.remove(listener)
    arrived.sender_receivers_cache.clear()
    actions.understand_due(now=clock)
    assert again(poison).fate == Fate.OPENED


def test_understanding_twice_changes_nothing(clock: Clock) -> None:
    mail = keep("good")
    actions.understand_due(now=clock)
    fate_at = again(mail).fate_at
    clock.forward(hours=1)
    actions.understand([again(mail)], now=clock())
    assert actions.understand_due(now=clock) == 0
    assert again(mail).fate_at == fate_at


def test_a_fate_is_given_once() -> None:
    mail = keep("good")
    actions.conclude(mail, fate=Fate.REFUSED, why="Spam", now=NOW)
    with pytest.raises(NotHeld):
        actions.conclude(again(mail), fate=Fate.HELD, why="x", now=NOW)
    with pytest.raises(NotHeld):
        actions.read_again(again(mail), now=NOW)


def test_a_file_is_kept_once_and_a_mailbox_of_files_mail_by_mail(tmp_path: Any, clock: Clock) -> None:
    one = b"From: ann@example.com\nSubject: One\n\nFrom here it went wrong.\n"
    (tmp_path / "one.eml").write_bytes(one)
    box = b"From ann@example.com Mon Mar  2 10:00:00 2026\nSubject: A\n\n>From me.\n\n"
    box += b"From bob@example.com Mon Mar  2 11:00:00 2026\nSubject: B\n\nTwo.\n"
    (tmp_path / "many.mbox").write_bytes(box)
    (tmp_path / ".half.eml").write_bytes(b"Subj")
    assert actions.take_in_files(tmp_path, now=NOW) == 2
    kept = [bytes(mail.raw) for mail in IncomingMail.objects.order_by("pk")]
    assert len(kept) == 3
    assert one in kept
    assert any(raw.startswith(b"Subject: A\n\nFrom me.") for raw in kept)
    assert sorted(path.name for path in (tmp_path / "taken").iterdir()) == ["many.mbox", "one.eml"]
    (tmp_path / "one.eml").write_bytes(one)
    actions.take_in_files(tmp_path, now=NOW)
    assert IncomingMail.objects.count() == 3
    assert (tmp_path / "taken" / "one.2.eml").exists()


# What comes back


def sent_letter(**given: Any) -> OutgoingMail:
    letter = a_letter(**given)
    send_out()
    letter.refresh_from_db()
    assert letter.state == State.SENT
    return letter


def returned(*, to: str = "complaints@firm.example", message_id: str = "", action: str = "failed") -> bytes:
    enclosed = f"Message-ID: {message_id}\r\n" if message_id else ""
    status = "5.1.1" if action == "failed" else "4.4.7"
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: " + to + "\r\nSubject: Undelivered Mail\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI could not deliver it.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; ann@example.com\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 No such user\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{enclosed}Subject: x\r\n--b--\r\n"
    ).encode()


@pytest.fixture
def bounces_come_here(settings: Any) -> None:
    settings.MAIL_BOUNCE_ADDRESS = "bounces@firm.example"


Listened = list[tuple[int, Outcome]]


@pytest.mark.usefixtures("bounces_come_here")
@pytest.mark.parametrize("by", ["the address it came back to", "the letter it encloses"])
def test_a_letter_that_came_back_is_logged_and_announced_once(heard: Listened, clock: Clock, by: str) -> None:
    letter = sent_letter()
    heard.clear()
    given = {"to": bounce_address(letter.pk)} if "address" in by else {"message_id": letter.message_id}
    mail = actions.keep(returned(**given), now=NOW)
    actions.keep(returned(**given) + b"again\r\n", now=NOW)
    actions.understand_due(now=clock)
    report = DeliveryReport.objects.get(told_in=mail)
    assert (report.mail, report.is_final, report.recipient) == (letter, True, "ann@example.com")
    assert "No such user" in report.said
    letter.refresh_from_db()
    assert letter.state == State.BOUNCED
    assert heard == [(letter.pk, Outcome.BOUNCED)]
    assert again(mail).fate == Fate.BOUNCE


def test_a_letter_that_is_only_late_is_logged_and_nobody_is_alarmed(heard: Listened, clock: Clock) -> None:
    letter = sent_letter()
    heard.clear()
    actions.keep(returned(message_id=letter.message_id, action="delayed"), now=NOW)
    actions.understand_due(now=clock)
    assert DeliveryReport.objects.get().is_final is False
    letter.refresh_from_db()
    assert letter.state == State.SENT
    assert heard == []


def test_a_report_on_no_letter_of_ours_changes_nothing(heard: Listened, clock: Clock) -> None:
    letter = sent_letter()
    heard.clear()
    mail = actions.keep(returned(message_id="<made-up@firm.example>"), now=NOW)
    actions.understand_due(now=clock)
    assert again(mail).fate == Fate.BOUNCE
    assert not DeliveryReport.objects.exists()
    letter.refresh_from_db()
    assert (letter.state, heard) == (State.SENT, [])


def test_a_bounce_whose_listener_fails_is_met_again(deaf_listener: Callable[[], None], clock: Clock) -> None:
    letter = a_letter()
    send_out()
    OutgoingMail.objects.filter(pk=letter.pk).shift(State.SENT, sent_at=NOW, settled_at=NOW)
    mail = actions.keep(returned(message_id=letter.message_id), now=NOW)
    actions.understand_due(now=clock)
    assert again(mail).fate == ""
    assert not DeliveryReport.objects.exists()
    deaf_listener()
    clock.forward(minutes=5)
    actions.understand_due(now=clock)
    assert again(mail).fate == Fate.BOUNCE
    assert OutgoingMail.objects.get(pk=letter.pk).state == State.BOUNCED


def test_waiting_mails_are_understood_oldest_first(clock: Clock) -> None:
    first, second = keep("one"), keep("two")
    assert actions.understand_due(now=clock, limit=1) == 1
    assert (bool(again(first).fate), bool(again(second).fate)) == (True, False)
    assert actions.understand_due(now=clock, budget=timedelta(0)) == 0
