import io
import struct
import tracemalloc
import zipfile
import zlib

import pytest

from complaints.mailroom import enclosures
from complaints.mailroom.enclosures import Refused, type_of

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PNG = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return PNG + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


def jpeg(width: int, height: int) -> bytes:
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + b"\0" * 9 + frame + b"\xff\xd9"


def webp(width: int, height: int) -> bytes:
    body = b"VP8X" + struct.pack("<I", 10) + b"\0" * 4
    body += (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def office(kind: str, **files: bytes) -> bytes:
    """A Word or Excel file with these parts in it, named with a double underscore for a folder."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("_rels/.rels", "<Relationships/>")
        for name, content in ({f"{kind}__main.xml": b"<a/>"} | files).items():
            packed.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def lying(packed: bytes, size: int) -> bytes:
    """The table of contents claims this size for the last file: what a bomb of gigabytes looks like in kilobytes."""
    at = packed.rfind(b"PK\x01\x02")
    return packed[: at + 24] + struct.pack("<I", size) + packed[at + 28 :]


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (b"%PDF-1.7\n1 0 obj <</Type /Page>> endobj\n%%EOF", "application/pdf"),
        (png(4000, 3000), "image/png"),
        (jpeg(4000, 3000), "image/jpeg"),
        (webp(4000, 3000), "image/webp"),
        (b"GIF89a" + struct.pack("<HH", 40, 30) + b"\0" * 8, "image/gif"),
        (office("word"), DOCX),
        (office("xl"), XLSX),
        ("Grüße".encode(), "text/plain"),
    ],
)
def test_what_people_send_is_taken_by_what_it_is(content: bytes, mime: str) -> None:
    assert type_of(content) == mime


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ" + b"\0" * 100,
        b"<html><script>1</script>",
        b"<svg xmlns='a'/>",
        b"\x7fELF" + b"\0" * 60,
        b"\xff\xfe\x00a",
    ],
)
def test_what_runs_or_is_nothing_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        type_of(content)


@pytest.mark.parametrize(
    ("bomb", "why"),
    [
        (png(10_000, 10_001), "points"),
        (jpeg(40_000, 40_000), "points"),
        (webp(16_000, 16_000), "points"),
        (b"GIF89a" + struct.pack("<HH", 60_000, 60_000) + b"\0" * 8, "points"),
        (b"%PDF-1.7\n2 0 obj <</Type /Pages /Count 10000>> endobj", "pages"),
        (b"%PDF-1.7\n" + b"<</Type /Page>>\n" * 10_000, "pages"),
        (office("word", word__bomb=b"\0" * 40_000_000), "unpacked"),
        (lying(office("xl", xl__sheet=b"1"), 4_000_000_000), "unpacked"),
        (office("xl", **{f"xl__{number}": b"" for number in range(3_000)}), "unpacked"),
        (
            office(
                "xl", **{"xl/bomb.xml": b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaa">]><x>&a;</x>'}
            ),
            "declares",
        ),
        (office("xl", **{"xl/bomb.xml": '<!DOCTYPE x [<!ENTITY a "a">]>'.encode("utf-16")}), "declares"),
    ],
)
def test_sec_54_bombs_are_refused_before_anything_is_unpacked(bomb: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why):
        type_of(bomb)


def test_a_damaged_file_is_refused_and_no_crash() -> None:
    whole = office("word", word__more=b"x" * 5_000)
    for length in range(100, len(whole), 97):
        with pytest.raises(Refused):
            type_of(whole[:length])


def test_sec_54_refusing_a_bomb_takes_no_memory() -> None:
    bomb = office("word", word__bomb=b"\0" * 90_000_000)
    tracemalloc.start()
    with pytest.raises(Refused):
        type_of(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * len(bomb) + 1_000_000


@pytest.mark.parametrize(
    ("name", "mime", "saved"),
    [
        ("letter.PDF", "application/pdf", "letter.PDF"),
        ("page.html", "text/plain", "page.html.txt"),
        ("picture.html", "image/gif", "picture.html.gif"),
        ("a.pdf.exe", "application/pdf", "a.pdf.exe.pdf"),
        ("document", "image/jpeg", "document.jpg"),
        ("odd", "application/x-odd", "odd.bin"),
    ],
)
def test_sec_03_a_file_is_saved_under_a_name_its_type_is_opened_by(name: str, mime: str, saved: str) -> None:
    assert enclosures.name_for(name, mime) == saved
    assert set(enclosures._ENDINGS) == enclosures.ACCEPTED | {"text/plain"}
