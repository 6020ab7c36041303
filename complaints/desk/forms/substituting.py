from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.utils.timezone import localtime

from complaints.desk import people
from complaints.desk.forms.base import DateField, DialogForm, StaffChoice
from escalations.models import ARRANGE


class SubstituteForm(DialogForm):
    """Whose seat it is, is asked only of those who arrange it for others."""

    widths: ClassVar[dict[str, str]] = {"starts_on": "half", "ends_on": "half"}

    principal = StaffChoice(label="Who is away", empty_label="Choose …", queryset=User.objects.none())
    substitute = StaffChoice(label="Who stands in", empty_label="Choose …", queryset=User.objects.none())
    starts_on = DateField(label="First day")
    ends_on = DateField(label="Last day, included")
    reason = forms.CharField(label="Reason", max_length=200, help_text="On leave, on a course …")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.subject.person
        for name in ("principal", "substitute"):
            field = self.fields[name]
            assert isinstance(field, StaffChoice)  # noqa: S101 - for the type checker
            field.queryset = people.supervisors()
        if not person.has_perm(ARRANGE):
            del self.fields["principal"]
        today = localtime(self.subject.now).date()
        self.begin_with(principal=person.pk, starts_on=today)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return {**data, "principal": data.get("principal") or self.subject.person}
