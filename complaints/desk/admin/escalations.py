"""The supervisors' pages: the list, one question, and its dialogs. A GET looks; what changes, changes by a verb."""

from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from complaints.desk import escalation_list, escalation_page
from complaints.desk.admin.bounded import ReadOnlyAdmin
from complaints.desk.dialogs import serve
from complaints.desk.escalation_dialogs import on_escalation
from complaints.desk.escalation_list import PAGE, VIEW
from complaints.desk.open_question import BESIDE, OpenQuestion
from complaints.resolution import actions
from escalations.models import Escalation


@admin.register(Escalation)
class EscalationAdmin(ReadOnlyAdmin):
    list_display = ("reason",)

    def get_urls(self) -> list[URLPattern]:
        do = self.admin_site.admin_view(self.do_view)
        inherited: list[URLPattern] = super().get_urls()
        return [path("<int:pk>/do/<slug:name>/", do, name="escalations_escalation_do"), *inherited]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Escalation]:
        return Escalation.objects.visible_to(request.user)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return escalation_list.show(request, self.admin_site)

    def changeform_view(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """The theme's form of fields, which is never used."""
        raise Http404

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        raise Http404

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        self._open(request, object_id)
        raise PermissionDenied

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        question = self._open(request, object_id)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(
                "Questions change by their dialogs alone.", status=HTTPStatus.METHOD_NOT_ALLOWED
            )
        actions.log_reading(question.complaint, by=question.person, now=question.now)
        context = {
            **self.admin_site.each_context(request),
            "title": "Escalations",
            **escalation_page.context(question),
        }
        return TemplateResponse(request, "desk/escalation.html", context)

    def do_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        question, dialog = self._open(request, str(pk)), on_escalation.get(name)
        if dialog is None:
            raise Http404
        return serve(request, dialog, question, back=reverse(PAGE, args=[pk]))

    def _open(self, request: HttpRequest, object_id: str) -> OpenQuestion:
        """The question, if this person may read it and its complaint. If not there is none: 404."""
        person = request.user
        if not isinstance(person, User) or not person.has_perm(VIEW):
            raise PermissionDenied
        if not object_id.isdecimal():
            raise Http404
        seen = Escalation.objects.visible_to(person).select_related(*BESIDE)
        return OpenQuestion(get_object_or_404(seen, pk=object_id), person=person, now=timezone.now())
