"""What a pack says of one clock."""

from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from complaints.policies.exceptions import BadPack
from complaints.policies.facts import Condition, Facts
from complaints.policies.letter_rules import LetterKind
from complaints.policies.limits import Limit, StartRule
from complaints.policies.sources import Status


class ClockKind(StrEnum):
    STATUTORY = "statutory"  # the law's or the regulator's: nobody can pause it
    SERVICE = "service"  # our own promise: pauses where the pack says so


class ClockEvent(StrEnum):
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    MESSAGE_OUT = "message_out"
    ACCEPTED = "accepted"  # the customer is content with what was done
    DELAY_NOTICE = "delay_notice"  # told that it is not done yet, why, and where else they may go
    STAGE_ACKNOWLEDGED = "stage_acknowledged"  # the request for a later stage
    REFERRED_OUTSIDE = "referred_outside"  # taken to the ombudsman or scheme


class OnExpiry(StrEnum):
    BREACH = "breach"
    NONE = "none"  # a window that merely ends: nobody is late


@dataclass(frozen=True)
class Extension:
    """Once, and only when the notice has gone before the time was up."""

    notice: LetterKind
    source: str
    status: Status
    by: Limit | None = None  # so much on top, of the same unit
    to: Limit | None = None  # so much in all, from the same start

    def __post_init__(self) -> None:
        if (self.by is None) == (self.to is None):
            raise BadPack("An extension says either by how much or to how much in all: by or to.")

    def furthest(self, limit: Limit) -> Limit:
        if self.by is not None:
            return replace(limit, n=Fraction(limit.n) + Fraction(self.by.n))
        return self.to or limit

    def check_beyond(self, limit: Limit) -> None:
        if self.by is not None and self.by.unit is not limit.unit:
            raise BadPack(f"must be in {limit.unit}s, as the limit is.", key="extension.by")
        furthest = self.furthest(limit)
        if furthest.unit is limit.unit and furthest.n <= limit.n:
            raise BadPack(f"must be longer than the limit ({limit}).", key="extension.to")


@dataclass(frozen=True)
class Instead:
    """Another limit of the same clock where these facts hold: it counts from the same beginning."""

    when: Condition
    limit: Limit
    rule: str
    source: str
    status: Status


@dataclass(frozen=True)
class Clock:
    code: str
    label: str
    kind: ClockKind
    limit: Limit
    start: StartRule
    stops_on: tuple[ClockEvent, ...]
    rule: str
    source: str
    status: Status
    resets_on: tuple[ClockEvent, ...] = ()
    pausable_in: tuple[str, ...] = ()  # codes of lifecycle states
    when: Condition | None = None  # it runs only then …
    unless: Condition | None = None  # … and not then
    on_expiry: OnExpiry = OnExpiry.BREACH
    warn_at: tuple[Decimal, ...] = ()  # parts used up; left out, the pack's about_to_be_overdue_at
    extension: Extension | None = None
    within_cycles: int = 0  # or so many complete billing cycles, whichever ends sooner
    instead: tuple[Instead, ...] = ()  # other limits; the first whose facts hold

    def __post_init__(self) -> None:
        if self.kind is ClockKind.STATUTORY and self.pausable_in:
            raise BadPack("A statutory clock cannot be paused; leave pausable_in out.")
        if self.start is StartRule.LAST_MESSAGE and ClockEvent.MESSAGE_OUT not in self.resets_on:
            raise BadPack("A clock that starts from the last message must be reset by message_out.")
        if self.within_cycles < 0:
            raise BadPack("cannot be negative.", key="within_cycles")
        check_parts(self.warn_at, key="warn_at")
        self._check_extension()

    def applies_to(self, facts: Facts) -> bool:
        if self.unless is not None and self.unless.met_by(facts):
            return False
        return self.when is None or self.when.met_by(facts)

    def as_for(self, facts: Facts) -> "Clock":
        """The clock with the limit that holds for these facts, and the rule and source of that."""
        held = next((other for other in self.instead if other.when.met_by(facts)), None)
        if held is None:
            return self
        return replace(self, limit=held.limit, rule=held.rule, source=held.source, status=held.status)

    @property
    def conditions(self) -> tuple[tuple[str, Condition], ...]:
        """Each with its place in the table of the clock."""
        own = (("when", self.when), ("unless", self.unless))
        others = ((f"instead[{index}].when", other.when) for index, other in enumerate(self.instead))
        return (*((name, one) for name, one in own if one), *others)

    @property
    def can_be_missed(self) -> bool:
        return self.on_expiry is OnExpiry.BREACH

    def _check_extension(self) -> None:
        for limit in (self.limit, *(other.limit for other in self.instead)):
            if self.extension is not None:
                self.extension.check_beyond(limit)


def check_parts(parts: tuple[Decimal, ...], *, key: str) -> None:
    """Parts of a clock lie between nothing and all, each after the one before."""
    if any(not 0 < part < 1 for part in parts):
        raise BadPack("must lie between 0 and 1.", key=key)
    if any(late <= early for early, late in pairwise(parts)):
        raise BadPack("must rise.", key=key)
