"""Bytes to text, whatever the mail says its charset is.

The declared charset is tried first and believed if it fits; what does not fit is read as UTF-8 if it is that, and else
leniently, so that one wrong byte costs one character and never the text.
"""

import codecs
import re
from functools import lru_cache
from typing import Final

#: What mail programs write and no codec is called, or where the wider neighbour is what they mean.
_MEANT: Final = {
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "iso-8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "big5": "big5hkscs",
    "tis-620": "cp874",
    "utf8": "utf-8",
    "utf-8mb4": "utf-8",
    "utf8mb4": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-mac-roman": "mac_roman",
    "macintosh": "mac_roman",
    "windows-874": "cp874",
}
#: Python knows "codecs" that are no charsets, some of them slow; only these families are ever asked.
_FAMILIES: Final = (
    *("utf", "iso", "cp", "koi8", "big5", "gb", "euc", "shift", "mac", "hz", "johab", "ascii", "tis", "kz"),
)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NOT_STORABLE: Final = re.compile("[\x00\ud800-\udfff]")
_SHIFTED_JAPANESE: Final = (b"\x1b$B", b"\x1b$@")
_AS_WINDOWS: Final = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0x100)
}


def text_of(content: bytes, charset: str | None) -> tuple[str, str | None]:
    """The text, and what had to be put up with to get it. Neither NUL nor half a character is ever in it."""
    text, fault = _decoded(content, charset)
    return storable(text), fault


def storable(text: str) -> str:
    """Without what no database takes: NUL, and halves of characters."""
    return _NOT_STORABLE.sub("\ufffd", text)


def _decoded(content: bytes, charset: str | None) -> tuple[str, str | None]:
    for mark, marked in _MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(marked, "replace"), None
    codec = codec_for(charset)
    if content.isascii() and not _shifts(content, codec):
        return content.decode("ascii"), None if codec or not charset else f"unknown charset “{charset}”"
    if codec is None:
        unknown = f"unknown charset “{charset}”" if charset else "no charset was named"
        return _guessed(content), unknown
    return _declared(content, codec, charset)


def _declared(content: bytes, codec: str, charset: str | None) -> tuple[str, str | None]:
    """The charset that was named, unless the bytes say otherwise. Western text is next to never valid UTF-8."""
    as_utf8 = _strictly(content, "utf-8")
    if codec == "cp1252" and as_utf8 is not None:
        return as_utf8, f"it says {charset} and is UTF-8"
    text = _strictly(content, codec)
    if text is not None:
        return text, None
    if codec == "cp1252":  # five of its places are empty, and used
        return content.decode("latin-1").translate(_LATIN_AS_WINDOWS), None
    if as_utf8 is not None:
        return as_utf8, f"it says {charset} and is UTF-8"
    return _leniently(content, codec), f"bytes that are not {charset}"


def _leniently(content: bytes, codec: str) -> str:
    if codec == "utf-8":
        return content.decode("utf-8", "surrogateescape").translate(_AS_WINDOWS)
    return content.decode(codec, "replace")


def _guessed(content: bytes) -> str:
    if any(mark in content for mark in _SHIFTED_JAPANESE):
        return content.decode("iso2022_jp_ext", "replace")
    return _leniently(content, "utf-8")


def _strictly(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _shifts(content: bytes, codec: str | None) -> bool:
    """Whether plain bytes mean something else in it: Japanese by escapes, Chinese by tildes, UTF-7, and UTF-16 where
    there are NULs among them; without any they are what they look like, as in the headers of such a mail.
    """
    if codec is None:
        return any(mark in content for mark in _SHIFTED_JAPANESE)
    if codec.startswith(("utf-16", "utf-32")):
        return b"\x00" in content
    return codec.startswith(("iso2022", "hz", "utf-7"))


@lru_cache(maxsize=256)
def codec_for(charset: str | None) -> str | None:
    """The codec that is meant by a name in a mail; None for names that mean nothing."""
    name = (charset or "").strip().strip("\"'").lower().replace(" ", "-")
    if not name or len(name) > 40 or not name.isascii():  # noqa: PLR2004 no charset has a longer name
        return None
    name = _MEANT.get(name, name)
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return found if found.startswith(_FAMILIES) else None


_LATIN_AS_WINDOWS: Final = {
    byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0xA0)
}
