"""Bytes to text, in one pass and without trusting the first page to speak for the last.

UTF-8 is read strictly; a byte that is none is kept as a surrogate and translated line by line as Windows-1252, so a bad
byte in the millionth row neither stops the import nor spoils the rows before it.
"""

import codecs
import io
import re
from dataclasses import dataclass
from typing import Final

from complaints.intake.reading.exceptions import NotText

_SIGNATURES: Final = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook; unpack it, or save it as CSV"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; save it as CSV"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"%PDF", "a PDF"),
    (b"SQLite format 3", "a database"),
)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_BUFFER: Final = 256 * 1024
_LEGIBLE = 0.98
_BINARY = bytes(set(range(32)) - {0, 7, 8, 9, 10, 11, 12, 13, 26, 27})
_ESCAPED = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")
_UNTANGLED = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0x100)
}


@dataclass(frozen=True, slots=True)
class Encoding:
    codec: str
    errors: str
    mark: int  # bytes of byte order mark to step over


def encoding_of(head: bytes, told: str | None = None) -> Encoding:
    for signature, what in _SIGNATURES:
        if head.startswith(signature):
            raise NotText(f"This is not a table written as text: it is {what}.")
    mark, codec = next(((len(mark), codec) for mark, codec in _MARKS if head.startswith(mark)), (0, None))
    codec = told or codec or _guess(head)
    if not codec.startswith("utf-16") and not codec.startswith("utf-32") and _is_binary(head):
        raise NotText("This is not a table written as text.")
    narrow = codec in {"utf-8", "cp1252"}
    return Encoding(_known(codec), "surrogateescape" if narrow else "replace", mark)


def _is_binary(head: bytes) -> bool:
    return len(head.translate(None, _BINARY)) < _LEGIBLE * len(head)


def _known(codec: str) -> str:
    try:
        return codecs.lookup(codec).name
    except LookupError:
        raise NotText(f"There is no encoding called “{codec}”.") from None


def _guess(head: bytes) -> str:
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) // 5:
        return "utf-16-le" if odd > even else "utf-16-be"
    text = head[:-3].decode("utf-8", "surrogateescape")  # the head may end inside a character
    return "cp1252" if _ESCAPED.search(text) and not _BEYOND_ASCII.search(text) else "utf-8"


def untangled(line: str) -> tuple[str, str | None]:
    """The line as it was meant, and what had to be done to it; for lines that are not plain ASCII or hold a NUL."""
    remark = None
    if "\0" in line:
        line, remark = line.replace("\0", ""), "NUL characters were left out"
    if not line.isascii():
        if _ESCAPED.search(line):
            line, remark = line.translate(_UNTANGLED), "bytes that are not UTF-8 were read as Windows-1252"
        line = line.removeprefix("\ufeff")
    return line, remark


def text_of(raw: io.RawIOBase, encoding: Encoding, line_end: str) -> io.TextIOWrapper:
    buffered = io.BufferedReader(raw, _BUFFER)
    buffered.read(encoding.mark)
    return io.TextIOWrapper(buffered, encoding=encoding.codec, errors=encoding.errors, newline=line_end)
