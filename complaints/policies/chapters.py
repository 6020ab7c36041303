"""The smaller chapters of a pack: stages, closing codes, retention, returns to a regulator."""

from dataclasses import dataclass
from enum import StrEnum

from complaints.policies.exceptions import BadPack
from complaints.policies.limits import Limit
from complaints.policies.sources import Status


@dataclass(frozen=True)
class Stage:
    code: str
    label: str
    source: str
    status: Status
    reviewer_not: tuple[str, ...] = ()  # who decided one of these stages may not decide this one
    request_within: Limit | None = None  # from the answer of the stage before


@dataclass(frozen=True)
class OtherLanguage:
    """How to take it further, in a language that is not the pack's. Official words are copied, never made up."""

    language: str
    rights_text: str
    source: str


@dataclass(frozen=True)
class ClosingCode:
    code: str
    label: str


@dataclass(frozen=True)
class Retention:
    keep_closed_for: Limit  # from the closing; then the person is taken out and the complaint kept
    source: str = "House standard."
    status: Status = Status.HOUSE


class Every(StrEnum):
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


@dataclass(frozen=True)
class Return:
    """The shape of a report that a regulator asks for."""

    code: str
    label: str
    every: Every
    due: Limit  # from the end of the period
    rows: str
    cells: tuple[str, ...]
    source: str
    status: Status

    def __post_init__(self) -> None:
        if not self.cells:
            raise BadPack("must name what is reported.", key="cells")
