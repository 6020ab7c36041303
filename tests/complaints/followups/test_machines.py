"""What says of itself that no person wrote it is kept, and never answered."""

import pytest

from complaints.followups import actions as followups
from complaints.mailroom.models import Fate, OutgoingMail
from complaints.resolution.models import Complaint
from tests.complaints.intake.mails import a_mail, arrive
from tests.factories import NOW

pytestmark = pytest.mark.django_db


MARKS = {
    "Auto-Submitted": "auto-replied",
    "X-Auto-Response-Suppress": "All",
    "Precedence": "bulk",
    "List-Id": "<news.example.com>",
    "X-Autoreply": "yes",
    "Return-Path": "<>",
}


@pytest.mark.parametrize("mark", MARKS)
def test_sec_31_what_says_that_it_is_a_machine_or_a_list_is_kept_and_gets_no_answer(mark: str) -> None:
    mail = arrive(f"{mark}: {MARKS[mark]}\r\n".encode() + a_mail())
    followups.send_due(now=NOW)
    assert mail.fate in {Fate.HELD, Fate.AUTO_REPLY, Fate.BOUNCE}
    assert not OutgoingMail.objects.exists()
    assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    "sender", ["noreply@shop.example", "mailer-daemon@shop.example", "complaints@firm.example"]
)
def test_sec_31_senders_nobody_reads_get_no_answer(sender: str, settings: object) -> None:
    settings.DEFAULT_FROM_EMAIL = "Complaints <complaints@firm.example>"  # type: ignore[attr-defined]
    arrive(a_mail(sender=sender))
    followups.send_due(now=NOW)
    assert not OutgoingMail.objects.exists()
