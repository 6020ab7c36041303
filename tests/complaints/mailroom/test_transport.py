import smtplib
import time
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.base import BaseEmailBackend

from complaints.mailroom import smtp
from complaints.mailroom import transport as transport_module
from complaints.mailroom.exceptions import LetterChanged
from complaints.mailroom.letters import Attachment
from complaints.mailroom.reply_addresses import read_bounce_address
from complaints.mailroom.transport import FrozenEmail, Transport
from tests.complaints.mailroom.post_office import NOW, a_letter, again, send_out, wire_bytes
from tests.complaints.mailroom.rough_server import DROP, RoughServer
from tests.smtp import SmtpSink

pytestmark = pytest.mark.django_db
AWKWARD = "Grüße\n.\n..two dots\nFrom here\n" + "x" * 2000


def test_the_server_receives_the_frozen_bytes_and_one_recipient(rough: RoughServer) -> None:
    mail = a_letter(
        automatic=False,
        to_name="Ann, <evil@x.example>",
        subject="Ihre Beschwerde über “alles”",
        body=AWKWARD,
        attachments=[Attachment("a.csv", "text/csv", b".\r\n\n.\xff")],
    )
    send_out()
    (taken,) = rough.taken
    assert taken.raw == bytes(again(mail).mime)
    assert (taken.sender.count("@"), taken.recipients) == (1, [mail.to])


def test_another_server_receives_them_too(mail_to_sink: SmtpSink) -> None:
    mail = a_letter(body=AWKWARD, to_name="Zoë")
    send_out()
    assert mail_to_sink.raw == [bytes(mail.mime)]
    assert mail_to_sink.recipients == [[mail.to]]


def test_the_firms_name_reaches_the_reader_and_not_the_envelope(settings: Any, rough: RoughServer) -> None:
    settings.DEFAULT_FROM_EMAIL = f'"{"Müller, " * 12}" <help@firm.example>'
    a_letter(automatic=False)
    send_out()
    assert rough.taken[0].sender == "help@firm.example"


def test_sec_32_a_robots_letter_comes_back_to_nobody_or_to_an_address_that_names_it(
    settings: Any, rough: RoughServer
) -> None:
    mails = [a_letter(automatic=True)]
    send_out()
    settings.MAIL_REPLY_ADDRESS = "help@firm.example"
    mails += [a_letter(automatic=True), a_letter(automatic=False)]
    send_out()
    assert rough.taken[0].sender == ""
    assert [read_bounce_address(taken.sender) for taken in rough.taken[1:]] == [mail.pk for mail in mails[1:]]
    for mail, taken in zip(mails, rough.taken, strict=True):
        headers = message_from_bytes(taken.raw)
        assert (headers["Auto-Submitted"] == "auto-generated") is mail.automatic
        assert (headers["X-Auto-Response-Suppress"] == "All") is mail.automatic
        assert headers["Message-ID"] == mail.message_id


def test_the_journal_gets_a_copy_of_the_very_same_bytes(settings: Any, rough: RoughServer) -> None:
    settings.MAIL_JOURNAL_ADDRESS = "journal@firm.example"
    mail = a_letter()
    send_out()
    (taken,) = rough.taken
    assert taken.recipients == [mail.to, "journal@firm.example"]
    assert taken.raw == bytes(mail.mime)
    assert b"journal" not in taken.raw


def test_a_journal_that_is_full_stops_only_what_must_not_go_without(
    settings: Any, rough: RoughServer, caplog: pytest.LogCaptureFixture
) -> None:
    settings.MAIL_JOURNAL_ADDRESS = "journal@firm.example"
    rough.refused["journal@firm.example"] = "552 5.2.2 Mailbox full"
    once, often = a_letter(repeatable=False), a_letter()
    send_out()
    assert [taken.recipients[0] for taken in rough.taken] == [often.to]
    assert "without a copy for the journal" in caplog.text
    assert (again(once).state, again(often).state) == ("queued", "sent")
    assert "The journal does not take it" in again(once).last_error


def test_a_long_letter_goes_in_blocks_with_its_dots_intact(rough: RoughServer) -> None:
    body = b"".join(b".%d\n..\n" % number for number in range(30_000))
    mail = a_letter(attachments=[Attachment("dots.bin", "application/octet-stream", body)], body="." * 70_000)
    send_out()
    assert [taken.raw for taken in rough.taken] == [bytes(mail.mime)]


