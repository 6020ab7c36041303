from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from unfold.decorators import display

from complaints.desk.admin.bounded import HistoryAdmin, key_of
from complaints.desk.find import called
from complaints.desk.sight import visible_customers
from complaints.desk.worklist import SHOWN
from complaints.resolution.models import Complaint, Customer

MOST_COMPLAINTS = 50


class CustomerForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = Customer
        exclude = ("created_at",)  # noqa: DJ006 - the admin's fieldsets say which fields there are

    def clean_email(self) -> str:
        """One spelling a person, as everywhere else."""
        return str(self.cleaned_data["email"]).strip().lower()


@admin.register(Customer)
class CustomerAdmin(HistoryAdmin):
    """Who they are and how they wish to be spoken to, with their complaints. Made by registering a complaint."""

    form = CustomerForm
    hides_rows = True
    list_display = ("name", "email", "phone", "postcode", "preferred_channel", "look_twice")
    list_filter = ("vulnerable",)
    search_fields = ("name",)
    search_help_text = "The beginning of the name, or the whole e-mail address"
    ordering = ("-pk",)
    sortable_by = ()
    change_form_outer_after_template = "desk/customer_complaints.html"
    fieldsets = (
        (None, {"fields": ("name", ("email", "phone"), "address", "postcode", "customer_since")}),
        (
            "How to speak to them",
            {
                "fields": (
                    ("preferred_channel", "language"),
                    ("contact_from", "contact_until"),
                    "access_needs",
                    "vulnerable",
                )
            },
        ),
    )

    @display(description="Flags", label={"Vulnerable": "warning"})  # type: ignore[untyped-decorator]
    def look_twice(self, customer: Customer) -> str:
        return "Vulnerable" if customer.vulnerable else ""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        return visible_customers(_staff(request)).order_by("-pk")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Customer], search_term: str
    ) -> tuple[QuerySet[Customer], bool]:
        text = search_term.strip()
        return (called(queryset, text) if text else queryset), False

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        seen = Complaint.objects.visible_to(_staff(request)).filter(customer=key_of(object_id))
        rows = seen.select_related("customer", "handler").only(*SHOWN).order_by("-received_at", "-pk")
        context = {"complaints": rows[:MOST_COMPLAINTS], "now": timezone.now(), **(extra_context or {})}
        response: HttpResponse = super().change_view(request, object_id, form_url, context)
        return response


def _staff(request: HttpRequest) -> Any:
    return request.user
