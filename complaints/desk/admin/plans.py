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


@admin.register(PlannedLetter)
class PlannedLetterAdmin(ReadOnlyAdmin):
    """What will go by itself, and what became of what was planned. Plans follow from moves, never from here."""

    list_display = ("kind", "stage", "complaint", "due", "because", "state", "settled_at", "why_cancelled")
    list_filter = ("state", "kind")
    list_select_related = ("complaint",)
    ordering = ("-pk",)
    sortable_by = ()
    fields = ("complaint", "kind", "stage", "due", "because", "state", "settled_at", "why_cancelled")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PlannedLetter]:
        plans = PlannedLetter.objects.select_related("complaint").order_by("-pk")
        return of_visible(plans, request.user) if isinstance(request.user, User) else plans.none()

    @admin.display(description="Due at")
    def due(self, letter: PlannedLetter) -> str:
        when = date_format(timezone.localtime(letter.due_at), "j M Y, H:i")
        page = reverse("desk:why_letter", args=[letter.pk])
        return format_html('<a href="{}" title="Why this date?">{}</a>', page, when)
