"""What the simulator asks: a pack, a moment, and whatever else a clock may depend on."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict

from complaints.desk.forms.base import MomentField
from complaints.desk.forms.importing import PlainForm
from complaints.policies.deadlines import Moments
from complaints.policies.exceptions import PolicyError
from complaints.policies.extending import Notice
from complaints.policies.facts import LONGEST_MONTH, Dispute, Facts, Priority
from complaints.policies.limits import Pause
from complaints.policies.schema import Pack
from complaints.resolution.models import State

SPELLS = (1, 2, 3)
EARLIEST, LATEST = 1970, 2100
DISPUTES = {
    Dispute.NONE: "Nothing special",
    Dispute.PAYMENT: "A payment service",
    Dispute.EMONEY: "Electronic money",
    Dispute.BILLING: "The bill of a credit account",
    Dispute.TRANSFER: "An electronic transfer",
    Dispute.SUPERANNUATION: "Superannuation",
}
PRIORITIES = {Priority.NORMAL: "Normal", Priority.HIGH: "High", Priority.SERIOUS: "Serious"}
MOMENTS = {
    "acknowledged_at": "Acknowledged",
    "last_message_at": "Last message to the customer",
    "external_at": "Date set by somebody else",
    "answered_at": "Answered",
    "stage_requested_at": "Next stage asked for",
    "stage_acknowledged_at": "Next stage acknowledged",
}


class SimulatorForm(PlainForm):
    """Everything stands in the address, so that a sum can be sent to a colleague. Nothing is written anywhere."""

    received_at = MomentField(label="Received")
    dispute = forms.ChoiceField(label="It is about", choices=list(DISPUTES.items()), required=False)
    priority = forms.ChoiceField(required=False)
    stage = forms.ChoiceField(required=False)
    statement_day = forms.IntegerField(
        label="Day of the statement", min_value=1, max_value=LONGEST_MONTH, required=False
    )
    clock = forms.ChoiceField(label="More time was taken for", required=False)
    told_at = MomentField(label="The customer was told", required=False)
    until = MomentField(label="It takes until", required=False)

    def __init__(self, address: QueryDict, *, pack: Pack, now: datetime) -> None:
        given = {name: address.get(name, "") for name in self.names()}
        given["received_at"] = given["received_at"] or f"{now:%Y-%m-%dT%H:%M}"
        super().__init__(given)
        self.pack = pack
        self._fit_to_pack()
        for name, label in MOMENTS.items():
            self.fields[name] = MomentField(label=label, required=False)
        for number in SPELLS:
            self.fields[f"from_{number}"] = MomentField(label="We waited from", required=False)
            self.fields[f"to_{number}"] = MomentField(label="Until", required=False)

    @classmethod
    def names(cls) -> Iterator[str]:
        yield from cls.base_fields
        yield from MOMENTS
        yield from (f"{end}_{number}" for number in SPELLS for end in ("from", "to"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name, value in list(data.items()):
            if isinstance(value, datetime) and not EARLIEST <= value.year <= LATEST:
                self.add_error(name, f"Calendars are kept for the years {EARLIEST} to {LATEST}.")
        for number in SPELLS:
            self._check_spell(number)
        if data.get("clock") and not data.get("told_at"):
            self.add_error("told_at", "When was the customer told?")
        return data

    def facts(self) -> Facts:
        data = self.cleaned_data
        return Facts(
            dispute=Dispute(data.get("dispute") or Dispute.NONE),
            stage=data.get("stage", ""),
            statement_day=data.get("statement_day"),
            priority=Priority(data.get("priority") or Priority.NORMAL),
        )

    def moments(self) -> Moments:
        return Moments(**{name: self.cleaned_data[name] for name in MOMENTS})  # type: ignore[typeddict-item, no-any-return]

    def pauses(self) -> list[Pause]:
        spells = [(self.cleaned_data[f"from_{one}"], self.cleaned_data[f"to_{one}"]) for one in SPELLS]
        return [
            Pause(since, until, "we waited for the customer", State.WAITING)
            for since, until in spells
            if since
        ]

    def notices(self) -> list[Notice]:
        data = self.cleaned_data
        return [Notice(data["clock"], data["told_at"], data["until"])] if data.get("clock") else []

    def refuse(self, refused: PolicyError) -> None:
        self.add_error(None, str(refused))

    def parts(self) -> dict[str, list[tuple[forms.BoundField, str]]]:
        """The rows of each part of the form."""
        rows = dict(zip((field.name for field in self.visible_fields()), self.rows(), strict=True))
        parts = {
            "facts": ("received_at", "dispute", "priority", "stage", "statement_day"),
            "moments": tuple(MOMENTS),
            "spells": tuple(f"{end}_{number}" for number in SPELLS for end in ("from", "to")),
            "more_time": ("clock", "told_at", "until"),
        }
        return {part: [rows[name] for name in names if name in rows] for part, names in parts.items()}

    def opened(self) -> dict[str, bool]:
        """Which of the parts that may be folded away hold something."""
        return {
            part: any(field.value() or field.errors for field, _ in rows)
            for part, rows in self.parts().items()
        }

    def _fit_to_pack(self) -> None:
        """Only what this pack knows can be asked."""
        self._choose("priority", list(PRIORITIES.items()) if self.pack.asks_for_priority else [])
        conditions = [one for clock in self.pack.clocks for one in (clock.when, clock.unless) if one]
        told_apart = {dispute for one in conditions for dispute in one.dispute}
        known = [(code.value, name) for code, name in DISPUTES.items() if code in {Dispute.NONE, *told_apart}]
        self._choose("dispute", known if told_apart else [])
        if not any(clock.within_cycles for clock in self.pack.clocks):
            del self.fields["statement_day"]
        self._choose("stage", [(stage.code, stage.label) for stage in self.pack.stages])
        extendable = [(clock.code, clock.label) for clock in self.pack.clocks if clock.extension]
        self._choose("clock", [("", "No clock"), *extendable] if extendable else [])
        if "clock" not in self.fields:
            del self.fields["told_at"], self.fields["until"]

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        if choices:
            field.choices = choices
        else:
            del self.fields[name]

    def _check_spell(self, number: int) -> None:
        since, until = self.cleaned_data.get(f"from_{number}"), self.cleaned_data.get(f"to_{number}")
        if bool(since) != bool(until) and not {f"from_{number}", f"to_{number}"} & set(self.errors):
            self.add_error(f"to_{number}" if since else f"from_{number}", "From when to when?")
        elif since and until and until < since:
            self.add_error(f"to_{number}", "This lies before the beginning.")
