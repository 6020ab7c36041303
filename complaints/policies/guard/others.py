"""Other people's names and references, as far as whoever asks has found them."""

import re
from collections.abc import Iterator

from complaints.policies.guard.context import LetterContext
from complaints.policies.guard.findings import Family, Hit
from complaints.policies.guard.phrases import Phrases
from complaints.policies.guard.rulebook import Language
from complaints.policies.guard.text import Text

REFERENCE = re.compile(r"(?<![\w-])C(\d{2})[ -](\d{6})[ -]([A-Z])(?![\w-])", re.IGNORECASE)
CAPITALISED = re.compile(r"[^\W\d_a-z][^\W\d_]*(?:[-'][^\W\d_]+)*")
BETWEEN = {
    "van",
    "von",
    "de",
    "der",
    "den",
    "di",
    "da",
    "la",
    "le",
    "du",
    "del",
    "bin",
    "al",
    "ap",
    "zu",
    "ter",
}
MOST_WORDS, MOST_NAMES = 4, 400


def others(text: Text, language: Language, context: LetterContext) -> Iterator[Hit]:
    for match in REFERENCE.finditer(text.plain):
        reference = _written(match)
        if reference in context.other_references:
            yield Hit(Family.OTHERS, "others.reference", match.start(), match.end())
        elif reference not in context.references:
            yield Hit(Family.OTHERS, "others.unknown_reference", match.start(), match.end())
    yield from _named(text, language, context)


def references_in(letter: str) -> frozenset[str]:
    """Everything that looks like a reference of ours, as we write it."""
    return frozenset(_written(match) for match in REFERENCE.finditer(letter))


def names_in(letter: str) -> list[str]:
    """What could be a full name: two to four words with capitals in a row, small words between them allowed.

    The first few hundred only: a list of names is no letter.
    """
    found: dict[str, None] = {}
    for run in _runs(letter):
        for first in range(len(run)):
            for last in range(first + 2, min(first + MOST_WORDS, len(run)) + 1):
                found.setdefault(" ".join(run[first:last]))
            if len(found) >= MOST_NAMES:
                return list(found)
    return list(found)


def _runs(letter: str) -> Iterator[list[str]]:
    run: list[str] = []
    for word, joined in re.findall(r"([^\W\d_]+(?:['’-][^\W\d_]+)*\.?)([ ]?)", letter):
        bare = word.rstrip(".")
        if CAPITALISED.fullmatch(bare.replace("’", "'")) or (run and bare in BETWEEN):
            run.append(bare)
            if joined and not (word.endswith(".") and len(bare) > MOST_WORDS):
                continue
        if len(run) > 1:
            yield run
        run = []
    if len(run) > 1:
        yield run


def _named(text: Text, language: Language, context: LetterContext) -> Iterator[Hit]:
    tree: Phrases[str] = Phrases()
    ours = {name.casefold() for name in context.names}
    for name in context.other_names:
        if name.casefold() not in ours:
            words = list(language.reading_of(name).words())
            tree.add_words(words, name)
            tree.add_words([*words[:-1], f"{words[-1]}'s"] if words else [], name)
    for match in tree.find(text):
        start, end = text.places[match.first].start, text.places[match.last].end
        if "," not in text.plain[start:end]:
            yield Hit(Family.OTHERS, "others.name", start, end)


def _written(match: re.Match[str]) -> str:
    year, number, letter = match.groups()
    return f"C{year}-{number}-{letter.upper()}"
