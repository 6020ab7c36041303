from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.utils import timezone

from complaints.desk.forms.base import DateField, DialogForm, ReasonForm, Words
from complaints.desk.forms.letters import LetterForm
from complaints.policies import clock
from complaints.resolution import letters, timing
from complaints.resolution.letters import Letter
from complaints.resolution.models import Basis, Channel, Fault, MessageKind, Outcome, RootCause

QUESTIONS_HERE, DATE_HERE = "[questions]", "[date]"


class AskForm(LetterForm):
    """The letter is drafted before the questions are typed: two marks in it stand for them and for the date."""

    kind = MessageKind.QUESTION
    questions = Words(
        label="Questions",
        rows=4,
        help_text="One a line. Ask only what you cannot find out yourself.",
        error_messages={"required": "Write at least one question."},
    )
    answer_by = DateField(label="Please answer by")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begin_with(answer_by=self._usual_day())
        self.fields[
            "body"
        ].help_text = (
            f"{QUESTIONS_HERE} and {DATE_HERE} are replaced by your questions and the day when you send it."
        )

    def _usual_day(self) -> date:
        pack = timing.pack_of(self.complaint)
        limit = pack.timings.question_give_up_after
        return timezone.localtime(clock.due(self.subject.now, limit, pack.calendar)).date()

    def draft_facts(self) -> dict[str, Any]:
        return {"questions": [QUESTIONS_HERE], "answer_by": DATE_HERE}

    def clean_answer_by(self) -> date:
        day: date = self.cleaned_data["answer_by"]
        if day <= timezone.localtime(self.subject.now).date():
            raise forms.ValidationError("Give the customer at least until tomorrow.")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        body = data.get("body", "")
        if body and QUESTIONS_HERE not in body and any(text not in body for text in self.asked()):
            self.add_error(
                "body", f"The letter does not contain all the questions. Put {QUESTIONS_HERE} in it."
            )
        return data

    def asked(self) -> list[str]:
        lines = self.cleaned_data.get("questions", "").splitlines()
        return [line.strip(" -\t") for line in lines if line.strip(" -\t")]

    def answer_until(self) -> datetime:
        return timing.close_of(self.complaint, self.cleaned_data["answer_by"])

    def letter(self) -> Letter:
        listed = "\n".join(f"- {text}" for text in self.asked())
        body = (
            self.cleaned_data["body"].replace(f"- {QUESTIONS_HERE}", listed).replace(QUESTIONS_HERE, listed)
        )
        told = letters.day_told(self.complaint, self.cleaned_data["answer_by"], now=self.subject.now)
        return self.worded(body.replace(DATE_HERE, told))


class HearForm(DialogForm):
    """One field for each open question."""

    channel = forms.ChoiceField(
        label="How did the answer come?", choices=Channel.choices, initial=Channel.PHONE
    )
    waived_because = Words(
        label="Why we go on without an answer",
        rows=2,
        required=False,
        help_text="Only for questions you leave empty above.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in self.subject.open_questions:
            self.fields[f"answer-{question.pk}"] = Words(label=question.text, rows=3, required=False)
        self.order_fields(["channel", *self._answer_names(), "waived_because"])

    def _answer_names(self) -> list[str]:
        return [name for name in self.fields if name.startswith("answer-")]

    def answers(self) -> dict[int, str]:
        return {int(name.removeprefix("answer-")): self.cleaned_data[name] for name in self._answer_names()}


class WaiveForm(ReasonForm):
    reason_label = "Why the facts are clear without asking"


class FindingForm(DialogForm):
    widths: ClassVar[dict[str, str]] = {"fault": "half", "basis": "half"}

    what_happened = Words(label="What happened", help_text="For the file. Only staff see it.")
    fault = forms.ChoiceField(label="Was it our fault?", choices=[("", "Choose …"), *Fault.choices])
    basis = forms.ChoiceField(label="What does that rest on?", choices=[("", "Choose …"), *Basis.choices])
    basis_detail = forms.CharField(
        label="Which policy, record or reason", widget=forms.Textarea(attrs={"rows": 2})
    )
    explanation = Words(
        label="What the customer is told",
        rows=3,
        required=False,
        help_text="Plain words, no blame. It goes into the offer or the final response.",
    )
    root_cause = forms.ModelChoiceField(
        RootCause.objects.filter(active=True),
        required=False,
        empty_label="Not named yet",
        help_text="Needed before closing where the fault was ours.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if finding := self.subject.finding:
            self.begin_with(**{name: getattr(finding, name) for name in self.fields})


class AnswerPointForm(DialogForm):
    answer = Words(label="Our answer, as the customer will read it")
    outcome = forms.ChoiceField(choices=[("", "Choose …"), *Outcome.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        point = self.subject.point
        self.begin_with(answer=point.answer, outcome=point.outcome)

    def briefing(self) -> list[tuple[str, str]]:
        return [("The point", self.subject.point.text)]
