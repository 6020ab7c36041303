"""What all forms of the desk have in common."""

from django import forms

from complaints.desk.forms.base import DialogForm


class Asked(DialogForm):
    word = forms.CharField()
    which = forms.ChoiceField(choices=[("a", "A")])
    proof = forms.CharField(error_messages={"required": "Give the proof."})


def test_what_is_missing_is_asked_for_in_plain_words() -> None:
    errors = Asked({}, subject=None).errors
    assert errors == {
        "word": ["This is still missing."],
        "which": ["Choose one."],
        "proof": ["Give the proof."],
    }
