from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from simple_history.admin import SimpleHistoryAdmin

from complaints.desk.admin.bounded import PlainAdmin
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
class CustomerAdmin(SimpleHistoryAdmin, PlainAdmin):  # type: ignore[misc]
    """Who they are and how they wish to be spoken to, with their complaints. Made by registering a complaint."""

    form = CustomerForm
    list_display = ("name", "email", "phone", "postcode", "preferred_channel", "vulnerable")
    list_filter = ("vulnerable",)
    search_fields = ("name",)
    search_help_text = "The beginning of the name, or the whole e-mail address"
    ordering = ("-pk",)
    sortable_by = ()
    history_list_display = ("changed_fields",)
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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Customer]:
        return visible_customers(_staff(request)).order_by("-pk")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Customer], search_term: str
    ) -> tuple[QuerySet[Customer], bool]:
        text = search_term.strip()
        return (called(queryset, text).order_by() if text else queryset), False

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:
        return False

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        seen = Complaint.objects.visible_to(_staff(request)).filter(customer=_key(object_id))
        rows = seen.select_related("customer", "handler").only(*SHOWN).order_by("-received_at", "-pk")
        context = {"complaints": rows[:MOST_COMPLAINTS], "now": timezone.now(), **(extra_context or {})}
        response: HttpResponse = super().change_view(request, object_id, form_url, context)
        return response

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """simple-history would show the past of a customer whose present this person may not see."""
        self._must_see(request, object_id)
        response: HttpResponse = super().history_view(request, object_id, extra_context)
        return response

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        self._must_see(request, object_id)
        response: HttpResponse = super().history_form_view(request, object_id, version_id, extra_context)
        return response

    def _must_see(self, request: HttpRequest, object_id: str) -> None:
        if not self.get_queryset(request).filter(pk=_key(object_id)).exists():
            raise Http404


def _staff(request: HttpRequest) -> Any:
    return request.user


def _key(object_id: str) -> int:
    if not object_id.isascii() or not object_id.isdigit() or len(object_id) > 18:  # noqa: PLR2004
        raise Http404
    return int(object_id)
