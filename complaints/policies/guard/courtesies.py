"""Thanks and regret, once each and meant; and words of one's own beside those of the template."""

from collections.abc import Iterator
from functools import cache

from complaints.policies.guard.context import LetterContext
from complaints.policies.guard.findings import Family, Hit
from complaints.policies.guard.phrases import Phrases, tree_of
from complaints.policies.guard.rulebook import Language, house
from complaints.policies.guard.text import Text

#: Fewer words of one's own than this are no answer to anybody in particular …
OWN_WORDS = 12
#: … where this much of the letter is the template's.
MOSTLY = 0.6


def courtesy(text: Text, language: Language, context: LetterContext) -> Iterator[Hit]:
    if context.kind in house().thanks_in and not _says(text, _thanks(language)):
        yield Hit(Family.COURTESY, "courtesy.thanks")
    if context.kind in house().regret_in and not _says(text, _regret(language)):
        yield Hit(Family.COURTESY, "courtesy.regret")


def apologies(text: Text, language: Language, _context: LetterContext) -> Iterator[Hit]:
    """Once is heartfelt, twice may be. More reads like a machine."""
    other = {at for match in _no_apology(language).find(text) for at in range(match.first, match.last + 1)}
    said: list[tuple[int, int]] = []
    for match in _regret(language).find(text):
        start, end = text.places[match.first].start, text.places[match.last].end
        if match.first not in other and (not said or start >= said[-1][1]) and not text.is_quoted(start):
            said.append((start, end))
    for start, end in said[language.courtesies.enough_apologies :]:
        yield Hit(Family.APOLOGY, "apology.repeated", start, end)


def untouched(text: Text, language: Language, context: LetterContext) -> Iterator[Hit]:
    """Does the letter say anything its template does not?"""
    if not context.template.strip():
        return
    begun_with = language.reading_of(context.template)
    known = {_sentence(begun_with, tokens) for tokens in begun_with.sentences}
    lengths = [(len(tokens), _sentence(text, tokens) in known) for tokens in text.sentences]
    canned = sum(length for length, is_known in lengths if is_known)
    own = sum(length for length, is_known in lengths if not is_known)
    if canned and own < OWN_WORDS and canned >= MOSTLY * (canned + own):
        yield Hit(Family.UNTOUCHED, "untouched")


def _sentence(text: Text, tokens: range) -> tuple[str, ...]:
    return tuple(text.tokens[tokens.start : tokens.stop])


def _says(text: Text, phrases: Phrases[str]) -> bool:
    return any(True for _ in phrases.find(text))


@cache
def _thanks(language: Language) -> Phrases[str]:
    return tree_of(language.courtesies.thanks)


@cache
def _regret(language: Language) -> Phrases[str]:
    return tree_of(language.courtesies.regret)


@cache
def _no_apology(language: Language) -> Phrases[str]:
    return tree_of(language.courtesies.no_apology)
