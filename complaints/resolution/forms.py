"""What customers fill in on their signed pages."""

import secrets
from typing import Any

from django import forms
from django.core.files import File

from complaints.resolution.actions.documents import LARGEST, MOST_BYTES, type_of
from complaints.resolution.exceptions import BadDocument
from complaints.resolution.models import Complaint, Question
from complaints.resolution.reference import understand
from complaints.resolution.restraint import MEGABYTE, documents_today, elsewhere

MOST_FILES = 5
LONGEST = 20_000
#: Codes of errors: it was more than we take, and it is more than the house takes today.
TOO_MUCH, NOT_TODAY = "too_much", "not_today"
NO_MORE_TODAY = (
    "We cannot take more documents through this page today. Please send your words without them: they are welcome. "
    "For the documents, {elsewhere}, or come back tomorrow."
)


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; one that is not taken refuses the whole form, and nothing is stored."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[File[bytes]]":
        given = list(data or [])
        self._require_room(given)
        files = [super(FilesField, self).clean(one, initial) for one in given]
        for file in files:
            self._require_accepted(file)
        return files

    def _require_room(self, files: "list[File[bytes]]") -> None:
        """By their sizes, before any of them is read."""
        if len(files) > MOST_FILES:
            raise forms.ValidationError(f"Please send at most {MOST_FILES} files at a time.", code=TOO_MUCH)
        large = [
            f"{file.name}: The file is larger than {_in_mb(LARGEST)}."
            for file in files
            if file.size > LARGEST
        ]
        if large:
            raise forms.ValidationError(large[0], code=TOO_MUCH)
        if sum(file.size for file in files) > MOST_BYTES:
            words = (
                f"The files are larger than {_in_mb(MOST_BYTES)} together. Please send fewer or smaller ones."
            )
            raise forms.ValidationError(words, code=TOO_MUCH)
        if files and documents_today().is_reached():
            raise forms.ValidationError(NO_MORE_TODAY.format(elsewhere=elsewhere()), code=NOT_TODAY)

    def _require_accepted(self, file: "File[bytes]") -> None:
        try:
            type_of(file.read())
        except BadDocument as refusal:
            raise forms.ValidationError(f"{file.name}: {refusal}") from None
        finally:
            file.seek(0)


class WordsField(forms.CharField):
    """The customer's own words, to the last blank. Blanks alone are no words."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if self.required and not text.strip():
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return text


def words(label: str, *, required: bool = True, error: str = "", help_text: str = "") -> forms.CharField:
    return WordsField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": error} if error else None,
    )


def _in_mb(size: int) -> str:
    return f"{size // MEGABYTE} MB"


def files() -> FilesField:
    return FilesField(
        label="Documents or pictures",
        required=False,
        help_text=f"PDF, pictures, Word, Excel or text; at most {MOST_FILES}, up to {_in_mb(LARGEST)} each and "
        f"{_in_mb(MOST_BYTES)} together.",
    )


class AnswerForm(forms.Form):
    """One box a question. At least one is answered; what is left empty is simply left open."""

    def __init__(self, *args: Any, questions: list[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in questions:
            self.fields[f"answer_{question.pk}"] = words(
                question.text, required=len(questions) == 1, error="Please write your answer."
            )
        self.fields["documents"] = files()
        self.questions = questions

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.answers(cleaned):
            raise forms.ValidationError("Please answer at least one question.")
        return cleaned

    def answers(self, cleaned: dict[str, Any]) -> dict[int, str]:
        given = {question.pk: cleaned.get(f"answer_{question.pk}", "") for question in self.questions}
        return {pk: text for pk, text in given.items() if text.strip()}


class AcceptForm(forms.Form):
    """The deliberate second step: a program that presses buttons does not copy a reference."""

    reference = forms.CharField(
        label="Type the reference of your complaint to confirm",
        max_length=40,
        error_messages={"required": "Type your reference to confirm."},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    sure = forms.BooleanField(
        label="I accept this offer.", error_messages={"required": "Tick the box to accept the offer."}
    )

    def __init__(self, *args: Any, complaint: Complaint, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.complaint = complaint
        self.fields["reference"].help_text = f"It is {complaint.reference}."

    def clean_reference(self) -> str:
        typed: str = self.cleaned_data["reference"]
        if understand(typed) != self.complaint.reference:
            raise forms.ValidationError(
                "That is not the reference of this complaint. Please look at it again."
            )
        return typed


class DeclineForm(forms.Form):
    reason = words(
        "What is not right with our offer?",
        error="Please tell us what is not right, so that we can do better.",
    )
    wants_manager = forms.BooleanField(label="I would like a manager to look at it.", required=False)


class MessageForm(forms.Form):
    """`once` is drawn when the form is shown: a double click says it once."""

    once = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    body = words("Your message", error="Please write your message.")
    documents = files()
    wants_manager = forms.BooleanField(
        label="I would like a manager to look at my complaint.", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("once", secrets.token_urlsafe(24))


class WithdrawForm(forms.Form):
    body = words("Why do you take your complaint back?", error="Please tell us in a word or two.")
    sure = forms.BooleanField(
        label="I take my complaint back.",
        error_messages={"required": "Tick the box to take your complaint back."},
    )
