from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.formats import date_format

from complaints.desk import people
from complaints.desk.forms.base import DialogForm, ReasonForm, StaffChoice, StaffChoices, Words, with_reason
from complaints.desk.open_file import OpenFile
from complaints.resolution.models import Category, Deadline, DeadlineKind, Priority

OURS = (DeadlineKind.SERVICE, DeadlineKind.STATUTORY)


def dates_to_tell(file: OpenFile) -> list[tuple[str, str]]:
    """The dates of the running clocks, as one says them on the telephone."""
    return [
        (clock.label, with_reason(_by(clock), "why", clock.pk))
        for clock in file.running
        if clock.kind in OURS and clock.clock != "acknowledgement"
    ]


def _by(clock: Deadline) -> str:
    return f"by {date_format(timezone.localtime(clock.due_at), 'l j F, H:i')}"


class SpokenThanksForm(DialogForm):
    spoken = Words(
        label="What was said",
        required=False,
        help_text="In a sentence or two: thanked, listened, the problem in our words, the dates told.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["spoken"].required = not self.subject.thanks_written

    def briefing(self) -> list[tuple[str, str]]:
        return dates_to_tell(self.subject)


class AssignForm(DialogForm):
    to = StaffChoice(label="Handler", empty_label="Choose …", queryset=people.handlers().none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about = self.subject.complaint.about.values("pk")
        field = self.fields["to"]
        assert isinstance(field, StaffChoice)  # noqa: S101 - for the type checker
        field.queryset = people.handlers().exclude(pk__in=about)


class AfterAbuseForm(DialogForm):
    what = Words(
        label="What was said or done",
        rows=4,
        help_text="In the customer's words where you can. It stands in the story; only staff see it.",
    )
    to = StaffChoice(
        label="Who goes on with it",
        required=False,
        empty_label="Whoever takes it next",
        queryset=people.handlers().none(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        complaint = self.subject.complaint
        field = self.fields["to"]
        assert isinstance(field, StaffChoice)  # noqa: S101 - for the type checker
        others = people.handlers().exclude(pk__in=complaint.about.values("pk"))
        field.queryset = others.exclude(pk=complaint.handler_id or 0)


class PointForm(DialogForm):
    text = forms.CharField(
        label="What is complained of", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class CorrectForm(DialogForm):
    widths: ClassVar[dict[str, str]] = {
        "category": "half",
        "priority": "half",
        "company": "half",
        "media_risk": "half",
    }

    title = forms.CharField(max_length=200)
    category = forms.ModelChoiceField(
        Category.objects.filter(active=True), required=False, empty_label="Not set"
    )
    priority = forms.ChoiceField(choices=Priority.choices)
    company = forms.CharField(
        label="Business", max_length=200, required=False, help_text="Brand or unit complained about"
    )
    media_risk = forms.BooleanField(label="The customer mentioned the media", required=False)
    desired_outcome = Words(label="What the customer wants", rows=3, required=False)
    restatement = Words(label="The problem in our words", rows=3, required=False)
    reason = forms.CharField(label="Why it is corrected", max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        facts = [name for name in self.fields if name != "reason"]
        self.begin_with(**{name: getattr(self.subject.complaint, name) for name in facts})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.changes():
            raise forms.ValidationError("Nothing was changed.")
        return data

    def changes(self) -> dict[str, Any]:
        """Only what differs from the file as it is now."""
        complaint = self.subject.complaint
        facts = {name: value for name, value in self.cleaned_data.items() if name != "reason"}
        return {name: value for name, value in facts.items() if value != getattr(complaint, name)}


class RestrictForm(ReasonForm):
    reason_label = "Why it must be hidden"
    confidants = StaffChoices(
        label="Who may see it, beside its handler and you",
        queryset=people.staff(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("confidants", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about = self.subject.complaint.about.values("pk")
        field = self.fields["confidants"]
        assert isinstance(field, StaffChoices)  # noqa: S101 - for the type checker
        field.queryset = people.staff().exclude(pk__in=[self.subject.person.pk]).exclude(pk__in=about)
        self.begin_with(confidants=self.subject.complaint.confidants.all())
