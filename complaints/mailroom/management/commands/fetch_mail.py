from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from complaints.mailroom.actions import compare_all, fetch_all, take_in_files, understand_due
from complaints.mailroom.fetching import BadAccount, accounts, spool
from complaints.mailroom.models import Mailbox


class Command(BaseCommand):
    help = "Fetch mail from every mailbox of IMAP_URLS and from MAIL_SPOOL, and understand what was fetched."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--compare", action="store_true", help="prove that everything in the mailboxes is in the store"
        )

    def handle(self, *_args: Any, compare: bool = False, **_options: Any) -> None:
        now = timezone.now
        try:
            boxes = accounts()
        except BadAccount as error:
            raise CommandError(str(error)) from None
        folder = spool()
        if not boxes and folder is None:
            raise CommandError("There is nothing to fetch from: set IMAP_URLS, or MAIL_SPOOL to a folder.")
        new = fetch_all(boxes, now=now)
        files = take_in_files(folder, now=now()) if folder else 0
        understood = understand_due(now=now)
        self.stdout.write(f"{new} new from the mailboxes, {files} files, {understood} understood")
        if compare:
            self.stdout.write(f"{compare_all(boxes, now=now)} differences")
        self._complain(str(box) for box in boxes)

    def _complain(self, names: Any) -> None:
        wrong = Mailbox.objects.alarming().filter(name__in=list(names))
        said = [line for box in wrong for line in [box.why_failing, *box.differences] if line]
        if said:
            raise CommandError("\n".join(said))
