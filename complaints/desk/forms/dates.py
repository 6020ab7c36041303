from datetime import datetime
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime

from complaints.desk.forms.base import DateField, DialogForm, MomentField, ReasonForm, Words, with_reason
from complaints.desk.forms.letters import way_out
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


class MoveDateForm(ReasonForm):
    """The letter belongs to it: whoever moves a date is asked at once to tell the customer (C19)."""

    reason_label = "Why it takes longer"
    widths = {"clock": "half", "until": "half"}
    field_order = ("clock", "until", "reason", "tell", "subject_line", "body")
    clock = forms.ChoiceField(label="Which date?")
    until = DateField(label="Until the end of")
    tell = forms.TypedChoiceField(
        label="Tell the customer",
        choices=[("now", "now, by the letter below"), ("later", "later: keep it on the list of what we owe")],
        coerce=lambda answer: answer == "now",
        widget=forms.RadioSelect,
        initial="now",
    )
    subject_line = forms.CharField(label="Subject", max_length=200, required=False)
    body = Words(label="Letter to the customer", letter=True, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.movable = [(one, way) for one in self.subject.running if (way := self._way(one))]
        self.fields["clock"].choices = [(one.clock, due_words(one)) for one, _ in self.movable]  # type: ignore[attr-defined]
        if not self.is_bound:
            draft = letters.draft(MessageKind.UPDATE, self.subject.complaint, now=self.subject.now)
            self.begin_with(subject_line=draft.subject, body=draft.body)

    def _way(self, deadline: Deadline) -> Way | None:
        return moving.way_of(deadline, timing.pack_of(self.subject.complaint))

    def briefing(self) -> list[tuple[str, str]]:
        ways = [
            (one.label, format_html("{}: {}", with_reason(_day(one), "why", one.pk), HOW[way]))
            for one, way in self.movable
        ]
        return [*ways, ("Goes", way_out(self.subject.complaint))]

    def moment(self) -> datetime:
        return timing.close_of(self.subject.complaint, self.cleaned_data["until"])

    def letter(self) -> Letter | None:
        if not self.cleaned_data["tell"]:
            return None
        return Letter(self.cleaned_data["subject_line"], self.cleaned_data["body"])


class NextStageForm(DialogForm):
    words = Words(label="What the customer said", rows=5, help_text="In their own words.")


class StageThanksForm(DialogForm):
    spoken = Words(
        label="What you told the customer",
        rows=4,
        help_text="That it is looked at again, by whom, and by when.",
    )


class ReferralForm(DialogForm):
    widths = {"to": "half", "reference": "half"}
    to = forms.CharField(label="To whom?", max_length=200, help_text="The ombudsman, scheme or court.")
    reference = forms.CharField(label="Their number", max_length=80, required=False)
