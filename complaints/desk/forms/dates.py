from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime

from complaints.desk.forms.base import DateField, DialogForm, MomentField, ReasonForm, Words, with_reason
from complaints.desk.forms.letters import OptionalLetterForm
from complaints.resolution import letters, moving, timing
from complaints.resolution.letters import Letter
from complaints.resolution.models import Deadline, Dispute, MessageKind
from complaints.resolution.moving import Way

HOW: dict[Way, str] = {
    Way.OURS: "our own date; tell the customer now, or it goes on the list of what is owed.",
    Way.EXTENSION: "may be extended once, by a letter that goes before the time is up.",
    Way.DELAY_NOTICE: "is kept by a letter that says why not yet, until when, and where else they may go.",
}


def due_words(deadline: Deadline) -> str:
    return f"{deadline.label}, due {_day(deadline)}"


def _day(deadline: Deadline) -> str:
    return date_format(localtime(deadline.due_at), "j M Y")


class RulesForm(ReasonForm):
    reason_label = "How do we know?"
    widths = {"dispute": "half", "dispute_reference": "half", "statement_day": "half", "external_at": "half"}
    field_order = ("dispute", "dispute_reference", "statement_day", "external_at", "reason")
    dispute = forms.ChoiceField(label="What is it about?", choices=Dispute.choices)
    dispute_reference = forms.CharField(
        label="Its number elsewhere",
        max_length=80,
        required=False,
        help_text="At the bank, portal or scheme.",
    )
    statement_day = forms.IntegerField(
        label="Day of the customer's statement",
        min_value=1,
        max_value=31,
        required=False,
        help_text="Of the month; 31 is the last.",
    )
    external_at = MomentField(
        label="Sent to us by a portal or body on", required=False, help_text="Some clocks count from there."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = ("dispute", "dispute_reference", "statement_day", "external_at")
        self.begin_with(**{name: getattr(self.subject.complaint, name) for name in names})


class MoveDateForm(OptionalLetterForm):
    """The letter belongs to it: whoever moves a date is asked at once to tell the customer (C19)."""

    kind = MessageKind.UPDATE
    widths = {"until": "half"}
    ways = (
        "Tell the customer",
        ("now", "now, by the letter below"),
        ("later", "later: keep it on the list of what we owe"),
    )
    field_order = ("clock", "until", "reason", "tell")
    clock = forms.ChoiceField(label="Which date?")
    until = DateField(label="Until the end of")
    reason = Words(label="Why it takes longer")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.movable = [(one, way) for one in self.subject.running if (way := self._way(one))]
        self.fields["clock"].choices = [(one.clock, due_words(one)) for one, _ in self.movable]  # type: ignore[attr-defined]

    def _way(self, deadline: Deadline) -> Way | None:
        return moving.way_of(deadline, timing.pack_of(self.complaint))

    def draft(self) -> Letter:
        return letters.draft(MessageKind.UPDATE, self.complaint, now=self.subject.now)

    @cached_property
    def mark(self) -> str:
        """Whatever the rule calls the letter, it begins with the words of an update."""
        return letters.mark_of(MessageKind.UPDATE, self.complaint, now=self.subject.now)

    def clean_clock(self) -> str:
        """Which date it is decides what kind of letter tells of it."""
        asked: str = self.cleaned_data["clock"]
        for deadline, way in self.movable:
            if deadline.clock == asked:
                self.kind = moving.letter_for(way, deadline, timing.pack_of(self.complaint))
        return asked

    def briefing(self) -> list[tuple[str, str]]:
        ways = [
            (one.label, format_html("{}: {}", with_reason(_day(one), "why", one.pk), HOW[way]))
            for one, way in self.movable
        ]
        return [*ways, *super().briefing()]

    def moment(self) -> datetime:
        return timing.close_of(self.complaint, self.cleaned_data["until"])

    def put_off_to(self) -> datetime:
        return self.moment()

    def setting(self) -> Iterable[date]:
        return [self.cleaned_data["until"]]


class NextStageForm(DialogForm):
    words = Words(label="What the customer said", rows=5, help_text="In their own words.")


class StageThanksForm(OptionalLetterForm):
    kind = MessageKind.ACKNOWLEDGEMENT
    ways = (
        "Tell the customer",
        ("letter", "by the letter below"),
        ("spoken", "by telephone or in person: I write down what was said"),
    )
    field_order = ("tell", "spoken")
    spoken = Words(
        label="What you told the customer",
        rows=3,
        required=False,
        help_text="Where it was spoken: that it is looked at again, by whom, and by when.",
    )

    def draft_facts(self) -> dict[str, Any]:
        """The last of the dates is that of the answer, whatever the rule calls it."""
        dates = {deadline.clock: deadline.due_at for deadline in self.subject.running}
        last = max(dates.values(), default=None)
        return {
            "by_name": True,
            "update_by": dates.get("update"),
            "final_response_by": dates.get("final_response", last),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.is_written and not data.get("spoken", "").strip():
            self.add_error("spoken", "Write down what you told the customer.")
        return data


class ReferralForm(DialogForm):
    widths = {"to": "half", "reference": "half"}
    to = forms.CharField(label="To whom?", max_length=200, help_text="The ombudsman, scheme or court.")
    reference = forms.CharField(label="Their number", max_length=80, required=False)
