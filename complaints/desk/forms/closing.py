from typing import Any, ClassVar

from django import forms
from django.utils.timezone import localtime

from complaints.desk.forms.base import DialogForm, ReasonForm, Words
from complaints.desk.forms.letters import LetterForm
from complaints.resolution.models import Complaint, MessageKind, Outcome, Promise
from complaints.resolution.reference import understand

FEW = 5


class FinalResponseForm(LetterForm):
    kind = MessageKind.FINAL_RESPONSE
    outcome = forms.ChoiceField(choices=[("", "Choose …"), *Outcome.choices])

    def draft_facts(self) -> dict[str, Any]:
        return {"finding": self.subject.finding, "points": self.subject.points}

    def briefing(self) -> list[tuple[str, str]]:
        unanswered = [("Not answered yet", point.text) for point in self.subject.points if not point.answer]
        return [*unanswered, *super().briefing()]


class DocumentForm(DialogForm):
    problem = Words(label="The problem", rows=3)
    cause = Words(label="Its cause", rows=3)
    solution = Words(label="The solution, and what we change", rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        complaint, finding = self.subject.complaint, self.subject.finding
        self.begin_with(
            problem=complaint.problem or complaint.restatement,
            cause=complaint.cause or (finding.what_happened if finding else ""),
            solution=complaint.solution,
        )


class FollowUpForm(DialogForm):
    satisfied = forms.TypedChoiceField(
        label="Is it right now?",
        choices=[("yes", "Yes, the customer is satisfied"), ("no", "No, something is still open")],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )
    text = Words(label="What the customer said", rows=3, required=False)


class CloseForm(DialogForm):
    """What we promised and nobody has ended yet is asked about, one by one: a closed file is looked at by nobody."""

    ENDS: ClassVar = [("kept", "We have done it"), ("dropped", "It need not be done any more")]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for promise in self.subject.promises:
            label = f"“{promise.text}”, by {localtime(promise.due_at):%-d %b %Y}"
            self.fields[f"end_{promise.pk}"] = forms.ChoiceField(
                label=label,
                choices=self.ENDS,
                widget=forms.RadioSelect,
                error_messages={
                    "required": "Is it done? A promise still to be kept keeps the complaint open."
                },
            )
            self.fields[f"why_{promise.pk}"] = Words(
                label="What was done, or why not", rows=2, required=False
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for promise in self.subject.promises:
            if data.get(f"end_{promise.pk}") == "dropped" and not data.get(f"why_{promise.pk}"):
                self.add_error(f"why_{promise.pk}", "Say why this need not be done any more.")
        return data

    def briefing(self) -> list[tuple[str, str]]:
        if not self.subject.promises:
            return []
        return [
            (
                "Still promised",
                "Say of each what became of it. What is still to be kept keeps the complaint open.",
            )
        ]

    def ended(self, how: str) -> list[tuple[Promise, str]]:
        """The promises that are kept, or let go, each with the word on it."""
        data = self.cleaned_data
        return [
            (promise, data[f"why_{promise.pk}"])
            for promise in self.subject.promises
            if data[f"end_{promise.pk}"] == how
        ]


class ReopenForm(ReasonForm):
    reason_label = "What is still open, or new"


class WithdrawForm(DialogForm):
    words = Words(
        label="The customer's own words", help_text="Never to be suggested by us. Write down what was said."
    )


class MergeForm(ReasonForm):
    reason_label = "Why it is the same matter"
    into = forms.CharField(label="Reference of the complaint that carries on", max_length=20)
    field_order = ("into", "reason")

    def briefing(self) -> list[tuple[str, str]]:
        others = [(other.reference, other.title) for other in self._siblings()]
        return others or [("Of this customer", "no other complaint is open.")]

    def _siblings(self) -> list[Complaint]:
        complaint = self.subject.complaint
        seen = Complaint.objects.visible_to(self.subject.person).open()
        return list(seen.filter(customer=complaint.customer).exclude(pk=complaint.pk)[:FEW])

    def clean_into(self) -> Complaint:
        reference = understand(self.cleaned_data["into"])
        seen = Complaint.objects.visible_to(self.subject.person)
        other = seen.filter(reference=reference).first() if reference else None
        if other is None:
            raise forms.ValidationError("There is no such complaint. A reference looks like C26-004217-K.")
        return other
