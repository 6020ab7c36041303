"""Who hears of it when, and what makes a complaint look like trouble."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from complaints.policies.clock_rules import check_parts
from complaints.policies.exceptions import BadPack
from complaints.policies.limits import Limit


@dataclass(frozen=True)
class Trigger:
    clock: str
    used: Decimal | None = None  # the part of the clock used up …
    breached: bool = False  # … or all of it

    def __post_init__(self) -> None:
        if (self.used is None) != self.breached:
            raise BadPack("A level comes after a part used up or after the breach: used or breached = true.")
        if self.used is not None:
            check_parts((self.used,), key="used")


@dataclass(frozen=True)
class Level:
    level: int
    after: Trigger
    answer_within: Limit  # taken up by then, or it passes to the next level


class Factor(StrEnum):
    SILENCE = "silence"
    REPEATED_CONTACT = "repeated_contact"
    MOOD = "mood"
    MEDIA = "media"
    BROKEN_PROMISE = "broken_promise"
    VULNERABLE = "vulnerable"


@dataclass(frozen=True)
class Weights:
    silence: int
    repeated_contact: int
    mood: int
    media: int
    broken_promise: int
    vulnerable: int

    def __post_init__(self) -> None:
        for factor in Factor:
            if self.of(factor) < 0:
                raise BadPack("cannot be negative.", key=factor)

    def of(self, factor: Factor) -> int:
        return int(getattr(self, factor))


@dataclass(frozen=True)
class EarlyWarning:
    raise_at: int  # a score from which a manager hears of it
    weights: Weights

    def __post_init__(self) -> None:
        highest = self.score(tuple(Factor))
        if not 0 < self.raise_at <= highest:
            raise BadPack(f"must lie between 1 and {highest}, the sum of the weights.", key="raise_at")

    def score(self, factors: Collection[Factor]) -> int:
        return sum(self.weights.of(factor) for factor in set(factors))
