"""What people complain about at a travel firm, each with what turned out to be behind it; see the files beside this."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Incident:
    """One kind of thing that goes wrong. Texts hold slots for place, dates and sums; see `scenery`.

    `behind` is the file's own account, `told` what the customer reads, `not_ours` the answer when it was not our doing.
    """

    category: str
    title: str
    telling: tuple[str, ...]
    wish: tuple[str, ...]
    points: tuple[str, ...]
    question: str
    answers: tuple[str, ...]
    cause: str
    behind: str
    told: str
    not_ours: str
    evidence: str
    deed: str
    low: int
    high: int


def _incident(row: dict[str, Any]) -> Incident:
    told: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in row.items()
    }
    return Incident(**told)


INCIDENTS = tuple(
    _incident(row)
    for path in sorted(Path(__file__).parent.glob("*.toml"))
    for row in tomllib.loads(path.read_text())["incident"]
)
#: Put right at first contact, without a fact question first.
FAST_TRACK = frozenset({"Tickets and brochures by post", "Opening hours"})
