"""The wordings that come with the product, one folder a language; and which language a letter is written in."""

import hashlib
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from complaints.policies.exceptions import NoWording
from complaints.policies.letter_names import Wording
from complaints.policies.letter_text import LetterText

FOLDER = Path(__file__).parent / "letter_texts"
#: In this one every letter ships.
FIRST = "en-GB"


@dataclass(frozen=True, slots=True)
class Phrases:
    """What stands in every letter of a language, and how its dates are written (Django's format)."""

    name: str
    locale: str
    long_date: str
    long_moment: str
    date: str
    day: str
    dear: str
    hello: str
    team: str
    team_of_firm: str
    kind_of_amount: str
    by_day: str
    page: str
    page_of: str
    our_reference: str
    enclosed: str
    link_on_paper: str
    remedies: Mapping[str, str]


@cache
def languages() -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/phrases.toml")))


@cache
def phrases(language: str) -> Phrases:
    """Those of this language, or of the nearest that ships."""
    nearest = best(language, language, languages())
    return Phrases(**tomllib.loads((FOLDER / nearest / "phrases.toml").read_text(encoding="utf-8")))


@cache
def in_language(language: str) -> Mapping[Wording, LetterText]:
    found = {wording: FOLDER / language / f"{wording}.txt" for wording in Wording}
    return {wording: _read(path) for wording, path in found.items() if path.is_file()}


def _read(path: Path) -> LetterText:
    subject, _, body = path.read_text(encoding="utf-8").partition("\n")
    return LetterText(subject.strip(), f"{body.strip()}\n")


def shipped(wording: Wording) -> dict[str, LetterText]:
    """The texts of this letter by language."""
    texts = {language: in_language(language).get(wording) for language in languages()}
    return {language: text for language, text in texts.items() if text}


def mark(text: LetterText) -> str:
    """Tells one shipped text from what a later version of the product ships."""
    return hashlib.sha256(f"{text.subject}\n{text.body}".encode()).hexdigest()[:8]


def best(wanted: str, house: str, available: Collection[str]) -> str:
    """The customer's language as near as there is; else that of the policy; else the first. Raises NoWording."""
    known = {_tidy(language): language for language in sorted(available)}
    for asked in (wanted, house, FIRST):
        if found := _nearest(asked, house, known):
            return found
    raise NoWording


def _nearest(asked: str, house: str, known: Mapping[str, str]) -> str:
    if _tidy(asked) in known:
        return known[_tidy(asked)]
    family = [tidy for tidy in known if _base(tidy) == _base(asked)]
    for preferred in (house, FIRST):
        if _tidy(preferred) in family:
            return known[_tidy(preferred)]
    return known[family[0]] if family else ""


def is_one_language(one: str, other: str) -> bool:
    """Whatever the country."""
    return _base(one) == _base(other)


def _tidy(language: str) -> str:
    return language.strip().replace("_", "-").lower()


def _base(language: str) -> str:
    return _tidy(language).partition("-")[0]
