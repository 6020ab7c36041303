from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from complaints.resolution.actions import storeroom


class Command(BaseCommand):
    help = "Hold the documents against the files that lie in the storage. Fails where one is not whole."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--read", action="store_true", help="read every file and compare its SHA-256")
        parser.add_argument(
            "--forget-strays",
            action="store_true",
            help="delete the files that no document has; not after a restore, for they may be all that is left",
        )

    def handle(self, *_args: Any, read: bool = False, forget_strays: bool = False, **_options: Any) -> None:
        strays = list(storeroom.strays(now=timezone.now()))
        for stray in strays:
            self.stdout.write(f"No document has {stray}")
            if forget_strays:
                storeroom.forget(stray)
        spoilt = list(storeroom.spoilt(read=read))
        self.stdout.write(f"{len(spoilt)} documents not whole, {len(strays)} files of no document")
        if spoilt:
            raise CommandError("\n".join(f"{one.complaint.reference}: {one.file.name}" for one in spoilt))
