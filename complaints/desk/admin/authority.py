from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from moneyed import CURRENCIES
from unfold.admin import ModelAdmin
from unfold.decorators import display

from complaints.desk.admin.bounded import HistoryAdmin
from complaints.desk.templatetags.file_words import money
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
    list_display = ("group", "remedy", "of_category", "of_a_complaint", "of_a_customer")
    list_filter = ("group", "currency")
    list_select_related = ("group", "category")

    @display(description="Remedy", ordering="kind")  # type: ignore[untyped-decorator]
    def remedy(self, limit: AuthorityLimit) -> str:
        return limit.get_kind_display() or "any remedy"

    @display(description="Category", ordering="category")  # type: ignore[untyped-decorator]
    def of_category(self, limit: AuthorityLimit) -> str:
        return str(limit.category or "any category")

    @display(description="Of one complaint", ordering="per_complaint")  # type: ignore[untyped-decorator]
    def of_a_complaint(self, limit: AuthorityLimit) -> str:
        return money(limit.per_complaint, limit.currency)

    @display(description="Of one customer", ordering="per_customer")  # type: ignore[untyped-decorator]
    def of_a_customer(self, limit: AuthorityLimit) -> str:
        return f"{money(limit.per_customer, limit.currency)} in {limit.window_days} days"

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(ModelAdmin.has_delete_permission(self, request, obj))
