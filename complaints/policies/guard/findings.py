"""What the guard says of a letter before it leaves."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Family(StrEnum):
    BLAME = "blame"
    DEFENSIVE = "defensive"
    SARCASM = "sarcasm"
    SHOUTING = "shouting"
    GUARANTEE = "guarantee"
    JARGON = "jargon"
    READING = "reading"
    UNTOUCHED = "untouched"
    PLACEHOLDER = "placeholder"
    COURTESY = "courtesy"
    APOLOGY = "apology"
    AMOUNT = "amount"
    PROMISE = "promise"
    CARD = "card"
    IBAN = "iban"
    NATIONAL_ID = "national_id"
    OTHERS = "others"


class Level(StrEnum):
    ADVICE = "advice"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Finding:
    """`start` and `end` span what was said in the letter; both are nought where something is missing from it.

    `due` is the moment a promise falls due, where the letter names one.
    """

    family: Family
    rule: str
    start: int
    end: int
    quote: str
    reason: str
    suggestion: str
    level: Level = Level.ADVICE
    due: datetime | None = None

    @property
    def blocks(self) -> bool:
        return self.level is Level.BLOCK


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a rule applies, before anybody asked for its words and its level. `facts` fill the blanks in its words."""

    family: Family
    rule: str
    start: int = 0
    end: int = 0
    facts: dict[str, str] = field(default_factory=dict)
    due: datetime | None = None
