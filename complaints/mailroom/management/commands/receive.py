from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from complaints.mailroom.actions import keep_file, understand_due
from complaints.mailroom.fetching import waiting_in


class Command(BaseCommand):
    help = "Take in mail from files (.eml, .box, .mbox) or folders of them. The files stay where they are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="+", type=Path, help="a file, or a folder of files")

    def handle(self, *_args: Any, file: list[Path], **_options: Any) -> None:
        kept = sum(keep_file(path, now=timezone.now()) for path in self._files(file))
        self.stdout.write(f"{kept} kept, {understand_due(now=timezone.now, limit=max(kept, 1))} understood")

    def _files(self, named: list[Path]) -> Iterator[Path]:
        for path in named:
            if path.is_dir():
                yield from waiting_in(path)
            elif path.is_file():
                yield path
            else:
                raise CommandError(f"There is no file {path}.")
