"""One call of the typesetter. Words reach it as JSON and are printed, never read as its language (SEC-08)."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import typst

from complaints.resolution.papers.printable import only_printable, surely_printable

#: All that a paper may read lies in here; the typesetter opens nothing outside and fetches nothing.
ROOT = Path(__file__).parent / "typst"
NOT_COVERED = "could not be displayed"


def typeset(template: str, data: dict[str, Any], *, at: datetime) -> bytes:
    """The paper as an accessible PDF (PDF/UA-1). The same data and moment give the same bytes.

    A character that none of the typesetter's own fonts has comes out as a box.
    """
    try:
        return _compile(template, only_printable(data), at)
    except typst.TypstError as error:
        if NOT_COVERED not in str(error):
            raise
        return _compile(template, surely_printable(data), at)


def _compile(template: str, data: Any, at: datetime) -> bytes:
    made = typst.compile(
        ROOT / f"{template}.typ",
        root=ROOT,
        format="pdf",
        pdf_standards=["ua-1"],
        sys_inputs={"data": canonical(data)},
        # Fonts of the machine would make another file on another machine.
        ignore_system_fonts=True,
        timestamp=int(at.timestamp()),
    )
    return _bytes(made)


def as_pictures(template: str, data: dict[str, Any], *, ppi: int = 110) -> list[bytes]:
    """Its pages as PNG, for eyes."""
    made: object = typst.compile(
        ROOT / f"{template}.typ",
        root=ROOT,
        format="png",
        ppi=ppi,
        sys_inputs={"data": canonical(only_printable(data))},
        ignore_system_fonts=True,
    )
    return made if isinstance(made, list) else [_bytes(made)]


def _bytes(made: object) -> bytes:
    if not isinstance(made, bytes):
        raise TypeError(type(made))
    return made


def canonical(data: Any) -> str:
    """One text for one content, whatever order it was put together in."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1)
