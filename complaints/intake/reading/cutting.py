"""Lines into records. A damaged record costs itself, never its neighbours."""

import csv
from collections.abc import Callable, Iterator

from complaints.intake.reading.damage import READINGS, Cells, strictly
from complaints.intake.reading.lines import RECORD_LIMIT, Lines, Runaway
from complaints.intake.reading.records import EXCERPT, Refusal

_GLANCE = 256 * 1024  # characters looked at to see whether a good record begins here

# The limit is the whole process's, so it is only ever raised; ours is kept by Lines.
csv.field_size_limit(max(csv.field_size_limit(), RECORD_LIMIT))


class Cutter:
    def __init__(
        self, lines: Lines, *, delimiter: str, width: int, believable: Callable[[Cells], bool]
    ) -> None:
        self._lines = lines
        self._delimiter = delimiter
        self._width = width
        self._believable = believable

    def __iter__(self) -> Iterator[tuple[int, Cells] | Refusal]:
        lines, width = self._lines, self._width
        reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
        while True:
            lines.begin()
            try:
                cells = next(reader)
            except StopIteration:
                return
            except (csv.Error, Runaway) as error:
                yield self._mended(_spoken(error))
                continue
            if len(cells) == width:
                yield lines.number - len(lines.held) + 1, cells
            elif any(map(_says_something, cells)):
                yield self._mended(self._wrong_width(cells))

    def _wrong_width(self, cells: Cells) -> str:
        kind = "few" if len(cells) < self._width else "many"
        return f"too {kind} fields: {len(cells)} where the header has {self._width}"

    def _mended(self, reason: str) -> tuple[int, Cells] | Refusal:
        damaged = list(self._lines.held)
        text = "".join(damaged)
        for sign, reading in READINGS:
            if sign in text and len(text) <= RECORD_LIMIT and not self._lines.weary:
                self._lines.take_back()
                cells = reading(self._lines, self._delimiter)
                if cells and self._sound(cells):
                    return self._lines.number - len(self._lines.held) + 1, cells
        self._lines.take_back()
        return self._refused(reason, damaged)

    def _sound(self, cells: Cells) -> bool:
        """Believable, and no good record was swallowed on the way."""
        if len(cells) != self._width or not self._believable(cells):
            return False
        swallowed = list(self._lines.held)
        self._lines.take_back()
        before_next = self._step_to_next(len(swallowed))
        self._lines.hand_back(swallowed[:before_next])
        for _ in swallowed:
            next(self._lines)
        return before_next == len(swallowed)

    def _refused(self, reason: str, damaged: list[str]) -> Refusal:
        first = self._lines.number + 1
        count = self._step_to_next(len(damaged))
        if count > 1:
            reason = f"{reason} (lines {first} to {first + count - 1})"
        return Refusal(first, reason, excerpt_of("".join(damaged[:count])))

    def _step_to_next(self, most: int) -> int:
        """Steps over one line, and on to the next that begins a good record, but over no more than `most`."""
        for stepped in range(1, most + 1):
            self._lines.step_over()
            if stepped < most and not self._lines.weary and self._good_record_ahead():
                return stepped
        return most

    def _good_record_ahead(self) -> bool:
        self._lines.limit = _GLANCE
        cells = strictly(self._lines, self._delimiter)
        self._lines.limit = RECORD_LIMIT
        self._lines.take_back()
        return cells is not None and len(cells) == self._width and self._believable(cells)


def excerpt_of(text: str) -> str:
    """Fit to be shown: at most 200 characters, on one line."""
    return "".join(c if c.isprintable() else " " for c in text[:EXCERPT]).strip()


def _says_something(cell: str) -> bool:
    return bool(cell.strip(" \t\x1a\xa0"))


def _spoken(error: Exception) -> str:
    if isinstance(error, Runaway):
        return f"longer than {RECORD_LIMIT:,} characters; a quote was probably opened and never closed"
    if "unexpected end of data" in str(error):
        return "the file ends inside a quoted field"
    return "the quotes do not pair"
