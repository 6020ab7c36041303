"""The complaint's own pages: the file, its dialogs, its documents, its history, and registering a call.

Nothing here edits a field: a GET looks, and what changes, changes by the dialogs' verbs.
"""

from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from unfold.admin import ModelAdmin

from complaints.desk import complaint_page, registering, worklist
from complaints.desk.dialogs import on_complaint, serve
from complaints.desk.open_file import OpenFile
from complaints.mailroom import enclosures
from complaints.resolution import actions
from complaints.resolution.models import Complaint, Document
from complaints.resolution.permission import WORK

BESIDE = ("customer", "category", "handler", "merged_into", "follows")
#: A file from outside is never shown by the browser in our name, only kept.
DOWNLOAD_POLICY = "sandbox; default-src 'none'"


@admin.register(Complaint)
class ComplaintAdmin(ModelAdmin):  # type: ignore[misc]
    actions = None
    list_display = ("reference",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/do/<slug:name>/", view(self.do_view), name="resolution_complaint_do"),
            path(
                "<int:pk>/do/<slug:name>/<int:part>/", view(self.do_view), name="resolution_complaint_do_part"
            ),
            path(
                "<int:pk>/documents/<int:document>/",
                view(self.document_view),
                name="resolution_complaint_document",
            ),
        ]
        inherited: list[URLPattern] = super().get_urls()
        return own + inherited

    def get_queryset(self, request: HttpRequest) -> QuerySet[Complaint]:
        return Complaint.objects.visible_to(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(WORK))

    def has_change_permission(self, request: HttpRequest, obj: Complaint | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Complaint | None = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return worklist.show(request, self.admin_site)

    def changeform_view(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        """The theme's form of fields, which is never used."""
        raise Http404

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return registering.show(request, person_of(request), self.admin_site, now=timezone.now())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        file = self._open(request, object_id)
        return self._page(request, file, tab=request.GET.get("tab", ""))

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return self._page(request, self._open(request, object_id), tab="history")

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        self._open(request, object_id)
        raise PermissionDenied

    def do_view(self, request: HttpRequest, pk: int, name: str, part: int | None = None) -> HttpResponse:
        file, dialog = self._open(request, str(pk)), on_complaint.get(name)
        if dialog is None or bool(dialog.part) != (part is not None):
            raise Http404
        file.part = part
        return serve(request, dialog, file, back=reverse("admin:resolution_complaint_change", args=[pk]))

    def document_view(self, request: HttpRequest, pk: int, document: int) -> FileResponse | HttpResponse:
        file = self._open(request, str(pk))
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        kept = get_object_or_404(Document, pk=document, complaint=file.complaint)
        actions.log_reading(file.complaint, by=file.person, now=file.now)
        response = FileResponse(
            kept.file.open("rb"),
            as_attachment=True,
            filename=enclosures.name_for(kept.name, kept.content_type),
            content_type=kept.content_type,
        )
        response["Content-Security-Policy"] = DOWNLOAD_POLICY
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def _open(self, request: HttpRequest, object_id: str) -> OpenFile:
        """The complaint, if this person may see it. If not there is none: 404, whatever the reason."""
        person = person_of(request)
        if not object_id.isdecimal():
            raise Http404
        named = Exists(Complaint.about.through.objects.filter(complaint=OuterRef("pk")))
        seen = Complaint.objects.visible_to(person).select_related(*BESIDE).annotate(names_staff=named)
        found = get_object_or_404(seen, pk=object_id)
        file = OpenFile(found, person=person, now=timezone.now())
        file.is_about_staff = found.names_staff  # type: ignore[attr-defined]  # annotated above
        return file

    def _page(self, request: HttpRequest, file: OpenFile, *, tab: str) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(
                "Complaints change by their dialogs alone.", status=HTTPStatus.METHOD_NOT_ALLOWED
            )
        actions.log_reading(file.complaint, by=file.person, now=file.now)
        context = {
            **self.admin_site.each_context(request),
            "title": file.complaint.reference,
            **complaint_page.context(file, tab=tab, until=request.GET.get("until", "")),
        }
        return TemplateResponse(request, "desk/complaint.html", context)


def person_of(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
