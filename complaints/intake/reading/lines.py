import io
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final

from complaints.intake.reading.encoding import untangled

RECORD_LIMIT: Final = 4 * 1024 * 1024  # characters; a stray quote swallows no more than this


_REREADS: Final = 8
_GRACE: Final = 16 * RECORD_LIMIT


class Runaway(Exception):
    """One record has grown past the limit: not an error of the file yet, only the end of our patience."""


class Lines(Iterator[str]):
    """Physical lines with their numbers, and the possibility to think again.

    `held` are the lines handed out since `begin`; `take_back` returns them, to be read once more. Line ends stay on the
    lines, because those within a narrative belong to the narrative.
    """

    def __init__(self, text: io.TextIOWrapper, *, line_end: str) -> None:
        self.number = 0
        self.held: list[str] = []
        self.remarks: dict[int, str] = {}
        self.limit = RECORD_LIMIT
        self._size = 0
        self._fresh_ones = 0
        self._handed_out = 0
        self._line_end = line_end
        self._readline = text.readline
        self._returned: deque[str] = deque()

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else self._fresh()
        self.number += 1
        self.held.append(line)
        self._size += len(line)
        self._handed_out += len(line)
        if self._size > self.limit:
            raise Runaway
        return line

    def begin(self) -> None:
        self.held.clear()
        self._size = 0

    def step_over(self) -> str:
        """The next line, however long, and nothing held."""
        with suppress(Runaway):
            next(self)
        line = self.held[-1]
        self.begin()
        return line

    def take_back(self) -> None:
        self.hand_back(self.held)
        self.begin()

    def hand_back(self, lines: Sequence[str]) -> None:
        self._returned.extendleft(reversed(lines))
        self.number -= len(lines)

    @property
    def weary(self) -> bool:
        """Whether so much has been read again and again that a file of nothing but damage must be hurried through."""
        return self._handed_out > _REREADS * self._fresh_ones + _GRACE

    def account_for(self, size: int) -> None:
        self._handed_out += size

    def remarks_on_record(self) -> tuple[str, ...]:
        """What had to be mended in the lines held; forgets what lies before them."""
        first = self.number - len(self.held) + 1
        noted = [(number, self.remarks[number]) for number in sorted(self.remarks) if number <= self.number]
        for number, _ in noted:
            del self.remarks[number]
        return tuple(f"line {number}: {remark}" for number, remark in noted if number >= first)

    def _fresh(self) -> str:
        line = self._readline(RECORD_LIMIT + 1)
        if not line:
            raise StopIteration
        self._fresh_ones += len(line)
        if len(line) > RECORD_LIMIT:
            self._skip_rest(line)
        if not line.isascii() or "\0" in line:
            line, remark = untangled(line)
            if remark:
                self.remarks[self.number + 1] = remark
        return line

    def _skip_rest(self, line: str) -> None:
        while line and not line.endswith(self._line_end):
            line = self._readline(RECORD_LIMIT)
