from typing import Any

import pytest
from django.core.checks import run_checks

from complaints.mailroom import checks


def found(*, deploy: bool = False) -> list[str]:
    return [str(message.id) for message in run_checks(tags=["mail"], include_deployment_checks=deploy)]


@pytest.mark.parametrize("sender", ["help@firm.example", "The Firm <help@firm.example>"])
def test_a_sender_that_can_be_answered_is_fine(settings: Any, sender: str) -> None:
    settings.DEFAULT_FROM_EMAIL = sender
    settings.MAIL_REPLY_ADDRESS = "help@firm.example"
    assert found(deploy=True) == []


@pytest.mark.parametrize("sender", ["", "The Firm", "a@b\r\nBcc: x@y"])
def test_no_sender_is_an_error(settings: Any, sender: str) -> None:
    settings.DEFAULT_FROM_EMAIL = sender
    assert found() == ["mailroom.E001"]


@pytest.mark.parametrize("name", ["MAIL_REPLY_ADDRESS", "MAIL_BOUNCE_ADDRESS"])
@pytest.mark.parametrize(
    "mailbox", ["The Firm <help@firm.example>", "help", "help+us@firm.example", f"{'h' * 30}@firm.example"]
)
def test_a_mailbox_that_cannot_carry_a_mark_is_an_error(settings: Any, name: str, mailbox: str) -> None:
    setattr(settings, name, mailbox)
    assert found() == ["mailroom.E002"]


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("journal@firm.example", ""),
        ("", "imaps://us:secret@mail.firm.example"),
        ("The Journal", "imaps://us:secret@mail.firm.example"),
        ("journal@firm.example", "https://us:secret@mail.firm.example"),
        ("journal@firm.example", "imaps://mail.firm.example"),
    ],
)
def test_half_a_journal_is_an_error(settings: Any, address: str, url: str) -> None:
    settings.MAIL_JOURNAL_ADDRESS, settings.MAIL_JOURNAL_URL = address, url
    assert found() == ["mailroom.E003"]


def test_a_whole_journal_is_fine(settings: Any) -> None:
    settings.MAIL_JOURNAL_ADDRESS = "journal@firm.example"
    settings.MAIL_JOURNAL_URL = "imaps://us:secret@mail.firm.example/Journal"
    assert found() == []


@pytest.mark.parametrize("sender", ["webmaster@localhost", "complaints@127.0.0.1"])
def test_a_sender_nobody_could_answer_is_no_deployment(settings: Any, sender: str) -> None:
    settings.DEFAULT_FROM_EMAIL = sender
    assert found() == []
    assert found(deploy=True) == ["mailroom.W001"]


@pytest.mark.parametrize("timeout", [None, 600])
def test_sending_must_end_within_the_lease(settings: Any, timeout: int | None) -> None:
    settings.DEFAULT_FROM_EMAIL, settings.EMAIL_TIMEOUT = "help@firm.example", timeout
    assert found(deploy=True) == ["mailroom.W002"]


def test_a_mailbox_that_cannot_be_read_or_would_give_its_password_away_is_refused(settings: Any) -> None:
    settings.IMAP_URLS = ["imaps://ann:secret@imap.firm.example/INBOX"]
    assert checks.mailboxes_can_be_read() == []
    settings.IMAP_URLS = ["imaps://imap.firm.example"]
    assert [error.id for error in checks.mailboxes_can_be_read()] == ["mailroom.E005"]
    settings.IMAP_URLS = ["imap://ann:secret@imap.firm.example"]
    (error,) = checks.mailboxes_can_be_read()
    assert error.id == "mailroom.E006"
    assert "secret" not in str(error)
