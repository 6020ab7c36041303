"""Who hears of a part of a deadline that is used up: the handler, or a level of the ladder. Pure."""

from dataclasses import dataclass
from decimal import Decimal

from complaints.policies.ladder import Trigger
from complaints.policies.schema import Pack
from escalations.models import Reason

ALL = Decimal(1)


@dataclass(frozen=True, slots=True)
class Call:
    """`reason` is empty where nobody but the handler need hear of it; `level` is the lowest that may be asked."""

    reason: Reason | None = None
    level: int = 0

    @property
    def is_breach(self) -> bool:
        return self.reason is Reason.OVERDUE

    @property
    def question(self) -> Reason:
        if self.reason is None:
            raise LookupError("This calls nobody.")
        return self.reason


def call_of(pack: Pack, clock: str, part: Decimal) -> Call:
    """What the ladder of the pack says of this part. A breach it is silent about goes to the lowest level."""
    breached = part >= ALL
    level = max((rung.level for rung in pack.ladder if _is_reached(rung.after, clock, part)), default=0)
    if breached:
        return Call(Reason.OVERDUE, level or 1)
    return Call(Reason.ABOUT_TO_BE_OVERDUE, level) if level else Call()


def _is_reached(trigger: Trigger, clock: str, part: Decimal) -> bool:
    if trigger.clock != clock:
        return False
    return part >= ALL if trigger.breached else trigger.used == part
