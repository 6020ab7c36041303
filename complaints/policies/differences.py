"""What changed between two texts, line by line, as a person reads it."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

AROUND = 2


@dataclass(frozen=True)
class Line:
    """`mark` is "+" for a line that is new, "-" for one that is gone, "" for one around them, "…" for a gap."""

    mark: str
    text: str = ""


def differences(before: str, after: str) -> tuple[Line, ...]:
    """Nothing where nothing changed."""
    old, new = before.splitlines(), after.splitlines()
    groups = list(SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND))
    lines: list[Line] = []
    for number, group in enumerate(groups):
        if number:
            lines.append(Line("…"))
        for tag, old_from, old_to, new_from, new_to in group:
            lines += _lines(tag, old[old_from:old_to], new[new_from:new_to])
    return tuple(lines)


def _lines(tag: str, old: list[str], new: list[str]) -> Iterator[Line]:
    if tag == "equal":
        yield from (Line("", text) for text in old)
    else:
        yield from (Line("-", text) for text in old)
        yield from (Line("+", text) for text in new)
