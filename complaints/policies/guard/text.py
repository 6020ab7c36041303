"""A letter read once: its words in the rules' spelling, each with its place, and where sentences and quotations end."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

#: Stands between two sentences, and is no word: no phrase reaches over it.
STOP = ""
#: Same length for same length, so that a place in the one is a place in the other.
PLAIN = str.maketrans("’‘ʼ`´“”„«»\u00a0\u202f\u2009‐‑‒–—", "'''''\"\"\"\"\"   -----")
NOT_WORDS = re.compile(r"https?://[^\s<>]{1,2000}|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,190}")
TOKEN = re.compile(
    r"(?P<word>[^\W_]+(?:'[^\W_]+)*)"
    r"|(?P<stop>(?<!\b\d)(?<!\b\d\d)\.+(?=[\"')\]]*\s+[^\s\da-zäöüß]|[\"')\]]*\s*\Z)|[!?:]+(?=[\"')\]]*\s+[^\s\da-zäöüß]|[\"')\]]*\s*\Z)|[!?]+|\n\s*\n|\n(?=\s*[^\sa-zäöüß]))"
)
QUOTED = re.compile(r'"[^"\n]{1,600}"|(?<![\w])\'[^\'\n]{12,600}\'(?!\w)|(?m:^>.*$)')


@dataclass(frozen=True, slots=True)
class Place:
    start: int
    end: int


class Text:
    """`tokens` and `places` run side by side: a contraction is two words in one place, a STOP has no place to show."""

    def __init__(self, raw: str, contractions: Mapping[str, str], endings: Mapping[str, str]) -> None:
        self.raw = raw
        self.plain = _blank(raw.translate(PLAIN))
        self.low = _lower(self.plain)
        self.tokens: list[str] = []
        self.places: list[Place] = []
        for match in TOKEN.finditer(self.plain):
            self._take(match, contractions, endings)

    def _take(
        self, match: re.Match[str], contractions: Mapping[str, str], endings: Mapping[str, str]
    ) -> None:
        place = Place(match.start(), match.end())
        if match.lastgroup == "stop":
            self._put(STOP, place)
            return
        word = self.low[place.start : place.end]
        for part in _spelt_out(word, contractions, endings).split():
            self._put(part, place)

    def _put(self, token: str, place: Place) -> None:
        self.tokens.append(token)
        self.places.append(place)

    def quote(self, start: int, end: int) -> str:
        return self.raw[start:end]

    @cached_property
    def quotations(self) -> list[Place]:
        """What somebody else said."""
        return [Place(match.start(), match.end()) for match in QUOTED.finditer(self.plain)]

    def is_quoted(self, start: int) -> bool:
        at = bisect_right(self._quotation_starts, start) - 1
        return at >= 0 and start < self.quotations[at].end

    @cached_property
    def _quotation_starts(self) -> list[int]:
        return [place.start for place in self.quotations]

    @cached_property
    def sentences(self) -> list[range]:
        """The tokens of each sentence, without its stop."""
        found, begun = [], 0
        for at, token in enumerate([*self.tokens, STOP]):
            if token == STOP:
                if at > begun:
                    found.append(range(begun, at))
                begun = at + 1
        return found

    def place_of(self, tokens: range) -> Place:
        return Place(self.places[tokens.start].start, self.places[tokens.stop - 1].end)

    def words(self) -> Iterator[str]:
        return (token for token in self.tokens if token != STOP)


def _lower(text: str) -> str:
    """Lower case without a letter more or less: a Turkish capital I with its dot would become two."""
    low = text.lower()
    if len(low) == len(text):
        return low
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


def _blank(text: str) -> str:
    """Addresses of pages and people are no prose."""
    return NOT_WORDS.sub(lambda match: " " * len(match.group()), text)


def _spelt_out(word: str, contractions: Mapping[str, str], endings: Mapping[str, str]) -> str:
    if "'" not in word:
        return contractions.get(word, word)
    if word in contractions:
        return contractions[word]
    for ending, spelt in endings.items():
        if word.endswith(ending) and len(word) > len(ending):
            return f"{word[: -len(ending)]} {spelt}"
    return word
