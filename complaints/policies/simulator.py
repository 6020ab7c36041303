"""Try a pack on a complaint that does not exist."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Unpack

from complaints.policies import words
from complaints.policies.calendars import in_utc
from complaints.policies.deadlines import (
    Beginnings,
    ComputedDeadline,
    Moments,
    deadlines_for,
    started,
)
from complaints.policies.exceptions import BadFacts
from complaints.policies.extending import Notice
from complaints.policies.facts import NOTHING_SPECIAL, Facts
from complaints.policies.limits import Pause, StartRule
from complaints.policies.schema import Clock, Pack

# An answer may come before anything else; nothing but the day of a portal may come before the receipt.
NOT_BEFORE_RECEIPT = (
    "acknowledged_at",
    "last_message_at",
    "answered_at",
    "stage_requested_at",
    "stage_acknowledged_at",
)
WAITS_FOR = {
    StartRule.ACKNOWLEDGED: "the acknowledgement",
    StartRule.EXTERNAL: "the date set by somebody else",
    StartRule.ANSWERED: "the answer",
    StartRule.STAGE_REQUESTED: "the request for the next stage",
    StartRule.STAGE_ACKNOWLEDGED: "the acknowledgement of that request",
}


@dataclass(frozen=True)
class NotStarted:
    clock: Clock
    waits_for: str


def simulate(
    pack: Pack,
    received_at: datetime,
    *,
    facts: Facts = NOTHING_SPECIAL,
    pauses: Iterable[Pause] = (),
    notices: Iterable[Notice] = (),
    **moments: Unpack[Moments],
) -> tuple[ComputedDeadline, ...]:
    """Every deadline and every window, with its sum, soonest first. Raises BadFacts for moments out of order."""
    _refuse_disorder(Beginnings(received_at, **moments))
    return deadlines_for(
        pack, received_at, facts=facts, pauses=pauses, notices=notices, windows=True, **moments
    )


def not_started(
    pack: Pack, received_at: datetime, *, facts: Facts = NOTHING_SPECIAL, **moments: Unpack[Moments]
) -> tuple[NotStarted, ...]:
    """The clocks that these facts call for and whose beginning has not come."""
    beginnings = Beginnings(received_at, **moments)
    return tuple(
        NotStarted(clock, WAITS_FOR[clock.start])
        for clock in pack.clocks_for(facts)
        if started(clock.start, beginnings, pack.calendar) is None
    )


def as_text(deadlines: Iterable[ComputedDeadline]) -> str:
    """The sums as plain text, one deadline after the other."""
    return "\n\n".join(_paragraph(deadline) for deadline in deadlines)


def _paragraph(deadline: ComputedDeadline) -> str:
    ends = "due" if deadline.on_expiry == "breach" else "ends"
    heading = f"{deadline.label}: {ends} {words.full_moment(deadline.due_at)} ({deadline.kind})"
    lines = (*deadline.reasons, deadline.rule, f"{deadline.source} [{deadline.status}]")
    return "\n".join([heading, *(f"  {line}" for line in lines)])


def _refuse_disorder(beginnings: Beginnings) -> None:
    received = in_utc(beginnings.received_at)
    for name in NOT_BEFORE_RECEIPT:
        moment = getattr(beginnings, name)
        if moment is not None and in_utc(moment) < received:
            raise BadFacts(f"{name} lies before the receipt.")
