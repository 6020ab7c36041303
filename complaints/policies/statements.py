"""The words of mandatory statements: how one is known to be in a letter, and what to put in where it is not."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from complaints.policies.letter_rules import Statement
from complaints.policies.shipped_letters import FIRST, FOLDER, best

#: What the policy's own paragraph says, and says in the policy's own words or not at all.
OF_RIGHTS = frozenset(
    {
        Statement.NEXT_STAGE,
        Statement.SCHEME_NAME,
        Statement.SCHEME_URL,
        Statement.RIGHT_TO_REFER,
        Statement.REFER_WITHIN,
        Statement.TIME_LIMIT_CONSENT,
        Statement.LEAFLET,
    }
)


@dataclass(frozen=True, slots=True)
class StatementWords:
    """`name` is for staff, in the language of the desk."""

    name: str
    sentence: str
    said_by: tuple[str, ...] = ()


@cache
def languages() -> tuple[str, ...]:
    return tuple(sorted(path.parent.name for path in FOLDER.glob("*/statements.toml")))


@cache
def words_of(statement: Statement, language: str) -> StatementWords:
    first, table = _table(FIRST)[statement.value], _table(best(language, language, languages()))
    words = table.get(statement.value, first)
    said_by = tuple(tidy(phrase) for phrase in words.get("said_by", ()))  # as letters are compared: ß is ss
    return StatementWords(first["name"], words["sentence"], said_by)


@cache
def decision(outcome: str, language: str) -> str:
    """What we decided, in a sentence; nothing where it is not decided yet."""
    return str(_table(best(language, language, languages()))["decisions"].get(outcome, ""))


@cache
def remedy(outcome: str, language: str) -> str:
    return str(_table(best(language, language, languages()))["remedies"].get(outcome, ""))


def says(letter: str, statement: Statement) -> bool:
    """By its words, in any language we know."""
    text = tidy(letter)
    return any(phrase in text for language in languages() for phrase in words_of(statement, language).said_by)


def tidy(text: str) -> str:
    return " ".join(text.casefold().split())


@cache
def _table(language: str) -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((FOLDER / language / "statements.toml").read_text(encoding="utf-8"))
