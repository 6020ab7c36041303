"""Where the table begins, and what its columns are."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from complaints.intake.reading.exceptions import UnknownLayout
from complaints.intake.reading.profiles import PROFILES, Profile, suggestions_for
from complaints.intake.reading.records import JunkLine

DELIMITERS: Final = (",", ";", "\t", "|")
_DEEPEST = 100  # lines of junk we look under
_TALLEST = 20  # lines a header may run over, its names being quoted
_SAME_WIDTH = 10
_BEYOND_DOUBT = 4  # columns recognised, so that a title with one word in it is not taken for the header
_LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class Header:
    """`first` and `last` are the physical lines it stands on, counted from 1."""

    first: int
    last: int
    names: tuple[str, ...]
    delimiter: str
    profile: Profile
    fields: dict[str, int]
    junk: tuple[JunkLine, ...]


def find_header(lines: Sequence[str], profile: Profile | None) -> Header:
    profiles = (profile,) if profile else tuple(PROFILES.values())
    best: Header | None = None
    for index in range(min(len(lines), _DEEPEST)):
        for found in _headers_at(lines, index, profiles):
            if best is None or len(found.fields) > len(best.fields):
                best = found
        if best and len(best.fields) >= _BEYOND_DOUBT:
            break
    if best is None:
        raise _unknown(lines, profile)
    return best


def _headers_at(lines: Sequence[str], index: int, profiles: Sequence[Profile]) -> Iterator[Header]:
    for delimiter in DELIMITERS:
        names, height = _cells(lines[index : index + _TALLEST], delimiter)
        for profile in profiles if max(map(len, names), default=0) < _LONGEST_NAME else ():
            fields = profile.match(names)
            if profile.fits(fields):
                yield Header(
                    index + 1, index + height, names, delimiter, profile, fields, _junk(lines[:index])
                )


def _cells(lines: Sequence[str], delimiter: str) -> tuple[tuple[str, ...], int]:
    """One header's names and how many lines they take; a stray quote in junk is no header."""
    reader = csv.reader(iter(lines), delimiter=delimiter, skipinitialspace=True)
    try:
        cells = next(reader, [])
    except csv.Error:
        return (), 1
    return tuple(" ".join(cell.split()) for cell in cells), reader.line_num


def _junk(lines: Sequence[str]) -> tuple[JunkLine, ...]:
    return tuple(JunkLine(number, line.strip()[:200]) for number, line in enumerate(lines, start=1))


def _unknown(lines: Sequence[str], profile: Profile | None) -> UnknownLayout:
    index, names = _likeliest_header(lines)
    missing = (
        [ours for ours in sorted(profile.required) if ours not in profile.match(names)] if profile else []
    )
    if not names:
        message = "There is no table in this file."
    elif profile:
        wanted = "; ".join(f"{ours}: {' or '.join(profile.columns.get(ours, ()))}" for ours in missing)
        message = f"The header has no column that the profile “{profile.name}” needs ({wanted})."
    else:
        message = "We have not seen such a file before. Say which column is what, and we can remember it."
    return UnknownLayout(
        message, header=names, line_number=index + 1, suggestions=suggestions_for(names), missing=missing
    )


def _likeliest_header(lines: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """The first line that is as wide as what follows it."""
    best: tuple[tuple[int, int], int, tuple[str, ...]] = ((0, 0), 0, ())
    for delimiter in DELIMITERS:
        rows = [_cells(lines[index : index + 1], delimiter)[0] for index in range(min(len(lines), _DEEPEST))]
        for index, row in enumerate(rows):
            width = len([cell for cell in row if cell])
            same = sum(len(row) == len(other) for other in rows[index + 1 : index + 1 + _SAME_WIDTH])
            if width > 1 and (min(same, 3), width) > best[0]:
                best = (min(same, 3), width), index, tuple(cell[:_LONGEST_NAME] for cell in row)
    return best[1], best[2]
