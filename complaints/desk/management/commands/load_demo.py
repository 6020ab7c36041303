from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.module_loading import import_string

from complaints.resolution.models import Complaint

#: Not imported above: it needs Faker, which production does not install.
TELL = "complaints.desk.demonstration.telling.tell"


def moment(text: str) -> datetime:
    read = datetime.fromisoformat(text)
    return timezone.make_aware(read) if timezone.is_naive(read) else read


class Command(BaseCommand):
    help = "Fill an empty database with a firm to try: staff, customers and five months of their complaints."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--complaints", type=int, default=300)
        parser.add_argument("--seed", type=int, default=7, help="the same seed tells the same stories")
        parser.add_argument("--now", type=moment, help="as if it were this moment: 2026-12-24T09:00Z")

    def handle(
        self, *_args: Any, complaints: int, seed: int, now: datetime | None = None, **_options: Any
    ) -> None:
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError("Demo data is for trying things out. Set DEMO=1 if this database is for that.")
        if Complaint.objects.exists():
            raise CommandError(
                "There are complaints in this database already. Demo data goes into an empty one."
            )
        firm = import_string(TELL)(complaints=complaints, seed=seed, now=now or timezone.now())
        logins = "".join(f"{role:<14} {name:<14} {password}\n" for role, name, password in firm.logins)
        keep(settings.VAR_DIR / "demo-logins.txt", logins)
        self.stdout.write(logins)


def keep(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text)
