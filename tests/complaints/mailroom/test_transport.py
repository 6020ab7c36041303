import smtplib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.base import BaseEmailBackend

from complaints.mailroom import transport as transport_module
from complaints.mailroom.exceptions import LetterChanged
from complaints.mailroom.letters import Attachment
from complaints.mailroom.transport import FrozenEmail, Transport
from tests.complaints.mailroom.post_office import NOW, a_letter, again, send_out, wire_bytes
from tests.complaints.mailroom.rough_server import RoughServer
from tests.smtp import SmtpSink

pytestmark = pytest.mark.django_db
AWKWARD = "Grüße\n.\n..two dots\nFrom here\n" + "x" * 2000


def test_the_server_receives_the_frozen_bytes_and_one_recipient(rough: RoughServer) -> None:
    mail = a_letter(
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
    a_letter()
    send_out()
    assert rough.taken[0].sender == "help@firm.example"


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
