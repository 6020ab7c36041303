from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone

from complaints.desk import handing_over, team_load
from complaints.desk.admin.bounded import ReadOnlyAdmin
from complaints.desk.handing_over import Asked
from complaints.resolution.permission import ASSIGN
from escalations.models import Handover


@admin.register(Handover)
class HandoverAdmin(ReadOnlyAdmin):
    """Its list is the team's load, from which one hands over."""

    list_display = ("giver",)

    def has_view_permission(self, request: HttpRequest, obj: Handover | None = None) -> bool:
        return isinstance(request.user, User) and request.user.has_perm(ASSIGN)

    def get_urls(self) -> list[URLPattern]:
        do = self.admin_site.admin_view(self.hand_over_view)
        inherited: list[URLPattern] = super().get_urls()
        return [path("hand-over/", do, name="escalations_handover_do"), *inherited]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        person = _manager(request)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED)
        context = {**self.admin_site.each_context(request), **team_load.context(person, now=timezone.now())}
        return TemplateResponse(request, "desk/team_load.html", context)

    def hand_over_view(self, request: HttpRequest) -> HttpResponse:
        person = _manager(request)
        asked = Asked(request, person, timezone.now(), self.admin_site.each_context(request))
        return handing_over.do(asked) if request.method == "POST" else handing_over.show(asked)

    def changeform_view(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """The theme's form of fields, which is never used."""
        raise Http404

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        raise Http404


def _manager(request: HttpRequest) -> User:
    person = request.user
    if not isinstance(person, User) or not person.has_perm(ASSIGN):
        raise PermissionDenied
    return person
