"""What a file in a mail is called: the sender's name made harmless, or one made from what is known of it."""

import re
from pathlib import PurePath
from typing import Final

_LONGEST = 200
_ENDINGS: Final = {
    "message/delivery-status": ("delivery-status", "txt"),
    "message/rfc822": ("message", "eml"),
    "message/global": ("message", "eml"),
    "text/plain": ("document", "txt"),
    "text/html": ("document", "html"),
    "text/calendar": ("invitation", "ics"),
    "application/pdf": ("document", "pdf"),
    "application/ms-tnef": ("winmail", "dat"),
    "application/pgp-signature": ("signature", "asc"),
    "video/quicktime": ("video", "mov"),
    "image/jpeg": ("image", "jpg"),
    "image/jpg": ("image", "jpg"),
    "image/png": ("image", "png"),
    "image/gif": ("image", "gif"),
}
_RESERVED: Final = re.compile(r"(?i)(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|\Z)")
_NAMED_ID: Final = re.compile(r"([^@/\s]{1,150}\.[A-Za-z0-9]{2,5})@")
_BLANKS: Final = re.compile(r"\s+")
_DRIVE: Final = re.compile(r"[A-Za-z]:(?!\s)")


def shown_name(name: str) -> str:
    """Of a file, for eyes only: no folders, drives, control or direction-changing characters; "" if nothing is left."""
    base = PurePath(name.replace("\\", "/")).name if "/" in name or "\\" in name else name
    base = _DRIVE.sub("", base, count=1) if _DRIVE.match(base) else base
    base = "".join(character for character in _BLANKS.sub(" ", base) if character.isprintable())
    base = base.strip(" .") if base.startswith(".") else base.strip()
    if _RESERVED.match(base):
        base = f"_{base}"
    return _shortened(base)


def _shortened(name: str) -> str:
    if len(name) <= _LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > 10:  # noqa: PLR2004 no ending, only a dot somewhere
        return name[:_LONGEST]
    return f"{stem[: _LONGEST - len(ending) - 1]}.{ending}"


def name_for(media: str, *, told: str, content_id: str, subject: str, description: str) -> str:
    """The best there is: told by the sender, hidden in the Content-ID, the nested mail's subject, the kind of file."""
    if name := shown_name(told):
        return name
    if named := _NAMED_ID.match(content_id):
        return shown_name(named[1]) or "file"
    stem, ending = _ENDINGS.get(media, ("file", ""))
    if ending == "eml" and subject:
        return shown_name(f"{subject.replace('/', '-')}.eml")
    described = shown_name(description.replace("/", "-")) if ending else ""
    if described.lower().endswith(f".{ending}"):
        return described
    return f"{described or stem}.{ending}" if ending else stem


def apart(name: str, taken: set[str]) -> str:
    """The name, numbered if another file of the mail has it."""
    stem, dot, ending = name.partition(".")
    number, free = 0, name
    while free in taken:
        number += 1
        free = f"{stem}{number}{dot}{ending}"
    taken.add(free)
    return free
