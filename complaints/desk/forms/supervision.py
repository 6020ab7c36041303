from typing import ClassVar

from django import forms

from complaints.desk.forms.base import DialogForm, MomentField, Words
from escalations.models import Mood


class RaiseForm(DialogForm):
    widths: ClassVar[dict[str, str]] = {"mood": "half", "wanted_by": "half"}

    ask = Words(label="What you ask of the supervisor", rows=3)
    tried = Words(label="What was tried so far", rows=3)
    mood = forms.ChoiceField(
        label="How the customer is", choices=[("", "Not known"), *Mood.choices], required=False
    )
    wanted_by = MomentField(label="Answer needed by", required=False)
