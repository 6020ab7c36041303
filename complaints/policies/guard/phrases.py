"""Phrases, written as one would say them, found in a text in one walk over its words.

    you (failed|neglected) to     one of several, words or phrases
    you have? failed              may be left out
    we (all the time)? said       the same, for more than one word
    should _2 have                up to two words of any kind
    complain*                     any word that begins so
    ^ obviously                   only where a sentence begins

All phrases stand in one tree, so that a text costs about as much as it has words, whatever it says.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Generic, TypeVar

from complaints.policies.exceptions import BadPack
from complaints.policies.guard.text import STOP, Text

K = TypeVar("K")
SIGN = re.compile(r"\(|\)\??|\||[^\s()|]+")
MOST_SPELLINGS = 8000


@dataclass(slots=True)
class Node(Generic[K]):
    words: "dict[str, Node[K]]" = field(default_factory=dict)
    beginnings: "dict[str, Node[K]]" = field(default_factory=dict)
    gaps: "dict[int, Node[K]]" = field(default_factory=dict)
    ends: list[K] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Match(Generic[K]):
    """Tokens `first` to `last`, both included."""

    key: K
    first: int
    last: int


class Phrases(Generic[K]):
    def __init__(self) -> None:
        self.root: Node[K] = Node()
        self.opening: Node[K] = Node()

    def add(self, phrase: str, key: K) -> None:
        for words in spellings(phrase):
            node = self.opening if words[0] == "^" else self.root
            for word in words[1:] if words[0] == "^" else words:
                node = _step(node, word)
            node.ends.append(key)

    def add_words(self, words: list[str], key: K) -> None:
        """Words as they are: nothing in them is a sign."""
        node = self.root
        for word in words:
            node = node.words.setdefault(word, Node())
        if words:
            node.ends.append(key)

    def find(self, text: Text) -> Iterator[Match[K]]:
        """The longest match of each key at each word."""
        tokens = text.tokens
        before = STOP
        for at, token in enumerate(tokens):
            if token != STOP:
                yield from _longest(self.root, tokens, at)
                if before == STOP:
                    yield from _longest(self.opening, tokens, at)
            before = token


def tree_of(says: Iterable[str]) -> "Phrases[str]":
    """These phrases in one tree, each under its own name."""
    tree: Phrases[str] = Phrases()
    for phrase in says:
        tree.add(phrase, phrase)
    return tree


def _step(node: Node[K], word: str) -> Node[K]:
    if word.startswith("_"):
        return node.gaps.setdefault(int(word[1:] or 1), Node())
    if word.endswith("*"):
        return node.beginnings.setdefault(word[:-1], Node())
    return node.words.setdefault(word, Node())


def _longest(root: Node[K], tokens: list[str], at: int) -> Iterator[Match[K]]:
    ends: dict[K, int] = {}
    for key, end in _walk(root, tokens, at):
        ends[key] = max(end, ends.get(key, end))
    for key, end in ends.items():
        yield Match(key, at, end - 1)


def _walk(node: Node[K], tokens: list[str], at: int) -> Iterator[tuple[K, int]]:
    for key in node.ends:
        yield key, at
    for most, child in node.gaps.items():
        for reached in _reach(tokens, at, most):
            yield from _walk(child, tokens, reached)
    token = tokens[at] if at < len(tokens) else STOP
    if token == STOP:
        return
    if token in node.words:
        yield from _walk(node.words[token], tokens, at + 1)
    for beginning, child in node.beginnings.items():
        if token.startswith(beginning):
            yield from _walk(child, tokens, at + 1)


def _reach(tokens: list[str], at: int, most: int) -> Iterator[int]:
    """Where one stands after leaving out up to so many words of the sentence."""
    for reached in range(at, at + most + 1):
        yield reached
        if reached >= len(tokens) or tokens[reached] == STOP:
            return


def spellings(phrase: str) -> list[list[str]]:
    """Every way to say it, word by word."""
    signs = SIGN.findall(phrase.lower())
    found = _either(signs)
    if signs:
        raise BadPack(f"“{phrase}”: a bracket closes that was never opened.")
    if len(found) > MOST_SPELLINGS:
        raise BadPack(f"“{phrase}” can be said in {len(found)} ways. Split it.")
    if not any(found):
        raise BadPack("A phrase must say something.")
    return [words for words in found if words]


def _either(signs: list[str]) -> list[list[str]]:
    """What stands between two brackets: the ways of all its alternatives. Takes the signs it has read."""
    ways, one = [], [[]]  # type: tuple[list[list[str]], list[list[str]]]
    while signs and not signs[0].startswith(")"):
        sign = signs.pop(0)
        if sign == "|":
            ways, one = [*ways, *one], [[]]
        else:
            one = [[*before, *after] for before, after in product(one, _part(sign, signs))]
    return [*ways, *one]


def _part(sign: str, signs: list[str]) -> list[list[str]]:
    if sign != "(":
        word = sign.removesuffix("?")
        return [[word], []] if sign.endswith("?") else [[word]]
    inside = _either(signs)
    if not signs:
        raise BadPack("A bracket is never closed.")
    return [*inside, []] if signs.pop(0).endswith("?") else inside
