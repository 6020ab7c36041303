"""Mails in files: one to a file (.eml, .box), or many one after the other (mbox)."""

import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

KINDS = frozenset({".eml", ".box", ".mbox"})
TAKEN = "taken"
#: The line before each mail of an mbox: "From", an address, a day and an hour.
ENVELOPE = re.compile(rb"^From \S+ .*\d{1,2}:\d\d.*\r?\n", re.MULTILINE)
ESCAPED = re.compile(rb"^>(>*From )", re.MULTILINE)


def spool() -> Path | None:
    """The folder that is looked into with the mailboxes, where the firm has one."""
    return Path(settings.MAIL_SPOOL) if settings.MAIL_SPOOL else None


def waiting_in(folder: Path) -> list[Path]:
    """The mails in this folder, oldest first. Names that begin with a dot are still being written."""
    found = [path for path in folder.iterdir() if path.suffix.lower() in KINDS and path.is_file()]
    return sorted((path for path in found if path.name[0] != "."), key=lambda path: path.stat().st_mtime)


def mails_in(content: bytes) -> Iterator[bytes]:
    """Each mail of a file. Only a file that begins as an mbox does is taken apart: elsewhere “From” is a word."""
    if not ENVELOPE.match(content):
        if content.strip():
            yield content
        return
    starts = [match for match in ENVELOPE.finditer(content) if _begins(content, match.start())]
    ends = [match.start() for match in starts[1:]] + [len(content)]
    for start, end in zip(starts, ends, strict=True):
        mail = content[start.end() : end]
        yield ESCAPED.sub(rb"\1", mail)


def _begins(content: bytes, at: int) -> bool:
    return at == 0 or content[max(at - 4, 0) : at].endswith((b"\n\n", b"\n\r\n"))


def put_aside(path: Path) -> Path:
    """Say that we have it: out of the way, but not gone. A second file of one name does not replace the first."""
    folder = path.parent / TAKEN
    folder.mkdir(mode=0o750, exist_ok=True)
    target = folder / path.name
    number = 1
    while target.exists():
        number += 1
        target = folder / f"{path.stem}.{number}{path.suffix}"
    return path.rename(target)
