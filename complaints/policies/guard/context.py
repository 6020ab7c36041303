"""What the guard must know of a letter beside its words. Whoever asks puts it together; the guard looks up nothing."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from complaints.policies.calendars import Calendar

#: Currency code and amount.
Sum = tuple[str, Decimal]


@dataclass(frozen=True, slots=True)
class LetterContext:
    """`kind` is the kind of letter, by the codes of the file. What is left out is not known, and never guessed.

    `approved` are the sums somebody with authority granted, `named` those the complaint speaks of anyway. `names`
    and `references` may be told this customer: their own, their handler's. `template` is the bare text the letter
    began with, `marks` are placeholders of the product that are filled in later. `tracked` are days the file
    watches already: telling them again makes no new promise.
    """

    kind: str = ""
    language: str = "en"
    now: datetime | None = None
    calendar: Calendar | None = None
    approved: frozenset[Sum] = frozenset()
    named: frozenset[Sum] = frozenset()
    names: frozenset[str] = frozenset()
    references: frozenset[str] = frozenset()
    other_names: frozenset[str] = frozenset()
    other_references: frozenset[str] = frozenset()
    template: str = ""
    marks: tuple[str, ...] = ()
    tracked: frozenset[date] = frozenset()