def test_a_server_may_think_about_a_letter_for_long(
    rough: RoughServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_TIMEOUT = 0.2
    monkeypatch.setattr(smtp, "SLICE", 0.1)
    rough.before_answer = lambda _: time.sleep(1)
    mail, beats = a_letter(), []
    with Transport() as wire:
        wire.beat = lambda: beats.append(1)
        wire.open()
        wire.send(mail)
    assert len(beats) >= 8
    assert len(rough.taken) == 1


def test_a_server_that_never_says_whether_it_took_a_letter_leaves_a_doubt(
    rough: RoughServer, settings: Any
) -> None:
    settings.EMAIL_TIMEOUT = 0.02
    rough.before_answer = lambda _: time.sleep(1)
    mail = a_letter()
    with Transport() as wire:
        wire.open()
        with pytest.raises(TimeoutError, match="answer to the letter"):
            wire.send(mail)
        assert wire.may_have_gone


@pytest.mark.parametrize(
    ("verb", "gone"), [("MAIL", False), ("RCPT", False), ("DATA", False), ("BODY", True)]
)
def test_only_a_line_that_breaks_after_the_last_byte_leaves_a_doubt(
    rough: RoughServer, verb: str, *, gone: bool
) -> None:
    mail = a_letter()
    rough.answer(verb, DROP)
    with Transport() as wire:
        wire.open()
        with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
            wire.send(mail)
        assert wire.may_have_gone is gone


@pytest.mark.parametrize("extensions", ["250 SIZE", "250-STARTTLS\r\n250 SIZE"])
def test_sec_40_nothing_goes_in_clear_text_when_tls_was_asked_for(
    rough: RoughServer, settings: Any, caplog: pytest.LogCaptureFixture, extensions: str
) -> None:
    settings.EMAIL_USE_TLS = True
    mail = a_letter()
    rough.answer("EHLO", f"250-rough\r\n{extensions}")
    rough.answer("STAR", "454 TLS not available due to temporary reason")
    send_out()
    assert rough.taken == []
    assert not {"MAIL", "AUTH", "DATA"} & set(rough.heard)
    assert (again(mail).state, again(mail).attempts) == ("queued", 0)
    assert "CRITICAL" in caplog.text
    assert "TLS" in caplog.text


def test_many_letters_share_a_connection(rough: RoughServer) -> None:
    for _ in range(20):
        a_letter()
    assert send_out() == 20
    assert (len(rough.taken), rough.connections) == (20, 1)


def test_a_connection_is_renewed_before_the_server_tires_of_it(
    rough: RoughServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport_module, "MOST_PER_CONNECTION", 4)
    for _ in range(10):
        a_letter()
    send_out()
    assert (len(rough.taken), rough.connections) == (10, 3)


def test_nothing_due_opens_no_connection(rough: RoughServer) -> None:
    assert send_out() == 0
    assert rough.connections == 0


def test_a_refused_recipient_does_not_cost_the_connection(rough: RoughServer) -> None:
    for _ in range(4):
        a_letter()
    rough.answer("RCPT", "250 ok", "550 5.1.1 nobody", "250 ok", "550 5.1.1 nobody")
    send_out()
    assert (len(rough.taken), rough.connections) == (2, 1)


def test_letters_that_were_tampered_with_are_not_sent() -> None:
    mail = a_letter()
    mail.mime = bytes(mail.mime).replace(b"Dear Ann", b"Dear Bob")
    with Transport() as wire:
        wire.open()
        with pytest.raises(LetterChanged):
            wire.send(mail)
    assert django_mail.outbox == []


def test_files_and_memory_take_the_same_bytes(settings: Any, tmp_path: Path) -> None:
    mail = a_letter(body=AWKWARD)
    with Transport() as wire:
        wire.open()
        wire.send(mail)
    assert wire_bytes(django_mail.outbox[0]) == bytes(mail.mime)
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    with Transport() as wire:
        wire.open()
        wire.send(mail)
    (written,) = tmp_path.iterdir()
    assert bytes(mail.mime).replace(b"\r\n", b"\n") in written.read_bytes()


def test_the_console_shows_it(settings: Any, capsys: pytest.CaptureFixture[str]) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    a_letter(subject="Look here")
    send_out()
    assert "Subject: Look here" in capsys.readouterr().out


def test_a_provider_finds_every_part_as_an_attribute() -> None:
    mail = a_letter(
        body="Grüße",
        reply_to="case@firm.example",
        in_reply_to="<theirs@x>",
        attachments=[Attachment("Ä.pdf", "application/pdf", b"%PDF\x00")],
    )
    email = FrozenEmail(mail)
    assert (email.subject, email.body, email.to, email.reply_to) == (
        mail.subject, "Grüße", [mail.to], ["case@firm.example"],
    )  # fmt: skip
    assert email.attachments == [("Ä.pdf", b"%PDF\x00", "application/pdf")]
    assert email.extra_headers["Message-ID"] == mail.message_id
    assert email.extra_headers["In-Reply-To"] == "<theirs@x>"


def test_a_back_end_that_takes_nothing_has_not_sent_it(settings: Any) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.TakesNothing"
    mail = a_letter()
    send_out()
    stored = again(mail)
    assert (stored.state, stored.attempts) == ("queued", 1)
    assert stored.due_at is not None
    assert stored.due_at > NOW + timedelta(seconds=50)


class TakesNothing(BaseEmailBackend):
    def send_messages(self, email_messages: Any) -> int:
        return 0


def test_a_failed_sign_in_leaves_no_line_open(rough: RoughServer, settings: Any) -> None:
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "us", "wrong"
    rough.answer("AUTH", "535 5.7.8 wrong", "535 5.7.8 wrong")
    with Transport() as wire, pytest.raises(smtplib.SMTPAuthenticationError):
        wire.open()
    assert rough.heard[-1] == "QUIT"
