"""Writing the words of a letter: subject, text, why, from when, and a complaint to try them on."""

from collections.abc import Mapping
from typing import ClassVar

from django import forms

from complaints.desk.forms.base import MomentField
from complaints.desk.forms.importing import PlainForm
from complaints.desk.forms.policies import DraftForm
from complaints.policies.letter_text import LONGEST_BODY, LONGEST_SUBJECT


class WordingForm(DraftForm):
    """Longer than allowed is for the verb to say, so that every slip is told at once."""

    widths: ClassVar[Mapping[str, str]] = {"in_use_from": "half", "reference": "half"}

    subject = forms.CharField(
        max_length=2 * LONGEST_SUBJECT, error_messages={"required": "The letter needs a subject."}
    )
    body = forms.CharField(
        label="Letter",
        max_length=2 * LONGEST_BODY,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "class": "r-letter"}),
        error_messages={"required": "The letter is empty."},
    )
    reason = forms.CharField(
        label="Why do the words change?",
        max_length=300,
        error_messages={"required": "Write down why the words change."},
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    in_use_from = MomentField(label="In use from", required=False, help_text="Left empty: at once.")
    reference = forms.CharField(
        label="Try it on complaint",
        max_length=20,
        required=False,
        help_text="Left empty: the newest you may see.",
    )
    copied_from = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class LanguageForm(PlainForm):
    language = forms.RegexField(
        r"^[a-z]{2,3}(-[A-Z]{2})?$",
        label="Language",
        error_messages={
            "required": "Say which language.",
            "invalid": "A language is written like this: fr, or en-IE.",
        },
    )
