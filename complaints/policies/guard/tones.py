"""Phrases that blame, defend, mock, guarantee or obscure. The same words quoted from somebody else are harmless."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TypeVar

from complaints.policies.guard.context import LetterContext
from complaints.policies.guard.findings import Family, Hit
from complaints.policies.guard.phrases import Match, Phrases
from complaints.policies.guard.rulebook import Language, Plainly, Tone
from complaints.policies.guard.text import Text

R = TypeVar("R", Tone, Plainly)


def tones(text: Text, language: Language, _context: LetterContext) -> Iterator[Hit]:
    for match in _said(text, _tone_tree(language)):
        start, end = _place(text, match)
        yield Hit(match.key[0].family, match.key[0].rule, start, end)


def jargon(text: Text, language: Language, _context: LetterContext) -> Iterator[Hit]:
    for match in _said(text, _jargon_tree(language)):
        start, end = _place(text, match)
        yield Hit(Family.JARGON, "jargon", start, end, {"instead": match.key[0].instead})


@cache
def _tone_tree(language: Language) -> Phrases[tuple[Tone, bool]]:
    return _tree(language.tones, lambda tone: tone.says)


@cache
def _jargon_tree(language: Language) -> Phrases[tuple[Plainly, bool]]:
    return _tree(language.jargon, lambda plainly: (plainly.says,))


def _tree(rules: Iterable[R], says: Callable[[R], Iterable[str]]) -> Phrases[tuple[R, bool]]:
    """Every phrase under its rule, with whether it excuses."""
    tree: Phrases[tuple[R, bool]] = Phrases()
    for rule in rules:
        for phrase in says(rule):
            tree.add(phrase, (rule, False))
        for phrase in rule.unless:
            tree.add(phrase, (rule, True))
    return tree


def _said(text: Text, tree: Phrases[tuple[R, bool]]) -> Iterator[Match[tuple[R, bool]]]:
    matches = list(tree.find(text))
    excused: dict[R, set[int]] = defaultdict(set)
    for match in matches:
        rule, excuses = match.key
        if excuses:
            excused[rule].update(range(match.first, match.last + 1))
    for match in matches:
        rule, excuses = match.key
        harmless = not excused[rule].isdisjoint(range(match.first, match.last + 1))
        if not excuses and not harmless and not text.is_quoted(text.places[match.first].start):
            yield match


def _place(text: Text, match: Match[tuple[R, bool]]) -> tuple[int, int]:
    return text.places[match.first].start, text.places[match.last].end
