"""What a file is, by its bytes, and whether we take it. Nothing is unpacked, drawn or run to find out."""

import io
import re
import struct
import zipfile
from typing import Final

import filetype

from complaints.mailroom.exceptions import MailroomError

LARGEST: Final = 10 * 1024 * 1024
#: By what the bytes say; the name is never asked. Plain text has no signature.
ACCEPTED: Final = frozenset(
    {
        "application/pdf",
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "image/heic",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)
_MEGABYTE: Final = 1024 * 1024
_LARGEST_UNPACKED, _MOST_PACKED, _MOST_FOR_ONE = 100 * _MEGABYTE, 2_000, 200
_MOST_PIXELS: Final = 64_000_000  # no telephone takes more unless it is told to
_MOST_PAGES: Final = 5_000
_PROLOGUE: Final = 4_096
_PAGES: Final = re.compile(rb"/Count[ \t\r\n]{1,9}(\d{1,9})")
_PAGE: Final = re.compile(rb"/Type[ \t\r\n]{0,9}/Page\b")
_DECLARES: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # of a JPEG, that tell its size


#: How a file of each type may be called. Saved under another name it is opened as something else, by whoever named it.
_ENDINGS: Final = {
    "application/pdf": (".pdf",),
    "image/jpeg": (".jpg", ".jpeg", ".jfif"),
    "image/png": (".png",),
    "image/gif": (".gif",),
    "image/webp": (".webp",),
    "image/heic": (".heic", ".heif"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": (".docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": (".xlsx",),
    "text/plain": (".txt", ".csv", ".log", ".md", ".eml"),
}


class Refused(MailroomError):
    """A file we do not take, in words its sender understands."""


def type_of(content: bytes) -> str:
    """The type the bytes themselves show, of a file we take. Raises Refused."""
    if not content:
        raise Refused("The file is empty.")
    if len(content) > LARGEST:
        raise Refused(f"The file is larger than {LARGEST // _MEGABYTE} MB.")
    kind = filetype.guess(content)
    if kind is None and _is_text(content):
        return "text/plain"
    if kind is None or kind.mime not in ACCEPTED:
        raise Refused("We take PDF, pictures, Word and Excel files and plain text.")
    _refuse_bombs(content, str(kind.mime))
    return str(kind.mime)


def name_for(name: str, mime: str) -> str:
    """The name under which a file is saved: one that its type is opened by, whatever its sender called it."""
    endings = _ENDINGS.get(mime, (".bin",))
    return name if name.lower().endswith(endings) else f"{name}{endings[0]}"


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return "\0" not in text and not text.lstrip().startswith("<")


def _refuse_bombs(content: bytes, mime: str) -> None:
    if mime.startswith("image/"):
        width, height = size_of_picture(content, mime)
        if width * height > _MOST_PIXELS:
            raise Refused(f"The picture has more than {_MOST_PIXELS // 1_000_000} million points.")
    elif mime == "application/pdf":
        if max(_pages_told(content), len(_PAGE.findall(content))) > _MOST_PAGES:
            raise Refused(f"The PDF has more than {_MOST_PAGES:,} pages.")
    else:
        _refuse_packed_bombs(content)


def _pages_told(content: bytes) -> int:
    return max((int(found) for found in _PAGES.findall(content)), default=0)


def _refuse_packed_bombs(content: bytes) -> None:
    """By its table of contents, and by the first words of the XML in it, where entities would be declared."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
            total = sum(entry.file_size for entry in entries)
            ratio = total / max(len(content), 1)
            if len(entries) > _MOST_PACKED or total > _LARGEST_UNPACKED or ratio > _MOST_FOR_ONE:
                raise Refused("The file would be too large once it is unpacked.")
            for entry in entries:
                if entry.filename.lower().endswith((".xml", ".rels")):
                    _refuse_declarations(packed, entry)
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
        EOFError,
    ):
        raise Refused("The file is damaged.") from None


def _refuse_declarations(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    with packed.open(entry) as file:
        beginning = file.read(_PROLOGUE)
    if _DECLARES.search(beginning.replace(b"\0", b"")):  # UTF-16 has a NUL between the letters
        raise Refused("The file declares what no Word or Excel file does.")


def size_of_picture(content: bytes, mime: str) -> tuple[int, int]:
    """Width and height as the picture tells them; 0 where it does not."""
    try:
        if mime == "image/png":
            return struct.unpack(">II", content[16:24])
        if mime == "image/gif":
            return struct.unpack("<HH", content[6:10])
        if mime == "image/jpeg":
            return _size_of_jpeg(content)
        if mime == "image/webp":
            return _size_of_webp(content)
        return _size_of_heic(content)
    except struct.error:
        return 0, 0


def _size_of_jpeg(content: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(content):
        if content[at] != 0xFF:  # noqa: PLR2004 every segment begins so
            return 0, 0
        if content[at + 1] in _FRAMES:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 1 if content[at + 1] == 0xFF else 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]  # noqa: PLR2004
    return 0, 0


def _size_of_webp(content: bytes) -> tuple[int, int]:
    form = content[12:16]
    if form == b"VP8X":
        return 1 + int.from_bytes(content[24:27], "little"), 1 + int.from_bytes(content[27:30], "little")
    if form == b"VP8L":
        packed = int.from_bytes(content[21:25], "little")
        return 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", content[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _size_of_heic(content: bytes) -> tuple[int, int]:
    """The largest it tells: there is one box of sizes for the picture and one for each of its tiles."""
    sizes = [
        struct.unpack(">II", content[at + 8 : at + 16])
        for at in _places(content, b"ispe")
        if at + 16 <= len(content)
    ]
    return max(sizes, key=lambda size: size[0] * size[1], default=(0, 0))


def _places(content: bytes, mark: bytes) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(mark), content[: 256 * 1024])]
