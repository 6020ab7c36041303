from email import message_from_bytes
from email.message import Message as Parsed
from typing import Any

import pytest

from complaints.mailroom.reply_addresses import read_reply_address
from complaints.resolution import actions
from complaints.resolution.actors import System
from complaints.resolution.letters import Letter
from complaints.resolution.models import Complaint, MessageKind
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def written(complaint: Complaint, subject: str) -> Parsed:
    handler = complaint.handler
    assert handler is not None
    letter = Letter(subject, "Nothing new yet.")
    message = actions.send_letter(complaint, kind=MessageKind.UPDATE, letter=letter, by=handler, now=NOW)
    assert message.mail is not None
    return message_from_bytes(bytes(message.mail.mime))


def test_a_letter_hangs_on_the_ones_before_it_even_under_another_subject() -> None:
    complaint, other = factories.investigating(), factories.investigating()
    written(other, "Another matter")
    first = written(complaint, "Your refund")
    second = written(complaint, "Something else")
    third = written(complaint, "Something else again")
    assert first["In-Reply-To"] is None
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert third["In-Reply-To"] == second["Message-ID"]
    assert third["References"].split() == [first["Message-ID"], second["Message-ID"]]


def test_an_answer_goes_to_an_address_that_names_the_complaint(settings: Any) -> None:
    complaint = factories.investigating()
    assert written(complaint, "Before there is a mailbox")["Reply-To"] is None
    settings.MAIL_REPLY_ADDRESS = "complaints@firm.example"
    assert read_reply_address(written(complaint, "And after")["Reply-To"]) == complaint.pk


def test_only_what_we_would_like_to_know_says_how_to_get_no_more_of_it(settings: Any) -> None:
    settings.MAIL_REPLY_ADDRESS = "complaints@firm.example"
    complaint = factories.investigating()
    assert written(complaint, "News")["List-Unsubscribe"] is None
    message = actions.send_letter(
        complaint,
        kind=MessageKind.SURVEY,
        letter=Letter("How did we do?", "Tell us, if you like."),
        by=System.FOLLOW_UP,
        now=NOW,
    )
    assert message.mail is not None
    header = message_from_bytes(bytes(message.mail.mime))["List-Unsubscribe"]
    address = header.removeprefix("<mailto:").removesuffix("?subject=unsubscribe>")
    assert read_reply_address(address) == complaint.pk
