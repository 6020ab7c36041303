"""The rules of one language: data, one TOML file each, read strictly and once."""

import tomllib
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

from complaints.policies.exceptions import PackInvalid
from complaints.policies.guard.findings import Family, Level
from complaints.policies.guard.text import Text
from complaints.policies.reading import Place, read

FOLDER = Path(__file__).parent / "rules"
DEFAULT = "en"
T = TypeVar("T")


@dataclass(frozen=True)
class Spelling:
    short: str
    long: str


@dataclass(frozen=True, eq=False)
class Tone:
    """Phrases of one kind. `unless` are longer phrases in which the same words are harmless."""

    family: Family
    rule: str
    reason: str
    suggestion: str
    says: tuple[str, ...]
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Plainly:
    """A word nobody uses at home, and the one to use instead."""

    says: str
    instead: str
    unless: tuple[str, ...] = ()


@dataclass(frozen=True)
class Readable:
    """What is still easy to read; `heavy` is a LIX (see `readability`)."""

    longest_sentence: int
    heavy_sentence: int
    heavy_from_words: int
    heavy_letter: int
    long_word: int


@dataclass(frozen=True)
class Courtesies:
    thanks: tuple[str, ...]
    regret: tuple[str, ...]
    #: Words of regret that are no apology of ours: "we are sorry to see you go".
    no_apology: tuple[str, ...]
    enough_apologies: int


@dataclass(frozen=True)
class Promising:
    """How one says that one will, and when."""

    undertakings: tuple[str, ...]
    not_ours: tuple[str, ...]
    months: tuple[str, ...]
    weekdays: tuple[str, ...]
    numbers: tuple[str, ...]
    days: tuple[Spelling, ...]
    units: tuple[Spelling, ...]
    within: tuple[str, ...]
    conditions: tuple[str, ...]
    past: tuple[str, ...]


@dataclass(frozen=True)
class Granting:
    """Words by which a sum is given away, not merely named; and how sums are said without a sign."""

    says: tuple[str, ...]
    unless: tuple[str, ...]
    numbers: tuple[Spelling, ...]
    currencies: tuple[Spelling, ...]


@dataclass(frozen=True)
class Capitals:
    known: tuple[str, ...]
    stressed: tuple[str, ...]


@dataclass(frozen=True)
class Placeholders:
    """`slots` are words that name what should stand in a bracket; what is bracketed for good reason is in `unless`."""

    says: tuple[str, ...]
    slots: tuple[str, ...]
    unless: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Language:
    language: str
    contractions: tuple[Spelling, ...]
    endings: tuple[Spelling, ...]
    readable: Readable
    courtesies: Courtesies
    promising: Promising
    granting: Granting
    capitals: Capitals
    placeholders: Placeholders
    tones: tuple[Tone, ...]
    jargon: tuple[Plainly, ...]

    @cached_property
    def spelt_whole(self) -> dict[str, str]:
        return {one.short: one.long for one in self.contractions}

    @cached_property
    def spelt_endings(self) -> dict[str, str]:
        return {one.short: one.long for one in self.endings}

    @cached_property
    def tones_by_rule(self) -> dict[str, Tone]:
        return {tone.rule: tone for tone in self.tones}

    def reading_of(self, letter: str) -> Text:
        return Text(letter, self.spelt_whole, self.spelt_endings)


@dataclass(frozen=True)
class Remark:
    """What to say where a rule is no phrase but a piece of arithmetic."""

    rule: str
    reason: str
    suggestion: str


@dataclass(frozen=True)
class LevelRule:
    """`of` is a family or one of its rules; without `kinds` it holds for every letter. The last that fits decides."""

    of: str
    level: Level
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lengths:
    """`sentence` is the longest sentence; nought where any that the language can bear will do."""

    kind: str
    words: int
    sentence: int = 0


@dataclass(frozen=True)
class House:
    """What holds in every language."""

    levels: tuple[LevelRule, ...]
    remarks: tuple[Remark, ...]
    lengths: tuple[Lengths, ...]
    thanks_in: tuple[str, ...]
    regret_in: tuple[str, ...]

    def remark(self, rule: str) -> Remark:
        return next(remark for remark in self.remarks if remark.rule == rule)

    def enough(self, kind: str) -> Lengths | None:
        return next((one for one in self.lengths if one.kind == kind), None)

    def level(self, family: Family, rule: str, kind: str) -> Level:
        level = Level.ADVICE
        for one in self.levels:
            if one.of in (family, rule) and (not one.kinds or kind in one.kinds):
                level = one.level
        return level


def shipped() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in FOLDER.glob("??.toml")))


@cache
def language(code: str) -> Language:
    """The rules of this language, or the English ones: "de-AT" is German."""
    short = code.partition("-")[0].lower()
    return _load(Language, short if short in shipped() else DEFAULT)


@cache
def house() -> House:
    return _load(House, "house")


def _load(kind: type[T], name: str) -> T:
    path = FOLDER / f"{name}.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise PackInvalid(path.name, "(the file)", f"is not TOML: {error}") from error
    return read(kind, table, Place(path.name))
