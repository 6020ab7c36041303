"""How urgent a question is, and why, in words a supervisor can check (N22 of the field: say why)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

NEAR = timedelta(days=2)
ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What counts. `contacts`: how often the customer has come to us; `often`: from when on that is repeated."""

    vulnerable: bool
    serious: bool
    media: bool
    contacts: int
    often: int
    next_due_at: datetime | None
    answer_due_at: datetime


@dataclass(frozen=True, slots=True)
class Factor:
    label: str
    points: int

    def __str__(self) -> str:
        return f"{self.label} +{self.points}"


def factors(seen: Circumstances, *, now: datetime) -> tuple[Factor, ...]:
    """Each thing that makes it urgent, the weightiest first."""
    due = seen.next_due_at
    found = (
        (seen.vulnerable, Factor("vulnerable customer", 3)),
        (seen.serious, Factor("serious matter", 3)),
        (due is not None and due < now, Factor("deadline missed", 3)),
        (due is not None and now <= due < now + NEAR, Factor("deadline near", 2)),
        (seen.contacts >= seen.often, Factor(f"{_ordinal(seen.contacts)} contact", 2)),
        (seen.media, Factor("media mentioned", 2)),
        (seen.answer_due_at < now, Factor("answer overdue", 2)),
    )
    return tuple(factor for applies, factor in found if applies)


def score(seen: Circumstances, *, now: datetime) -> int:
    return sum(factor.points for factor in factors(seen, now=now))


def in_words(seen: Circumstances, *, now: datetime) -> str:
    """“Vulnerable customer +3 · third contact +2”, or nothing."""
    text = " · ".join(str(factor) for factor in factors(seen, now=now))
    return text[:1].upper() + text[1:]


def _ordinal(number: int) -> str:
    return ORDINALS[number] if number < len(ORDINALS) else f"{number}th"
