from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from complaints.desk.admin.bounded import ReadOnlyAdmin
from complaints.desk.sight import of_visible
from complaints.followups.models import PlannedLetter

TO_GO = ("kind", "stage", "complaint", "due", "because")
SETTLED = ("kind", "stage", "complaint", "due", "state", "settled", "why_cancelled")


def moment(at: datetime) -> str:
    return date_format(timezone.localtime(at), "j M Y, H:i")


class ToGoFilter(admin.SimpleListFilter):
    """What is still to go, unless somebody asks for the rest."""

    title = "what"
    parameter_name = "shown"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [("settled", "Gone or cancelled")]

    def choices(self, changelist: Any) -> Any:
        to_go, *others = super().choices(changelist)
        yield to_go | {"display": "Still to go"}
        yield from others

    def queryset(self, _request: HttpRequest, plans: QuerySet[Any]) -> QuerySet[Any]:
        return plans.filter(settled_at__isnull=self.value() is None)


@admin.register(PlannedLetter)
class PlannedLetterAdmin(ReadOnlyAdmin):
    """What will go by itself, soonest first, and what became of the rest. Plans follow from moves, never from here."""

    list_filter = (ToGoFilter, "kind")
    list_select_related = ("complaint",)
    sortable_by = ()
    fields = ("complaint", "kind", "stage", "due", "because", "state", "settled", "why_cancelled")

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        return SETTLED if request.GET.get(ToGoFilter.parameter_name) else TO_GO

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Soonest first what is to come, latest first what is past."""
        return ("-pk",) if request.GET.get(ToGoFilter.parameter_name) else ("due_at", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlannedLetter]:
        plans = PlannedLetter.objects.select_related("complaint")
        return of_visible(plans, request.user) if isinstance(request.user, User) else plans.none()

    @admin.display(description="Due at")
    def due(self, letter: PlannedLetter) -> str:
        page = reverse("desk:why_letter", args=[letter.pk])
        return format_html(
            '<a class="r-nowrap" href="{}" title="Why this date?">{}</a>', page, moment(letter.due_at)
        )

    @admin.display(description="Settled at")
    def settled(self, letter: PlannedLetter) -> str:
        if letter.settled_at is None:
            return "–"
        return format_html('<span class="r-nowrap">{}</span>', moment(letter.settled_at))
