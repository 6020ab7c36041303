from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from complaints.desk import substitutes
from complaints.desk.admin.bounded import ReadOnlyAdmin
from complaints.desk.dialogs import serve
from complaints.desk.substitutes import LIST, Absences, on_absences
from escalations.models import Substitution

VIEW = "escalations.view_substitution"


@admin.register(Substitution)
class SubstitutionAdmin(ReadOnlyAdmin):
    list_display = ("principal",)

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        inherited: list[URLPattern] = super().get_urls()
        return [
            path("name/", wrap(self.name_view), name="escalations_substitution_name"),
            path("<int:pk>/end/", wrap(self.end_view), name="escalations_substitution_end"),
            *inherited,
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        absences = _open(request)
        context = {**self.admin_site.each_context(request), **substitutes.context(absences)}
        return TemplateResponse(request, "desk/substitutes.html", context)

    def changeform_view(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """The theme's form of fields, which is never used."""
        raise Http404

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        raise Http404

    def name_view(self, request: HttpRequest) -> HttpResponse:
        return serve(request, on_absences["name"], _open(request), back=reverse(LIST))

    def end_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        absences = _open(request)
        found = get_object_or_404(Substitution.objects.select_related("principal", "substitute"), pk=pk)
        absences.one = found if absences.may_end(found) else None
        return serve(request, on_absences["end"], absences, back=reverse(LIST))


def _open(request: HttpRequest) -> Absences:
    person = request.user
    if not isinstance(person, User) or not person.has_perm(VIEW):
        raise PermissionDenied
    return Absences(person, timezone.now())
