"""The report on an import: every line refused or mended, with its number and the reason."""

import csv
import re
from collections.abc import Iterable
from typing import TextIO

from complaints.intake.models import ImportRun
from complaints.intake.reading import JunkLine, Refusal, Row
from complaints.resolution.spreadsheets import harmless

MOST_SHOWN = 200
MOST_TEXT = 200
MOST_KINDS = 30
PLACE = re.compile(r"^line \d+: ")
QUOTED = re.compile(r"“[^”]*”")


class Report:
    """All of it goes into the file, the first refusals and the sums are kept with the run."""

    def __init__(self, run: ImportRun, out: TextIO | None) -> None:
        self.run = run
        self.writer = csv.writer(out) if out else None
        self._write("line", "what became of it", "reason", "what stands there")

    def junk(self, lines: Iterable[JunkLine]) -> None:
        for line in lines:
            self._write(line.line_number, "left out", "above the header, not a record", line.text)
            self._show(line.line_number, "above the header, not a record", line.text)
            self.run.junk += 1

    def refused(self, refusal: Refusal) -> None:
        self._write(refusal.line_number, "refused", refusal.reason, refusal.excerpt)
        self._show(refusal.line_number, refusal.reason, refusal.excerpt)
        self.run.refused += 1

    def mended(self, row: Row) -> None:
        for remark in row.remarks:
            self._write(row.line_number, "mended", remark, row.record.external_id)
            kind = kind_of(remark)
            if kind in self.run.remarks or len(self.run.remarks) < MOST_KINDS:
                self.run.remarks[kind] = self.run.remarks.get(kind, 0) + 1
        self.run.mended += bool(row.remarks)

    def _show(self, line_number: int, reason: str, text: str) -> None:
        if len(self.run.refusals) < MOST_SHOWN:
            told = {"line": line_number, "reason": reason[:MOST_TEXT], "text": text[:MOST_TEXT]}
            self.run.refusals.append(told)

    def _write(self, line: int | str, fate: str, reason: str, text: str) -> None:
        if self.writer:
            self.writer.writerow([line, fate, harmless(reason), harmless(text[:MOST_TEXT])])


def kind_of(remark: str) -> str:
    """The remark without what is particular to its line, so that like ones can be counted together."""
    return QUOTED.sub("“…”", PLACE.sub("", remark))[:MOST_TEXT]
