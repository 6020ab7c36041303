"""What can be put on paper: characters our fonts have, and words that can be broken."""

import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

#: Found out by setting every character once with the fonts that come inside the typesetter.
COVERED = Path(__file__).parent / "covered.json"
BOX = "□"
#: Longer than any word; what somebody typed without a space may be broken anywhere from there on.
LONG_WORD = re.compile(r"\S{40,}")
EVERY = 20
MAY_BREAK = "\u200b"
#: Latin, Greek and Cyrillic letters that stand alone, with their punctuation and the common signs.
SURE = ((0x20, 0x7E), (0xA0, 0x2FF), (0x384, 0x481), (0x48A, 0x4FF), (0x1E00, 0x1FFE), (0x2010, 0x2027))
SIGNS = "€₤№™→←−≤≥≈×□\u200b"


def only_printable(data: Any) -> Any:
    """The same data with every text fit for paper. Keys stay as they are."""
    return _mapped(data, lambda character: character if _is_covered(ord(character)) else BOX)


def surely_printable(data: Any) -> Any:
    """Stricter: for texts whose characters each are known, but not together."""
    return _mapped(data, lambda character: character if _is_sure(character) else BOX)


def _mapped(data: Any, shown: Callable[[str], str]) -> Any:
    if isinstance(data, str):
        return _clean(data, shown)
    if isinstance(data, dict):
        return {key: _mapped(value, shown) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_mapped(value, shown) for value in data]
    return data


def _clean(text: str, shown: Callable[[str], str]) -> str:
    text = unicodedata.normalize("NFC", text.replace("\t", " "))
    kept = "".join(
        "\n" if character == "\n" else shown(character)
        for character in text
        if character == "\n" or unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")
    )
    return LONG_WORD.sub(_breakable, kept)


def _breakable(word: re.Match[str]) -> str:
    text = word.group()
    return MAY_BREAK.join(text[start : start + EVERY] for start in range(0, len(text), EVERY))


@cache
def _covered() -> tuple[list[int], list[int]]:
    ranges = json.loads(COVERED.read_text(encoding="utf-8"))
    return [first for first, _ in ranges], [last for _, last in ranges]


def _is_covered(code: int) -> bool:
    firsts, lasts = _covered()
    place = bisect_right(firsts, code) - 1
    return place >= 0 and code <= lasts[place]


def _is_sure(character: str) -> bool:
    return character in SIGNS or any(first <= ord(character) <= last for first, last in SURE)
