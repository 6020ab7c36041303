from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from complaints.resolution.drawing import NotPlaced, picture, with_table


class Command(BaseCommand):
    help = "Draw the lifecycle of a complaint from the code, for the documents."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--out", type=Path, help="write the picture there: docs/lifecycle.svg")
        parser.add_argument(
            "--table-in", type=Path, help="bring the table in this text up to date: docs/architecture.md"
        )

    def handle(self, *_: Any, out: Path | None, table_in: Path | None, **_options: Any) -> None:
        try:
            if out:
                out.write_text(picture(), encoding="utf-8")
            if table_in:
                table_in.write_text(with_table(table_in.read_text(encoding="utf-8")), encoding="utf-8")
        except NotPlaced as refusal:
            raise CommandError(str(refusal)) from None
        except OSError as refusal:
            raise CommandError(f"{refusal.filename}: {refusal.strerror}.") from None
        if not out and not table_in:
            self.stdout.write(picture())
