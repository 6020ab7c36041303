"""Importing, for those who may. What is imported, is by the verbs; nobody edits what a run says of itself."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.desk import importing
from complaints.desk.admin.bounded import ReadOnlyAdmin
from complaints.desk.admin.complaints import DOWNLOAD_POLICY
from complaints.intake.actions.runs import IMPORT
from complaints.intake.models import ImportRun

look_or_tell = method_decorator(require_http_methods(["GET", "HEAD", "POST"]))


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    list_display = ("file_name",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("file/<slug:key>/", view(self.look_view), name="intake_importrun_look"),
            path("<int:pk>/again/", view(self.again_view), name="intake_importrun_again"),
            path("<int:pk>/report/", view(self.report_view), name="intake_importrun_report"),
        ]
        inherited: list[URLPattern] = super().get_urls()
        return own + inherited

    def has_view_permission(self, request: HttpRequest, obj: ImportRun | None = None) -> bool:
        return bool(request.user.has_perm(IMPORT))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    @look_or_tell
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return importing.choose(request, importer(request), self.admin_site)

    @look_or_tell
    def look_view(self, request: HttpRequest, key: str) -> HttpResponse:
        return importing.look(request, importer(request), self.admin_site, key)

    @method_decorator(require_safe)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        importer(request)
        return importing.show_run(request, self.admin_site, object_id)

    @method_decorator(require_POST)
    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return importing.start_again(request, importer(request), pk)

    @method_decorator(require_safe)
    def report_view(self, request: HttpRequest, pk: int) -> FileResponse:
        importer(request)
        response = importing.report(pk)
        response["Content-Security-Policy"] = DOWNLOAD_POLICY
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        raise Http404

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        raise Http404


def importer(request: HttpRequest) -> User:
    if not isinstance(request.user, User) or not request.user.has_perm(IMPORT):
        raise PermissionDenied
    return request.user
