"""The sentences the guard is tried on: half of them at fault, half the same words in harmless use.

One line is one sentence, or several: where it has ⟦one|another⟧, the first choices make the first sentence, the
second ones the second, and so on. Written for these tests; nobody in them lives.
"""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from complaints.policies.guard import Family, LetterContext, inspect

CORPUS = Path(__file__).parent / "corpus"
CHOICE = re.compile(r"⟦([^⟦⟧]*)⟧")
#: A Monday morning.
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
PLAIN = LetterContext(now=NOW)
TEMPLATE = """Your complaint C26-004217-K: where we are

Dear Ruth Calloway,

Thank you for your patience. We are still working on your complaint.

You can see where it stands on this page:
https://firm.example/c/status/abc/

Kind regards
Omar Fenn
The Firm"""
CONTEXTS = {
    Family.COURTESY: LetterContext(kind="final_response", now=NOW),
    Family.UNTOUCHED: LetterContext(kind="update", now=NOW, template=TEMPLATE),
    Family.AMOUNT: LetterContext(
        now=NOW,
        approved=frozenset(
            {("GBP", Decimal(80)), ("GBP", Decimal(1230)), ("EUR", Decimal(150)), ("USD", Decimal("40.5"))}
        ),
        named=frozenset({("GBP", Decimal(120))}),
    ),
    Family.OTHERS: LetterContext(
        now=NOW,
        names=frozenset({"Ruth Calloway", "Omar Fenn"}),
        references=frozenset({"C26-004217-K", "C25-000900-D"}),
        other_names=frozenset(
            {
                "Joan Whitcombe",
                "Peter Okafor",
                "Marta Silvana",
                "Liam O'Rourke",
                "Anne-Marie Duval",
                "Hans von Berg",
            }
        ),
        other_references=frozenset({"C26-004300-A", "C26-004301-B", "C25-000017-C"}),
    ),
}
FAMILIES = tuple(Family)


@dataclass(frozen=True)
class Judged:
    family: Family
    guilty: list[str]
    innocent: list[str]
    missed: list[str]
    mistaken: list[str]

    @property
    def recall(self) -> float:
        return 1 - len(self.missed) / len(self.guilty)

    @property
    def precision(self) -> float:
        right = len(self.guilty) - len(self.missed)
        return right / (right + len(self.mistaken))

    def line(self) -> str:
        sizes = f"{len(self.guilty):4} at fault, {len(self.innocent):4} harmless"
        return f"{self.family:12} {sizes}: precision {self.precision:.3f}, recall {self.recall:.3f}"


def judged(family: Family, language: str = "en") -> Judged:
    guilty, innocent = sentences(family, "guilty", language), sentences(family, "innocent", language)
    return Judged(
        family,
        guilty,
        innocent,
        missed=[one for one in guilty if not finds(family, one, language)],
        mistaken=[one for one in innocent if finds(family, one, language)],
    )


def finds(family: Family, sentence: str, language: str = "en") -> bool:
    context = replace(CONTEXTS.get(family, PLAIN), language=language)
    letter = (
        TEMPLATE.replace("Kind regards", f"{sentence}\n\nKind regards")
        if family is Family.UNTOUCHED
        else sentence
    )
    return any(finding.family is family for finding in inspect(letter, context))


@cache
def sentences(family: str, side: str, language: str = "en") -> list[str]:
    folder = CORPUS if language == "en" else CORPUS / language
    lines = (folder / f"{family}.{side}.txt").read_text(encoding="utf-8").splitlines()
    return [sentence for line in lines if line.strip() for sentence in chosen(line)]


def chosen(line: str) -> list[str]:
    choices = [found.split("|") for found in CHOICE.findall(line)]
    many = max(map(len, choices), default=1)
    assert all(len(one) == many for one in choices), f"not as many choices everywhere: {line}"
    found = []
    for which in range(many):
        turn = iter(choices)
        found.append(CHOICE.sub(lambda _, turn=turn, which=which: next(turn)[which], line))  # type: ignore[misc]
    return found
