"""What a report can be narrowed by. Everything comes from the address, and an address may hold anything."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.http import QueryDict

from complaints.resolution.models import Category, Channel, RootCause
from complaints.resolution.permission import WORK
from reporting import periods
from reporting.periods import CUSTOM, Period
from reporting.scope import NONE, Scope

MOST_CHOICES = 500
LONGEST = timedelta(days=20 * 366)
EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)
DEFAULT = "month"

Choices = list[tuple[str, str]]


class ScopeForm(forms.Form):
    """Invalid is not ignored: a figure of something else than was asked for is worse than none."""

    period = forms.ChoiceField(choices=periods.CHOICES)
    first = forms.DateField(label="From", required=False)
    last = forms.DateField(label="To", required=False)
    product = forms.ChoiceField(required=False)
    cause = forms.ChoiceField(required=False)
    channel = forms.ChoiceField(required=False, choices=[("", "Any"), *Channel.choices])
    company = forms.CharField(label="Business", required=False, max_length=200)
    handler = forms.ChoiceField(label="Current handler", required=False)
    without_imported = forms.BooleanField(label="Without imported history", required=False)
    currency = forms.RegexField(r"^[A-Z]{3}\Z", required=False, widget=forms.HiddenInput)

    def __init__(self, address: QueryDict, *, user: User, now: datetime, default: str = DEFAULT) -> None:
        given = {name: address.get(name, "") for name in self.base_fields}
        super().__init__({**given, "period": given["period"] or default}, label_suffix="")
        self.user, self.now, self.default = user, now, default
        self._choices("product", [(str(pk), name) for pk, name in _names(Category)])
        self._choices("cause", [(str(pk), name) for pk, name in _names(RootCause)])
        self._choices("handler", [(str(one.pk), one.get_full_name() or one.username) for one in _handlers()])
        for name in ("first", "last"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        for name, one in self.fields.items():
            if name != "without_imported":
                one.widget.attrs["class"] = "r-input"

    def _choices(self, name: str, choices: Choices) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # for mypy
        field.choices = [("", "Any"), *choices, (NONE, "None")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("period") == CUSTOM and not self.errors:
            self._check_dates(cleaned.get("first"), cleaned.get("last"))
        return cleaned

    def _check_dates(self, first: date | None, last: date | None) -> None:
        if first is None or last is None:
            raise forms.ValidationError("Choose both days, from and to.")
        if first > last:
            raise forms.ValidationError("The first day is after the last.")
        if first < EARLIEST or last > LATEST or last - first > LONGEST:
            raise forms.ValidationError("At most twenty years can be looked at, from 1970 on.")

    @property
    def is_narrowed(self) -> bool:
        narrowings = set(self.fields) - {"period", "first", "last", "currency"}
        return any(self.data[name] for name in narrowings)

    def scope(self) -> Scope:
        """The form must be valid."""
        given = self.cleaned_data
        narrowed = {name: given[name] for name in ("product", "cause", "channel", "company", "handler")}
        return Scope(
            user=self.user,
            now=self.now,
            period=self._period(),
            without_imported=given["without_imported"],
            currency=given["currency"],
            chosen=self._chosen(),
            **narrowed,
        )

    def _period(self) -> Period:
        given = self.cleaned_data
        if given["period"] == CUSTOM:
            return Period(given["first"], given["last"])
        return periods.named(given["period"], self.now)

    def _chosen(self) -> dict[str, str]:
        dates = () if self.cleaned_data["period"] == CUSTOM else ("first", "last")
        return {name: str(value) for name, value in self.data.items() if value and name not in dates}


def _names(model: type[Category] | type[RootCause]) -> list[tuple[int, str]]:
    return list(model.objects.order_by("name").values_list("pk", "name")[:MOST_CHOICES])


def _handlers() -> list[User]:
    staff = User.objects.with_perm(WORK, include_superusers=False)
    return list(staff.order_by("first_name", "last_name", "username")[:MOST_CHOICES])
