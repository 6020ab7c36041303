import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from complaints.intake import actions
from complaints.intake.exceptions import UnknownMapping
from complaints.intake.models import ImportRun, ImportState
from complaints.intake.reading import AmbiguousDates, Export, UnknownLayout, UnreadableExport
from complaints.resolution.actors import System


class Command(BaseCommand):
    help = "Read an export of complaints received elsewhere into the register. May be run again at any time."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument(
            "--profile",
            default="",
            help="cfpb, fcc or a saved mapping; recognised from the header if left out",
        )
        parser.add_argument(
            "--dates", default="", choices=["dmy", "mdy", "ymd"], help="the order of dates like 03/04/2015"
        )
        parser.add_argument(
            "--encoding", default="", choices=[*actions.ENCODINGS], help="found out from the file if left out"
        )
        parser.add_argument("--refused", type=Path, help="where the report is written (FILE.refused.csv)")
        parser.add_argument("--run", type=int, help="carry out an import that was asked for in the desk")

    def handle(self, *_: Any, **options: Any) -> None:
        if options["run"] is not None:
            self._carry_out(options["run"])
        else:
            self._read(options["file"], options)

    def _read(self, path: Path | None, options: dict[str, Any]) -> None:
        if path is None or not path.is_file():
            raise CommandError(
                f"There is no file {path}." if path else "Name the file, or a run of the desk with --run."
            )
        refused: Path = options["refused"] or path.with_name(f"{path.name}.refused.csv")
        with self._opened(path, options) as export, refused.open("w", newline="", encoding="utf-8") as out:
            self.stdout.write(f"Header in line {export.header_line}, read as “{export.profile.name}”.")
            run = actions.import_complaints(
                export,
                file_name=path.name,
                by=System.IMPORTER,
                now=timezone.now(),
                clock=timezone.now,
                refusals_to=out,
                progress=self._show,
            )
        self._summarise(run)
        self._keep_report(run, refused)

    def _opened(self, path: Path, options: dict[str, Any]) -> Export:
        choices = actions.Choices(
            profile=options["profile"] or "", dates=options["dates"] or "", encoding=options["encoding"] or ""
        )
        try:
            return actions.open_as_chosen(path, choices=choices, now=timezone.now())
        except AmbiguousDates as question:
            raise CommandError(
                f"{question} Run again with --dates {' or --dates '.join(question.orders)}."
            ) from None
        except UnknownLayout as question:
            raise CommandError(f"{question} Columns: {', '.join(question.header)}") from None
        except (UnreadableExport, UnknownMapping, OSError) as refusal:
            raise CommandError(str(refusal)) from None

    def _carry_out(self, pk: int) -> None:
        run = actions.carry_out(pk, clock=timezone.now, progress=self._show)
        if run is None:
            raise CommandError("There is no such import, or it is being read, or has been read to its end.")
        if run.state == ImportState.FAILED:
            raise CommandError(run.why_failed)
        self._summarise(run)

    def _show(self, run: ImportRun) -> None:
        if sys.stderr.isatty():
            share = "" if run.share is None else f"{run.share} %, "
            self.stderr.write(f"\r{share}{run.taken + run.known:,} read", ending="")

    def _summarise(self, run: ImportRun) -> None:
        self.stdout.write(
            f"{run.taken:,} new complaints, {run.known:,} already there, {run.refused:,} refused, "
            f"{run.junk:,} lines above the header."
        )
        for line in run.refusals[:10]:
            self.stdout.write(f"  line {line['line']}: {line['reason']}")
        for remark, times in run.remarks.items():
            self.stdout.write(f"  {times:,} times: {remark}")

    def _keep_report(self, run: ImportRun, refused: Path) -> None:
        if run.refusals or run.mended:
            self.stdout.write(f"All of it is in {refused}.")
        else:
            refused.unlink()
