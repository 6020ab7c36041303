"""Writing a new version of a policy pack: the whole of it as text, and why."""

import re
from datetime import date
from typing import Any

from django import forms

from complaints.desk.forms.importing import PlainForm

LONGEST = 200_000
NUMBER = re.compile(r"(?m)^version = \d+$")
DAY = re.compile(r"(?m)^effective_from = \S+$")


class DraftForm(PlainForm):
    """Checked as often as one likes; why it changes must be said only to keep it."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "keep" not in self.data:
            self.errors.pop("reason", None)
        return data


class VersionForm(DraftForm):
    text = forms.CharField(
        label="The rules",
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 32, "class": "r-code", "spellcheck": "false"}),
    )
    reason = forms.CharField(
        label="Why do the rules change?",
        max_length=300,
        error_messages={"required": "Write down why the rules change."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def copy_of(text: str, *, version: int, effective_from: date) -> str:
    """The text of an older version with the next number and a day on which it may begin."""
    text = NUMBER.sub(f"version = {version}", text, count=1)
    return DAY.sub(f"effective_from = {effective_from.isoformat()}", text, count=1)
