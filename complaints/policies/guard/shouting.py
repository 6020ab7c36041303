"""Capitals and exclamation marks. Initials, codes and names that are written in capitals do not shout."""

import re
from collections.abc import Iterator

from complaints.policies.guard.context import LetterContext
from complaints.policies.guard.findings import Family, Hit
from complaints.policies.guard.rulebook import Language
from complaints.policies.guard.text import STOP, Place, Text

MARKS = re.compile(r"[!?]{2,}|!(?:[ ]![! ]{0,20})")
CODE = re.compile(r"[-/_&\d]")
LOUD, LONG, SHORT = 4, 6, 3
ENOUGH_EXCLAMATIONS = 3


def shouting(text: Text, language: Language, _context: LetterContext) -> Iterator[Hit]:
    for match in MARKS.finditer(text.plain):
        if not text.is_quoted(match.start()):
            yield Hit(Family.SHOUTING, "shouting.marks", match.start(), match.end())
    exclaimed = [match.start() for match in re.finditer("!", text.plain)]
    if len(exclaimed) > ENOUGH_EXCLAMATIONS:
        at = exclaimed[ENOUGH_EXCLAMATIONS]
        yield Hit(Family.SHOUTING, "shouting.marks", at, at + 1)
    for run in _runs(text):
        yield from _judged(text, run, language)


def _runs(text: Text) -> Iterator[list[Place]]:
    """Capitals standing together."""
    run: list[Place] = []
    for token, place in zip([*text.tokens, STOP], [*text.places, Place(0, 0)], strict=True):
        if run and place == run[-1]:
            continue
        if token != STOP and _is_capital(text, place):
            run.append(place)
            continue
        if run:
            yield run
        run = []


def _is_capital(text: Text, place: Place) -> bool:
    word = text.plain[place.start : place.end].replace("'", "")
    around = text.plain[max(place.start - 1, 0) : place.start] + text.plain[place.end : place.end + 1]
    return len(word) > 1 and word.isalpha() and word.isupper() and not CODE.search(around)


def _judged(text: Text, run: list[Place], language: Language) -> Iterator[Hit]:
    words = [text.plain[place.start : place.end] for place in run]
    stressed = [word.lower() in language.capitals.stressed for word in words]
    unknown = [word not in language.capitals.known for word in words]
    if text.is_quoted(run[0].start) or not any(unknown):
        return
    loud = sum(strange and len(word) >= SHORT for word, strange in zip(words, unknown, strict=True))
    if len(run) > 1 and (loud > 1 or any(stressed)) and max(map(len, words)) >= LOUD:
        yield Hit(Family.SHOUTING, "shouting.capitals", run[0].start, run[-1].end)
        return
    for place, word, is_stressed, is_unknown in zip(run, words, stressed, unknown, strict=True):
        if is_stressed or (is_unknown and len(word) >= LONG):
            yield Hit(Family.SHOUTING, "shouting.word", place.start, place.end)
