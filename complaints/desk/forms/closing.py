from typing import Any

from django import forms

from complaints.desk.forms.base import DialogForm, ReasonForm, Words
from complaints.desk.forms.letters import LetterForm
from complaints.resolution.models import Complaint, MessageKind, Outcome
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
