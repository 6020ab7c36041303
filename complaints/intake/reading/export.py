"""A complaint export from a file to typed rows, in one pass and in bounded memory."""

import os
from collections.abc import Generator, Iterator
from datetime import UTC, datetime, tzinfo
from types import TracebackType
from typing import BinaryIO, Final, Self

from complaints.intake.reading.complaint import unmistakable
from complaints.intake.reading.cutting import Cutter, excerpt_of
from complaints.intake.reading.encoding import text_of
from complaints.intake.reading.exceptions import RefusedRow
from complaints.intake.reading.lines import Lines
from complaints.intake.reading.opening import Findings, findings_on, latest_day, maker_for
from complaints.intake.reading.profiles import Profile, profile_named
from complaints.intake.reading.records import JunkLine, Refusal, Row
from complaints.intake.reading.source import Source

ORDERS: Final = ("dmy", "mdy", "ymd")


class Export:
    """One file, opened and understood. Iterating reads it, once; `junk` are the lines found above the header."""

    def __init__(self, source: Source, findings: Findings, *, zone: tzinfo, now: datetime | None) -> None:
        self._source = source
        self._findings = findings
        self._text = text_of(source, findings.encoding, findings.line_end)
        self._lines = Lines(self._text, line_end=findings.line_end)
        self._maker = maker_for(findings, zone=zone, now=now)
        self._rows = self._read()

    @property
    def profile(self) -> Profile:
        return self._findings.header.profile

    @property
    def header(self) -> tuple[str, ...]:
        return self._findings.header.names

    @property
    def header_line(self) -> int:
        return self._findings.header.first

    @property
    def junk(self) -> tuple[JunkLine, ...]:
        return self._findings.header.junk

    @property
    def delimiter(self) -> str:
        return self._findings.header.delimiter

    @property
    def encoding(self) -> str:
        return self._findings.encoding.codec

    @property
    def mapping(self) -> dict[str, str]:
        """Our field to the column it is read from."""
        return {ours: self._findings.names[at] for ours, at in self._findings.fields.items()}

    @property
    def unmapped(self) -> tuple[str, ...]:
        """The columns that end in the extras only."""
        taken = self._findings.ignored | set(self._findings.fields.values())
        return tuple(name for at, name in enumerate(unmistakable(self._findings.names)) if at not in taken)

    @property
    def orders(self) -> dict[str, dict[str, str]]:
        """How the numeric dates are read: our field to `{separator and width of the year: order}`."""
        return {ours: dict(orders) for ours, orders in self._findings.orders.items()}

    @property
    def position(self) -> int:
        """Bytes read so far, for a progress bar; runs ahead of the rows by a buffer."""
        return self._source.position

    @property
    def size(self) -> int | None:
        """Bytes in all; None where the file is a pipe."""
        return self._source.size

    def __iter__(self) -> Iterator[Row | Refusal]:
        return self._rows

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file if this opened it; a file that was handed in stays open."""
        self._rows.close()
        self._text.close()

    def _read(self) -> Generator[Row | Refusal, None, None]:
        findings, lines, make = self._findings, self._lines, self._maker.make
        for _ in range(findings.header.last):
            lines.step_over()
        header = list(findings.header.names)
        cutter = Cutter(
            lines,
            delimiter=findings.header.delimiter,
            width=findings.shape.width,
            believable=self._maker.believable,
        )
        for found in cutter:
            if isinstance(found, Refusal):
                yield found
                continue
            number, cells = found
            try:
                record, remarks = make(cells)
            except RefusedRow as reason:
                if any(cell.strip() for cell in cells):
                    again = [" ".join(cell.split()) for cell in cells[: len(header)]] == header
                    told = "the header once more" if again else str(reason)
                    yield Refusal(number, told, excerpt_of("".join(lines.held)))
                continue
            if lines.remarks:
                remarks += lines.remarks_on_record()
            yield Row(number, record, remarks)


def open_export(
    origin: str | os.PathLike[str] | BinaryIO,
    *,
    profile: Profile | str | None = None,
    dates: str | None = None,
    zone: tzinfo = UTC,
    now: datetime | None = None,
    encoding: str | None = None,
) -> Export:
    """Looks at the head and a bounded sample of the file, decides, and leaves the rest to the iteration.

    `dates` settles the order of numeric dates that can be read in more than one way (`dmy`, `mdy`, `ymd`). A date
    without a zone is the firm's: `zone`. Dates later than a day after `now` are refused, and count as evidence against
    the order that makes them; without `now` none is. Raises UnreadableExport.
    """
    if dates is not None and dates not in ORDERS:
        raise ValueError(f"dates must be one of {', '.join(ORDERS)}, not {dates!r}")
    chosen = profile_named(profile) if isinstance(profile, str) else profile
    source = Source(origin)
    try:
        findings = findings_on(source, profile=chosen, order=dates, encoding=encoding, latest=latest_day(now))
        return Export(source, findings, zone=zone, now=now)
    except BaseException:
        source.close()
        raise
