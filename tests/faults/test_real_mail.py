"""Every mail of four public collections goes the whole way: each ends with a fate, none stops the queue, none is lost."""

import hashlib
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from complaints.followups import actions as followups
from complaints.mailroom import actions as mailroom
from complaints.mailroom.models import Fate, IncomingMail, OutgoingMail
from complaints.resolution.models import Complaint, Message
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def mails_of(folder: Path) -> list[bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [path.read_bytes() for path in files if path.suffix not in {".json", ".csv"}]


def go_through(mails: list[bytes]) -> Counter[str]:
    """Kept, understood, and every letter that would follow written. What became of them."""
    for raw in mails:
        mailroom.keep(raw, now=NOW)
    moment = NOW
    while IncomingMail.objects.filter(retry_at__isnull=False).exists():
        mailroom.understand_due(now=lambda: moment, budget=timedelta(hours=1))  # noqa: B023
        moment += timedelta(minutes=10)
        assert moment < NOW + timedelta(hours=2), "the queue stands still"
    followups.send_due(now=moment)
    kept = {hashlib.sha256(bytes(mail.raw)).hexdigest() for mail in IncomingMail.objects.all()}
    assert kept == {hashlib.sha256(raw).hexdigest() for raw in mails}
    return Counter(
        mail.fate or ("quarantine" if mail.is_quarantined else "lost")
        for mail in IncomingMail.objects.without_raw()
    )


@pytest.mark.parametrize("folder", ["helpdesk_mails", "mime_corner_cases", "reply_trimming/emails"])
def test_every_mail_ends_with_a_fate(shared_data: Path, folder: str) -> None:
    fates = go_through(mails_of(shared_data / "mail" / folder))
    assert fates["lost"] == 0
    assert Message.objects.filter(received_as__isnull=False).count() == Complaint.objects.count()
    assert fates[Fate.OPENED] == Complaint.objects.count()


def test_sec_31_no_bounce_or_robot_of_the_collection_gets_an_answer(shared_data: Path) -> None:
    """195 failures, absences and abuse reports, and two ordinary mails, which are put before somebody or opened."""
    mails = mails_of(shared_data / "mail" / "bounces" / "bsd") + mails_of(
        shared_data / "mail" / "bounces" / "not"
    )
    fates = go_through(mails)
    assert fates["lost"] == 0
    assert OutgoingMail.objects.filter(automatic=True).count() == 0
