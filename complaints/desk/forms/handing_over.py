from typing import Any

from django import forms
from django.contrib.auth.models import User

from complaints.desk import people
from complaints.desk.forms.base import StaffChoice, StaffChoices, ask_plainly
from escalations.models import Which


class HandOverForm(forms.Form):
    """Asked by GET to look, by POST to do: the same answers either way."""

    giver = StaffChoice(label="From", empty_label="Choose …", queryset=User.objects.none())
    takers = StaffChoices(
        label="To", queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple,
        help_text="Several share them in turn.",
    )  # fmt: skip
    which = forms.ChoiceField(label="Which", choices=Which.choices, initial=Which.ALL)
    reason = forms.CharField(
        label="Reason", max_length=200, help_text="Stands in the story of each complaint."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_plainly(self)
        self._choose("giver", people.holders())
        self._choose("takers", people.handlers())
        for name in ("giver", "which", "reason"):
            self.fields[name].widget.attrs["class"] = "r-input"

    def _choose(self, name: str, found: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("giver") and data["giver"] in data.get("takers", ()):
            self.add_error("takers", "Choose somebody else than the giver.")
        return data
