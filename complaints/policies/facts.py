"""The few facts of a complaint on which a rule may depend."""

from dataclasses import dataclass
from enum import StrEnum

from complaints.policies.exceptions import BadFacts, BadPack

LONGEST_MONTH = 31


class Dispute(StrEnum):
    """Kinds of complaint for which some law sets clocks of its own."""

    NONE = "none"
    PAYMENT = "payment"  # a payment service
    EMONEY = "emoney"  # electronic money
    BILLING = "billing"  # the bill of a credit account
    TRANSFER = "transfer"  # an electronic transfer from an account
    SUPERANNUATION = "superannuation"


class Priority(StrEnum):
    """How grave a complaint is: nobody may be left without a word for as long in a serious matter."""

    NORMAL = "normal"
    HIGH = "high"
    SERIOUS = "serious"


@dataclass(frozen=True)
class Facts:
    """`stage` is the code of a stage of the pack; left empty, the first. `statement_day` is the day of the month
    on which the customer's billing cycle ends; 31 stands for the last.
    """

    dispute: Dispute = Dispute.NONE
    stage: str = ""
    statement_day: int | None = None
    priority: Priority = Priority.NORMAL

    def __post_init__(self) -> None:
        if self.statement_day is not None and not 1 <= self.statement_day <= LONGEST_MONTH:
            raise BadFacts(f"There is no day {self.statement_day} in a month.")


NOTHING_SPECIAL = Facts()


@dataclass(frozen=True)
class Condition:
    """Met when each fact it names is one of those listed."""

    dispute: tuple[Dispute, ...] = ()
    stage: tuple[str, ...] = ()
    priority: tuple[Priority, ...] = ()

    def __post_init__(self) -> None:
        if not (self.dispute or self.stage or self.priority):
            raise BadPack("must name at least one value of dispute, stage or priority.")

    def met_by(self, facts: Facts) -> bool:
        return (
            (not self.dispute or facts.dispute in self.dispute)
            and (not self.stage or facts.stage in self.stage)
            and (not self.priority or facts.priority in self.priority)
        )

    def __str__(self) -> str:
        named = (("dispute", self.dispute), ("stage", self.stage), ("priority", self.priority))
        return " and ".join(f"{fact} {' or '.join(values)}" for fact, values in named if values)
