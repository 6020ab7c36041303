"""Content as it was before it was packed for the way. Whatever cannot be unpacked stays as it came."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_NOT_BASE64: Final = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=")
)
_BLANK: Final = b" \t\r\n\x0b\x0c"
_MOST_PADDINGS = 1_000
_FOREIGN_SHARE = 10  # one in ten signs that base64 does not have: it is no base64
_UUENCODED: Final = ("x-uuencode", "uuencode", "x-uue", "uue")
_BEGIN: Final = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?$", re.MULTILINE)
_END: Final = re.compile(rb"^end[ \t]*\r?$", re.MULTILINE)
_SHORTEST_DATA_LINE = 2


@dataclass(frozen=True, slots=True)
class Uuencoded:
    name: bytes
    content: bytes
    start: int
    end: int


def unpacked(content: bytes, encoding: str) -> tuple[bytes, str | None]:
    """The content, and what was wrong with its packing."""
    encoding = encoding.strip(" \t\"';").lower().replace(" ", "-")
    if encoding == "base64":
        return _base64(content)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(content), None
    if encoding in _UUENCODED:
        block = next(uuencoded(content), None)
        return (block.content, None) if block else (content, "uuencoded content that is none")
    known = encoding in {"", "7bit", "8bit", "7-bit", "8-bit", "binary", "plain"}
    return content, None if known else f"unknown transfer encoding “{encoding[:40]}”"


def _base64(content: bytes) -> tuple[bytes, str | None]:
    letters = content.translate(None, _NOT_BASE64)
    foreign = len(content) - len(letters) - sum(content.count(blank) for blank in _BLANK)
    if foreign * _FOREIGN_SHARE > len(letters) or letters.count(b"=") > _MOST_PADDINGS:
        return content, "base64 content that is none"
    if b"=" not in letters.rstrip(b"="):
        return _letters(letters.rstrip(b"=")), "signs that are no base64" if foreign else None
    several = b"".join(map(_letters, re.split(b"=+", letters)))
    return several, "several pieces of base64 in a row"


def _letters(letters: bytes) -> bytes:
    whole = letters[:-1] if len(letters) % 4 == 1 else letters
    return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))


def uuencoded(content: bytes) -> Iterator[Uuencoded]:
    """Files written into the text, as mail programs did before there was MIME."""
    at = 0
    while (begin := _BEGIN.search(content, at)) and (end := _END.search(content, begin.end())):
        at = end.end()
        lines = content[begin.end() : end.start()].split(b"\n")
        decoded = [_uu_line(line.rstrip(b"\r")) for line in lines]
        if None not in decoded:
            data = b"".join(line for line in decoded if line)
            yield Uuencoded(begin[1], data, begin.start(), end.end())


def _uu_line(line: bytes) -> bytes | None:
    if len(line) < _SHORTEST_DATA_LINE:
        return b""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        pass
    try:  # some encoders pad the last group in their own way
        return binascii.a2b_uu(line[: (((line[0] - 32) & 63) * 4 + 5) // 3])
    except binascii.Error:
        return None
