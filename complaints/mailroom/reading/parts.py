"""The skeleton of a mail: its parts, as places in the one copy of the bytes there is.

One pass over the lines that begin with two hyphens, each looked up among the boundaries that are open: the work does
not grow with the depth, and no part is copied until somebody wants what is in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from complaints.mailroom.reading.charsets import codec_for
from complaints.mailroom.reading.exceptions import TooBig
from complaints.mailroom.reading.headers import Headers, split_headers
from complaints.mailroom.reading.limits import DEEPEST, MOST_PARTS, MOST_RULED_LINES
from complaints.mailroom.reading.parameters import Parameterised, media_type, parameterised

_LONGEST_BOUNDARY: Final = 500


@dataclass(slots=True, eq=False)
class Part:
    headers: Headers
    type: Parameterised
    disposition: Parameterised
    start: int
    end: int
    parent: "Part | None" = None
    children: "list[Part]" = field(default_factory=list)

    @property
    def media(self) -> str:
        return self.type.value

    @property
    def is_attached(self) -> bool:
        return self.disposition.value == "attachment"

    def walk(self) -> "Iterator[Part]":
        """The leaves, in the order they stand."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.walk()


class _Splitter:
    """`open` are the multiparts we are inside of, with the delimiter each began with."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.open: list[tuple[Part, bytes]] = []
        self.levels: dict[bytes, int] = {}  # delimiter -> place in `open`
        self.current: Part | None = None
        self.count = 0
        self.faults: list[str] = []
        self.at = 0
        self.hint: str | None = None
        self.nearest = {b"\n--": 0, b"\r--": 0}

    def split(self) -> Part:
        root = self._begin(0, None)
        while (found := self._next_line()) is not None:
            start, line, after = found
            if (level := self.levels.get(line)) is not None:
                self._close(level, before=start)
                self._begin(after, self.open[level][0])
            elif line.endswith(b"--") and (level := self.levels.get(line[:-2])) is not None:
                self._close(level, before=start)
                self._leave(level)
        if self.open:
            self.faults.append("a multipart does not end")
        self._close(0, before=len(self.raw))
        return root

    def _next_line(self) -> tuple[int, bytes, int] | None:
        """The next line that begins with two hyphens: where, what, and where the line after it is."""
        if not self.open or (at := self._next_hyphens()) < 0:
            return None
        line = self.raw[at : at + _LONGEST_BOUNDARY].splitlines(keepends=True)[0]
        self.at = at + len(line)
        return at, line.rstrip(), self.at

    def _next_hyphens(self) -> int:
        """Each way to begin a line is looked for once from each place, however often it is asked for."""
        at = self.at
        if self.raw.startswith(b"--", at) and (at == 0 or self.raw[at - 1 : at] in {b"\n", b"\r"}):
            return at
        for end, place in self.nearest.items():
            if 0 <= place < at:
                found = self.raw.find(end, at)
                self.nearest[end] = found + 1 if found >= 0 else -1
        return min((place for place in self.nearest.values() if place >= 0), default=-1)

    def _begin(self, start: int, parent: Part | None) -> Part:
        self.count += 1
        if self.count > MOST_PARTS:
            raise TooBig(f"There are more than {MOST_PARTS:,} parts.")
        headers, body, faults = split_headers(self.raw, start, self._limit(start))
        self.faults += faults
        headers.hint = self.hint  # raw bytes in headers are probably in the charset the mail named first
        kind = media_type(headers.first("content-type"))
        if self.hint is None and codec_for(kind.get("charset")):
            self.hint = headers.hint = kind.get("charset")
        part = Part(
            headers, kind, parameterised(headers.first("content-disposition")), body, len(self.raw), parent
        )
        if parent is not None:
            parent.children.append(part)
        self.current, self.at = part, body
        if part.media.startswith("multipart/"):
            self._enter(part)
        return part

    def _limit(self, start: int) -> int:
        """Headers end where an open boundary begins, blank line or not."""
        if not self.open:
            return len(self.raw)
        nearest = self.raw.find(b"\n" + self.open[-1][1], start)
        return nearest + 1 if nearest >= 0 else len(self.raw)

    def _enter(self, part: Part) -> None:
        boundary = part.type.get("boundary").strip()
        if not boundary:
            self.faults.append("a multipart names no boundary")
            return
        if len(self.open) >= DEEPEST:
            raise TooBig(f"The parts lie more than {DEEPEST} levels deep.")
        delimiter = b"--" + boundary.encode("utf-8", "replace")
        self.open.append((part, delimiter))
        self.levels.setdefault(delimiter, len(self.open) - 1)
        self.current = None

    def _close(self, level: int, *, before: int) -> None:
        """What was being read ends before this delimiter's line break; multiparts inside of it end unended."""
        end = before
        if end < len(self.raw):  # the line break before a delimiter is the delimiter's
            end -= self.raw[end - 1 : end] == b"\n"
            end -= self.raw[end - 1 : end] == b"\r"
        for part, _ in self.open[level + 1 :]:
            part.end = min(part.end, max(end, part.start))
        if self.current is not None:
            self.current.end = max(min(self.current.end, end), self.current.start)
        if len(self.open) > level + 1:
            self.faults.append("a multipart does not end")
            self._leave(level + 1)

    def _leave(self, level: int) -> None:
        """Out of these multiparts; what stands after the end of one belongs to nobody."""
        for _, delimiter in self.open[level:]:
            if self.levels.get(delimiter, -1) >= level:
                del self.levels[delimiter]
        del self.open[level:]
        self.current = None


def split_parts(raw: bytes) -> tuple[Part, tuple[str, ...]]:
    """The mail as a tree, and what was wrong with it. Raises TooBig."""
    if raw.count(b"\n--") > MOST_RULED_LINES:
        raise TooBig(f"More than {MOST_RULED_LINES:,} lines look like the end of a part.")
    splitter = _Splitter(raw)
    root = splitter.split()
    root.headers.hint = splitter.hint
    return root, tuple(dict.fromkeys(splitter.faults))
