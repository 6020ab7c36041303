import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from complaints.resolution import spreadsheets
from complaints.resolution.models import Complaint
from reporting.product_by_year import lines, product_by_year

LINE_ENDS = {"lf": "\n", "crlf": "\r\n"}


class Command(BaseCommand):
    help = "Write a report on all complaints, restricted ones too: it is counts, and whoever runs it runs the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("report", choices=["product_by_year"])
        parser.add_argument("--out", type=Path, help="a file; the terminal if left out")
        parser.add_argument("--header", action="store_true", help="with the names of the columns")
        parser.add_argument("--line-ends", choices=LINE_ENDS, default="lf")

    def handle(self, *_: Any, **options: Any) -> None:
        rows = lines(product_by_year(Complaint.objects.all()), header=options["header"])
        text = "".join(spreadsheets.lines(rows, line_end=LINE_ENDS[options["line_ends"]]))
        out: Path | None = options["out"]
        if out is None:
            self.stdout.write(text, ending="")
            return
        try:
            out.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise CommandError(f"Cannot write {out}: {error.strerror}.") from None
        print(f"Written to {out}.", file=sys.stderr)
