"""The lines above a mail or a part, unfolded, as bytes; and their text, encoded words and raw 8-bit included."""

import binascii
import re
from collections.abc import Iterator
from typing import Final

from complaints.mailroom.reading.charsets import codec_for, storable, text_of
from complaints.mailroom.reading.exceptions import TooBig
from complaints.mailroom.reading.limits import LONGEST_HEADERS, MOST_HEADER_LINES, MOST_HEADERS

_FIELD: Final = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_ENVELOPE: Final = (b"From ", b">From ")
#: Written by many without the end, with blanks or question marks inside: bounded, so that nothing is read twice.
_WORD: Final = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*(?:\?(?!=)[^?]{0,200}){0,2})\?=")
_BREAKS: Final = re.compile(r"[\r\n\t\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+ ?")
_LONGEST_LINE = 8_000
_NOT_BASE64: Final = re.compile(r"[^A-Za-z0-9+/]")


class Headers:
    """In the order they came. `hint` is the charset the mail names anywhere, for raw bytes in headers."""

    def __init__(self, fields: list[tuple[str, bytes]]) -> None:
        self._fields = fields
        self.hint: str | None = None

    def __bool__(self) -> bool:
        return bool(self._fields)

    def __contains__(self, name: str) -> bool:
        return any(key == name for key, _ in self._fields)

    def raw(self, name: str) -> Iterator[str]:
        """Every value of this name as text, its encoded words left as they are."""
        for key, value in self._fields:
            if key == name:
                text, _ = text_of(value, self.hint)
                yield _BREAKS.sub(" ", text).strip()

    def first(self, name: str) -> str | None:
        return next(self.raw(name), None)

    def text(self, name: str) -> str:
        """What a person reads of the first one; never more than one line."""
        return words_decoded((self.first(name) or "")[:_LONGEST_LINE])


def split_headers(raw: bytes, start: int, end: int) -> tuple[Headers, int, list[str]]:
    """The headers from here on, where the body begins, and what was wrong. Raises TooBig."""
    stop, body = _end_of_headers(raw, start, end)
    if stop - start > LONGEST_HEADERS:
        raise TooBig(f"The headers are longer than {LONGEST_HEADERS // 1024} kB.")
    if raw.count(b"\n", start, stop) > MOST_HEADER_LINES:
        raise TooBig(f"The headers have more than {MOST_HEADER_LINES:,} lines.")
    lines = raw[start:stop].splitlines(keepends=True)
    fields, used, faults = _fields(lines)
    if len(fields) > MOST_HEADERS:
        raise TooBig(f"There are more than {MOST_HEADERS:,} headers.")
    if used < len(lines):  # the text began without a blank line
        body = start + sum(map(len, lines[:used]))
    return Headers(fields), body, faults


def _end_of_headers(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """Where the headers stop and where the body starts: around the first blank line, in any of three line ends."""
    for blank in (b"\n", b"\r\n", b"\r"):
        if raw.startswith(blank, start, end):
            return start, start + len(blank)
    limit = min(end, start + LONGEST_HEADERS + 2)
    found = [(at, gap) for gap in (b"\n\n", b"\n\r\n", b"\r\r") if (at := raw.find(gap, start, limit)) >= 0]
    if not found:
        return end, end
    at, gap = min(found)
    return at + 1, at + len(gap)


def _fields(lines: list[bytes]) -> tuple[list[tuple[str, bytes]], int, list[str]]:
    """The fields, how many lines they took, and faults. A line that is none ends them, unless more come after it."""
    gathered: list[tuple[str, list[bytes]]] = []
    faults: list[str] = []
    last = max((number for number, line in enumerate(lines) if _FIELD.match(line)), default=-1)
    for number, line in enumerate(lines):
        if field := _FIELD.match(line):
            gathered.append((field[1].decode("ascii").lower(), [line[field.end() :]]))
        elif gathered and (line[:1] in b" \t" or gathered[-1][1][-1].rstrip().endswith(b";")):
            gathered[-1][1].append(line)  # folded; after a semicolon also by those who forget to indent
        elif number > last:
            return _joined(gathered), number, [*faults, "the headers end without a blank line"]
        elif not (number == 0 and line.startswith(_ENVELOPE)):
            faults = ["a line among the headers is none"]
    return _joined(gathered), len(lines), faults


def _joined(gathered: list[tuple[str, list[bytes]]]) -> list[tuple[str, bytes]]:
    return [(name, b" ".join(line.strip() for line in lines)) for name, lines in gathered]


def words_decoded(text: str) -> str:
    """Encoded words read, also broken ones; neighbours of one charset as one: some cut a character between them."""
    if "=?" not in text:
        return text
    found = list(_WORD.finditer(text))
    if not found:
        return text
    pieces, waiting = [text[: found[0].start()]], b""
    for word, following in zip(found, [*found[1:], None], strict=True):
        content = waiting + _word_bytes(word)
        gap = text[word.end() : following.start() if following else len(text)]
        if following and not gap.strip() and codec_for(_charset(word)) == codec_for(_charset(following)):
            waiting = content
            continue
        pieces.append(text_of(content, _charset(word))[0])
        waiting = b""
        pieces.append("" if following and not gap.strip() else gap)
    return storable(_BREAKS.sub(" ", "".join(pieces)))


def _charset(word: re.Match[str]) -> str:
    return word[1].partition("*")[0]


def _word_bytes(word: re.Match[str]) -> bytes:
    if word[2] in "qQ":
        return binascii.a2b_qp(word[3].encode("utf-8", "replace"), header=True)
    letters = _NOT_BASE64.sub("", word[3])
    letters = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(letters + "=" * (-len(letters) % 4))
