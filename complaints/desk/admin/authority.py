from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from moneyed import CURRENCIES
from unfold.admin import ModelAdmin

from complaints.desk.admin.bounded import HistoryAdmin
from complaints.resolution.models import AuthorityLimit


class AuthorityLimitForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = AuthorityLimit
        fields = ("group", "currency", "kind", "category", "per_complaint", "per_customer", "window_days")

    def clean_currency(self) -> str:
        currency = str(self.cleaned_data["currency"]).upper()
        if currency not in CURRENCIES:
            raise forms.ValidationError("This is no currency. Three letters, such as GBP.")
        return currency


@admin.register(AuthorityLimit)
class AuthorityLimitAdmin(HistoryAdmin):
    """How much a group may grant. Taking a limit away takes the authority away; the history keeps that it was."""

    form = AuthorityLimitForm
    list_display = (
        "group",
        "currency",
        "kind",
        "category",
        "per_complaint",
        "per_customer",
        "window_days",
    )
    list_filter = ("group", "currency")
    list_select_related = ("group", "category")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(ModelAdmin.has_delete_permission(self, request, obj))
