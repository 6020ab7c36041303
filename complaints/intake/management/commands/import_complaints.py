import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.intake import actions
from complaints.intake.exceptions import UnknownMapping
from complaints.intake.models import ImportRun
from complaints.intake.reading import AmbiguousDates, Export, UnknownLayout, UnreadableExport, open_export
from complaints.resolution.actors import System


class Command(BaseCommand):
    help = "Read an export of complaints received elsewhere into the register. May be run again at any time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--profile", help="cfpb, fcc or a saved mapping; recognised from the header if left out"
        )
        parser.add_argument(
            "--dates", choices=["dmy", "mdy", "ymd"], help="the order of dates like 03/04/2015"
        )
        parser.add_argument("--refused", type=Path, help="where refused lines are written (FILE.refused.csv)")

    def handle(self, *_: Any, **options: Any) -> None:
        path: Path = options["file"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        refused: Path = options["refused"] or path.with_name(f"{path.name}.refused.csv")
        with self._opened(path, options) as export, refused.open("w", newline="", encoding="utf-8") as out:
            self.stdout.write(f"Header in line {export.header_line}, read as “{export.profile.name}”.")
            run = actions.import_complaints(
                export,
                file_name=path.name,
                by=System.IMPORTER,
                now=timezone.now(),
                refusals_to=out,
                progress=lambda run: self._show(run, export),
            )
        self._summarise(run, refused)

    def _opened(self, path: Path, options: dict[str, Any]) -> Export:
        try:
            profile = actions.profile_called(options["profile"]) if options["profile"] else None
            return open_export(
                path,
                profile=profile,
                dates=options["dates"],
                zone=ZoneInfo(settings.TIME_ZONE),
                now=timezone.now(),
            )
        except AmbiguousDates as question:
            raise CommandError(
                f"{question} Run again with --dates {' or --dates '.join(question.orders)}."
            ) from None
        except UnknownLayout as question:
            raise CommandError(f"{question} Columns: {', '.join(question.header)}") from None
        except (UnreadableExport, UnknownMapping, OSError) as refusal:
            raise CommandError(str(refusal)) from None

    def _show(self, run: ImportRun, export: Export) -> None:
        if sys.stderr.isatty():
            share = f"{100 * export.position // export.size} %, " if export.size else ""
            self.stderr.write(f"\r{share}{run.taken + run.known:,} read", ending="")

    def _summarise(self, run: ImportRun, refused: Path) -> None:
        self.stdout.write(
            f"{run.taken:,} new complaints, {run.known:,} already there, {run.refused:,} refused, "
            f"{run.junk:,} lines above the header."
        )
        for line in run.refusals[:10]:
            self.stdout.write(f"  line {line['line']}: {line['reason']}")
        if run.refusals:
            self.stdout.write(f"All of them are in {refused}.")
        else:
            refused.unlink()
