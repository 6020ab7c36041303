"""What a work list can be narrowed by. Everything comes from the address, and an address may hold anything."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils import timezone

from complaints.resolution.models import Category, Channel, Priority, State
from complaints.resolution.models.complaints import ComplaintQuerySet
from complaints.resolution.permission import WORK

MOST_CHOICES = 500

Choices = list[tuple[str, str]]


def handlers() -> list[User]:
    """Who may hold a complaint: everybody whose role works complaints."""
    staff = User.objects.with_perm(WORK, is_active=True, include_superusers=False)
    return list(staff.order_by("first_name", "last_name", "username")[:MOST_CHOICES])


def category_choices() -> Choices:
    return [(str(pk), name) for pk, name in Category.objects.values_list("pk", "name")[:MOST_CHOICES]]


class FilterForm(forms.Form):
    category = forms.ChoiceField(required=False)
    state = forms.ChoiceField(required=False, choices=[("", "Any state"), *State.choices])
    priority = forms.ChoiceField(required=False, choices=[("", "Any priority"), *Priority.choices])
    channel = forms.ChoiceField(required=False, choices=[("", "Any channel"), *Channel.choices])
    handler = forms.ChoiceField(required=False)
    received_from = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    received_to = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, data: Any, staff: list[User]) -> None:
        super().__init__(data, auto_id="filter_%s", use_required_attribute=False)
        people = [(str(person.pk), str(person.get_full_name() or person)) for person in staff]
        self._choose("category", [("", "Any category"), *category_choices()])
        self._choose("handler", [("", "Any handler"), *people])
        for name, field in self.fields.items():
            field.widget.attrs |= {"aria-label": name.replace("_", " ").capitalize(), "class": "r-input"}

    def _choose(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = choices

    def narrow(self, complaints: ComplaintQuerySet) -> ComplaintQuerySet:
        """What is valid narrows; what is not is shown as an error beside its field and changes nothing."""
        self.is_valid()
        for name in ("category", "state", "priority", "channel", "handler"):
            if value := self.cleaned_data.get(name):
                complaints = complaints.filter(**{name: value})
        if day := self.cleaned_data.get("received_from"):
            complaints = complaints.filter(received_at__gte=_midnight(day))
        if day := self.cleaned_data.get("received_to"):
            complaints = complaints.filter(received_at__lt=_midnight(day + timedelta(days=1)))
        return complaints

    @property
    def is_used(self) -> bool:
        return any(self.data.get(name) for name in self.fields)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()))
