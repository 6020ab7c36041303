from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest

from complaints.desk.admin.bounded import ReadOnlyAdmin
from complaints.desk.sight import of_visible
from complaints.followups.models import PlannedLetter


@admin.register(PlannedLetter)
class PlannedLetterAdmin(ReadOnlyAdmin):
    """What will go by itself, and what became of what was planned. Plans follow from moves, never from here."""

    list_display = ("kind", "stage", "complaint", "due_at", "state", "settled_at", "why_cancelled")
    list_filter = ("state", "kind")
    list_select_related = ("complaint",)
    ordering = ("-pk",)
    sortable_by = ()
    fields = ("complaint", "kind", "stage", "due_at", "state", "settled_at", "why_cancelled")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlannedLetter]:
        plans = PlannedLetter.objects.select_related("complaint").order_by("-pk")
        return of_visible(plans, request.user) if isinstance(request.user, User) else plans.none()
