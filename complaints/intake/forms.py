import secrets
from typing import Any

from django import forms

from complaints.resolution.forms import files
from complaints.resolution.forms import words as words_field
from complaints.resolution.models import Category


class ComplaintForm(forms.Form):
    """The public form. `token` is drawn when it is shown, so that a double click opens one complaint."""

    token = forms.CharField(max_length=64, widget=forms.HiddenInput)
    name = forms.CharField(
        label="Your name",
        max_length=200,
        error_messages={"required": "Please tell us your name."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label="E-mail address",
        required=False,
        help_text="We write to you here.",
        error_messages={
            "invalid": "Please look at the e-mail address again: it should look like name@example.com."
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label="Telephone",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    category = forms.ModelChoiceField(
        Category.objects.filter(active=True),
        label="What is it about?",
        required=False,
        empty_label="I am not sure",
    )
    title = forms.CharField(
        label="Your complaint in one line",
        max_length=200,
        error_messages={"required": "Please say in one line what happened."},
    )
    words = words_field(
        "What happened?",
        error="Please tell us what happened.",
        help_text="In your own words. When was it, what went wrong, who did you speak to?",
    )
    desired_outcome = words_field("What would put it right for you?", required=False)
    documents = files()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["desired_outcome"].widget.attrs["rows"] = 3
        self.initial.setdefault("token", secrets.token_urlsafe(24))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("phone") and not cleaned.get("email") and "email" not in self.errors:
            self.add_error(
                "email", "Please give us an e-mail address or a telephone number, so that we can answer."
            )
        return cleaned
