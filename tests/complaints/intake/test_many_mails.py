"""Many mails understood together come to what they come to one by one; and the tables are asked far less."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from complaints.followups.models import PlannedLetter
from complaints.intake.models import Candidate
from complaints.mailroom import actions as mailroom
from complaints.mailroom.actions import understanding
from complaints.mailroom.models import Fate, IncomingMail
from complaints.resolution.models import Complaint, Customer, Deadline, Document, Entry, Message
from tests import factories
from tests.complaints.intake.mails import a_mail, answer_to, with_files
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def reply_mailbox(settings: Any) -> None:
    settings.MAIL_REPLY_ADDRESS = "complaints@firm.example"
    settings.DEFAULT_FROM_EMAIL = "Complaints <complaints@firm.example>"


def understand(raws: list[bytes], *, together: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(understanding, "TOGETHER", together)
    mailroom.keep_all([mailroom.Parcel(raw) for raw in raws], now=NOW)
    mailroom.understand_due(now=lambda: NOW)


def sender(number: int) -> str:
    return f"Ann {number} <ann{number}@example.com>"


def new_matters() -> list[bytes]:
    return [
        with_files(a_mail(sender=sender(number)), ("receipt.pdf", PDF), ("tool.exe", b"MZ\x90\0"))
        if number % 3 == 0
        else a_mail(sender=sender(number))
        for number in range(8)
    ]


def one_person_writes_often() -> list[bytes]:
    return [a_mail(sender=sender(number % 2), subject=f"Matter {number}") for number in range(6)]


def a_robot_that_hides() -> list[bytes]:
    return [a_mail(sender="Robot <robot@example.com>", subject=f"{number}") for number in range(25)]


def one_person_whose_program_writes_the_address_in_two_ways() -> list[bytes]:
    written = ["ann@b\u00fccher.example", "ann@xn--bcher-kva.example", "Ann@B\u00dcCHER.example"]
    return [
        f"From: Ann <{address}>\r\nSubject: {number}\r\n\r\nYou charged me {number} times.\r\n".encode()
        for number, address in enumerate(written)
    ]


def delivered_twice() -> list[bytes]:
    raw = a_mail(sender=sender(1))
    return [
        a_mail(sender=sender(2)),
        raw,
        b"Received: from another by us\r\n" + raw,
        a_mail(sender=sender(3)),
    ]


def a_stranger_answers_a_customer() -> list[bytes]:
    first = a_mail(sender=sender(1), Message_ID="<first@mail.example>")
    return [first, a_mail(sender=sender(2), In_Reply_To="<first@mail.example>"), a_mail(sender=sender(3))]


def customers_and_machines_among_strangers() -> list[bytes]:
    complaint = factories.waiting(customer=factories.CustomerFactory(name="Cleo", email="cleo@example.com"))
    followed = factories.closed(customer=factories.CustomerFactory(name="Dora", email="dora@example.com"))
    return [
        a_mail(sender=sender(1)),
        answer_to(complaint),
        a_mail(sender=sender(2), body=f"About {complaint.reference}."),
        a_mail(sender="absent@example.com", subject="Out of office", Auto_Submitted="auto-replied"),
        a_mail(sender="Dora <dora@example.com>", body=f"Again {followed.reference}."),
        a_mail(sender="Cleo <cleo@example.com>"),
        b"\xff\xfe nothing anybody could read",
        a_mail(sender=sender(3), subject="Fwd: of somebody"),
    ]


Story = Callable[[], list[bytes]]
STORIES: list[Story] = [
    new_matters,
    one_person_writes_often,
    one_person_whose_program_writes_the_address_in_two_ways,
    a_robot_that_hides,
    delivered_twice,
    a_stranger_answers_a_customer,
    customers_and_machines_among_strangers,
]


def everything() -> dict[str, list[Any]]:
    """What the tables say, without the keys that differ from run to run."""
    mails = IncomingMail.objects.order_by("pk")
    facts = ("sender", "sender_name", "subject", "kind", "fate", "why", "body_sha256", "twin_of__sender")
    whose = "complaint__customer__email"
    return {
        "mails": list(mails.values_list(*facts)),
        "candidates": sorted(Candidate.objects.values_list("mail__subject", "how", whose)),
        "customers": sorted(Customer.objects.values_list("name", "email", "preferred_channel")),
        "history": sorted(Complaint.history.values_list("title", "state", "history_change_reason")),
        "complaints": sorted(
            Complaint.objects.values_list(
                "title", "state", "channel", "next_due_at", "customer__email", "pack_version"
            )
        ),
        "messages": sorted(
            Message.objects.values_list(whose, "kind", "subject", "body", "received_as__subject")
        ),
        "entries": sorted(Entry.objects.values_list(whose, "kind", "move", "text", "actor_name")),
        "clocks": sorted(Deadline.objects.values_list(whose, "clock", "due_at", "milestones__at")),
        "letters": sorted(PlannedLetter.objects.values_list(whose, "kind", "due_at", "state")),
        "documents": sorted(Document.objects.values_list(whose, "name", "sha256", "added_by_name")),
    }


def outcome(raws: list[bytes], *, together: int, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    before = transaction.savepoint()
    understand(raws, together=together, monkeypatch=monkeypatch)
    found = everything()
    transaction.savepoint_rollback(before)
    return found


@pytest.mark.parametrize("story", STORIES)
def test_together_is_as_one_by_one(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    raws = story()
    alone = outcome(raws, together=1, monkeypatch=monkeypatch)
    assert len(alone["mails"]) == len(raws)
    assert outcome(raws, together=50, monkeypatch=monkeypatch) == alone


def test_many_cost_little_more_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    understand([a_mail(sender=sender(99))], together=50, monkeypatch=monkeypatch)
    asked = []
    for many in (10, 40):
        raws = [a_mail(sender=f"Bea <{many}.{number}@example.com>") for number in range(many)]
        mailroom.keep_all([mailroom.Parcel(raw) for raw in raws], now=NOW)
        with CaptureQueriesContext(connection) as queries:
            mailroom.understand_due(now=lambda: NOW)
        asked.append(len(queries))
    assert IncomingMail.objects.filter(fate=Fate.OPENED).count() == 51
    assert asked[0] <= asked[1] <= asked[0] + 8 <= 60  # SQLite takes a long statement in pieces
