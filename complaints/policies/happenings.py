"""What happens to a complaint, as far as its clocks care. Each has its moment; `order` decides within one moment."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from complaints.policies.clock_rules import ClockEvent
from complaints.policies.facts import Facts, Priority
from complaints.policies.schema import Pack


class Ended(StrEnum):
    """Why a clock no longer runs."""

    DONE = "done"  # what it asked for was done
    RESET = "reset"  # and it began again
    SWITCHED = "switched"  # other facts or other rules call for other clocks
    LET_GO = "let_go"  # nothing is owed any more
    RAN_OUT = "ran_out"  # a window that merely ends


@dataclass(frozen=True, kw_only=True)
class Happening:
    at: datetime
    order: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Begun(Happening):
    """Received; or taken up again, and then everything is counted from there. `stage` if it is taken to another."""

    again: bool = False
    stage: str = ""


@dataclass(frozen=True, kw_only=True)
class Said(Happening):
    """Something clocks listen for."""

    words: frozenset[ClockEvent]


@dataclass(frozen=True, kw_only=True)
class Entered(Happening):
    """The lifecycle came into this state. `owed`: somebody owes the customer something; `over`: nobody ever will."""

    state: str
    owed: bool = True
    over: bool = False


@dataclass(frozen=True, kw_only=True)
class Learnt(Happening):
    """The facts as known from now on, stage and priority aside; and the date somebody else set."""

    facts: Facts
    external_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Ranked(Happening):
    """How grave it is, as known from now on."""

    priority: Priority


@dataclass(frozen=True, kw_only=True)
class Ruled(Happening):
    """Another pack holds from now on."""

    pack: Pack


@dataclass(frozen=True, kw_only=True)
class Extended(Happening):
    """The customer was told that a clock takes longer, as its rule allows; `until` left out, all the rule gives."""

    clock: str
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Moved(Happening):
    """Somebody set a service date later, for a reason."""

    clock: str
    until: datetime
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Awaited(Happening):
    """A date of our own from now on: what we wait for (`kind` awaited) or promised (`kind` promise)."""

    clock: str
    label: str
    kind: str
    due_at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class Came(Happening):
    """What these dates of our own waited for has come, or will not."""

    clocks: frozenset[str]
