from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from complaints.mailroom import tasks
from complaints.mailroom.models import Fate, IncomingMail, Mailbox
from tests.complaints.intake.mails import a_mail
from tests.complaints.mailroom.dovecot import Dovecot

pytestmark = pytest.mark.django_db


def fates() -> list[str]:
    return list(IncomingMail.objects.order_by("pk").values_list("fate", flat=True))


def test_receive_takes_in_files_and_folders_and_leaves_them_where_they_are(
    tmp_path: Path, capsys: Any
) -> None:
    (tmp_path / "folder").mkdir()
    one, two = tmp_path / "one.eml", tmp_path / "folder" / "two.box"
    one.write_bytes(a_mail())
    two.write_bytes(a_mail(sender="bob@example.com"))
    call_command("receive", str(one), str(tmp_path / "folder"))
    assert capsys.readouterr().out == "2 kept, 2 understood\n"
    assert fates() == [Fate.OPENED, Fate.OPENED]
    assert one.exists()
    assert two.exists()
    call_command("receive", str(one))
    assert len(fates()) == 2


def test_receive_says_which_file_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"nothing\.eml"):
        call_command("receive", str(tmp_path / "nothing.eml"))


def test_fetch_mail_looks_into_mailboxes_and_the_spool(
    dovecot: Dovecot, settings: Any, tmp_path: Path, capsys: Any
) -> None:
    dovecot.deliver(a_mail(), user="commands")
    (tmp_path / "one.eml").write_bytes(a_mail(sender="bob@example.com"))
    settings.IMAP_URLS, settings.MAIL_SPOOL = [dovecot.url("commands")], str(tmp_path)
    call_command("fetch_mail", "--compare")
    assert capsys.readouterr().out.splitlines() == [
        "1 new from the mailboxes, 1 files, 2 understood",
        "0 differences",
    ]
    assert fates() == [Fate.OPENED, Fate.OPENED]


def test_fetch_mail_fails_where_a_mailbox_cannot_be_read_or_none_is_named(settings: Any) -> None:
    settings.IMAP_URLS = []
    with pytest.raises(CommandError, match="IMAP_URLS"):
        call_command("fetch_mail")
    settings.IMAP_URLS = ["imaps://nowhere"]
    with pytest.raises(CommandError, match="lacks"):
        call_command("fetch_mail")
    settings.IMAP_URLS = ["imap://ann:secret@127.0.0.1:1/INBOX"]
    with pytest.raises(CommandError, match="refused"):
        call_command("fetch_mail")


def test_the_ticks_fetch_understand_and_compare(dovecot: Dovecot, settings: Any, tmp_path: Path) -> None:
    dovecot.deliver(a_mail(), user="ticks")
    (tmp_path / "one.eml").write_bytes(a_mail(sender="bob@example.com"))
    settings.IMAP_URLS, settings.MAIL_SPOOL = [dovecot.url("ticks")], str(tmp_path)
    now = timezone.now().isoformat()
    for _ in range(2):
        tasks.fetch(now)
        tasks.understand(now)
        tasks.compare(now)
    assert fates() == [Fate.OPENED, Fate.OPENED]
    assert Mailbox.objects.get().differences == []
