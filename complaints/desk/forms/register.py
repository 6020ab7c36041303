"""Taking a complaint down by telephone: three steps on one page, so that nobody waits for the machine."""

import secrets
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.utils import timezone

from complaints.desk import people
from complaints.desk.forms.base import MomentField, StaffChoices, Words
from complaints.desk.sight import visible_customers
from complaints.resolution.models import Category, Channel, ContactChannel, Customer, Priority

MOST_POINTS = 20


class RegisterForm(forms.Form):
    """`token` names this registration: however often it is sent, one complaint comes of it."""

    use_required_attribute = False
    steps: ClassVar[dict[str, tuple[str, ...]]] = {
        "who": (
            "customer_id",
            "name",
            "email",
            "phone",
            "postcode",
            "address",
            "preferred_channel",
            "access_needs",
            "channel",
            "received_at",
            "vulnerable",
        ),
        "what": (
            "title",
            "words",
            "points",
            "desired_outcome",
            "category",
            "company",
            "priority",
            "media_risk",
            "about_staff",
        ),
        "back": ("restatement", "confirmed"),
    }
    #: Not optional, though no single one of them is required.
    one_of: ClassVar[tuple[str, ...]] = ("name", "email", "phone", "address", "preferred_channel")
    widths: ClassVar[dict[str, str]] = {
        "name": "half",
        "email": "half",
        "phone": "half",
        "postcode": "half",
        "preferred_channel": "half",
        "access_needs": "half",
        "channel": "half",
        "received_at": "half",
        "category": "half",
        "company": "half",
        "priority": "half",
        "media_risk": "half",
    }

    token = forms.CharField(max_length=64, widget=forms.HiddenInput)
    customer_id = forms.ModelChoiceField(Customer.objects.none(), required=False, widget=forms.HiddenInput)
    name = forms.CharField(max_length=200, required=False)
    email = forms.EmailField(label="E-mail", required=False)
    phone = forms.CharField(label="Telephone", max_length=40, required=False)
    address = Words(rows=2, required=False, help_text="Needed where there is no e-mail address")
    postcode = forms.CharField(max_length=20, required=False)
    preferred_channel = forms.ChoiceField(
        label="Wishes to hear from us by",
        choices=ContactChannel.choices,
        initial=ContactChannel.EMAIL,
        required=False,
    )
    access_needs = forms.CharField(
        max_length=200, required=False, help_text="Large print, text relay, an interpreter …"
    )
    vulnerable = forms.BooleanField(label="Vulnerable: needs particular care", required=False)
    channel = forms.ChoiceField(label="How they complain", choices=Channel.choices, initial=Channel.PHONE)
    received_at = MomentField(
        label="When they complained", help_text="Clocks run from this moment, not from now."
    )
    title = forms.CharField(label="In one line", max_length=200)
    words = Words(label="As they said it", rows=6)
    points = Words(
        label="What exactly is complained of", rows=3, required=False, help_text="One point a line"
    )
    desired_outcome = Words(label="What they want", rows=2, required=False, help_text="Ask; do not guess.")
    category = forms.ModelChoiceField(
        Category.objects.filter(active=True), required=False, empty_label="Not set"
    )
    company = forms.CharField(label="Brand or unit", max_length=200, required=False)
    priority = forms.ChoiceField(choices=Priority.choices, initial=Priority.NORMAL)
    media_risk = forms.BooleanField(label="They mentioned the media", required=False)
    about_staff = StaffChoices(
        label="It is about a member of staff",
        queryset=people.staff(),
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 4}),
        help_text="Whoever is named here will see nothing of this complaint.",
    )
    restatement = Words(label="The problem in our words", rows=3)
    confirmed = forms.BooleanField(label="Read back to them, and they said: yes, that is it", required=False)

    def __init__(self, *args: Any, person: User, now: datetime, **kwargs: Any) -> None:
        self.person, self.now = person, now
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        field = self.fields["customer_id"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = visible_customers(person)
        self.initial.setdefault("token", secrets.token_urlsafe(24))
        self.initial.setdefault("received_at", timezone.localtime(now))

    def clean_preferred_channel(self) -> str:
        """Not asked of somebody we know."""
        return self.cleaned_data["preferred_channel"] or ContactChannel.EMAIL

    def clean_received_at(self) -> datetime:
        moment: datetime = self.cleaned_data["received_at"]
        if moment > self.now:
            # The field knows minutes only: this very minute is not the future.
            if (moment - self.now).total_seconds() >= 60:  # noqa: PLR2004
                raise forms.ValidationError("This lies in the future.")
            return self.now
        return moment

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("customer_id") is None and "customer_id" not in self.errors:
            self._require_somebody(data)
        return data

    def _require_somebody(self, data: dict[str, Any]) -> None:
        if not data.get("name"):
            self.add_error("name", "Ask for the name, or choose the customer above.")
        if not any(data.get(way) for way in ("email", "phone", "address")) and "email" not in self.errors:
            self.add_error("email", "We need one way to reach them: e-mail, telephone or address.")

    def point_texts(self) -> list[str]:
        lines = self.cleaned_data["points"].splitlines()
        return [line.strip(" -\t") for line in lines if line.strip(" -\t")][:MOST_POINTS]
