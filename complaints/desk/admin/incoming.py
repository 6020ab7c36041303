"""The pages of incoming mail. What a stranger wrote is shown as text, or in a frame that may do nothing at all."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from complaints.desk import incoming, incoming_page
from complaints.desk.admin.bounded import ReadOnlyAdmin, key_of
from complaints.desk.admin.complaints import DOWNLOAD_POLICY
from complaints.desk.dialogs import serve
from complaints.desk.incoming_dialogs import on_mail
from complaints.desk.incoming_page import OpenMail
from complaints.desk.next_step import Button
from complaints.desk.sight import visible_incoming
from complaints.mailroom.exceptions import MailroomError
from complaints.mailroom.models import IncomingMail, IncomingMailQuerySet
from complaints.mailroom.pictures import Pictures
from complaints.mailroom.reading import cleaned
from complaints.resolution import actions, links
from complaints.resolution.exceptions import Refused
from complaints.resolution.models import Complaint
from complaints.resolution.permission import WORK

LIST, PAGE = "admin:mailroom_incomingmail_changelist", "admin:mailroom_incomingmail_change"
#: Nothing is loaded, run or sent; a link opens in a window of its own. Pictures are those inside the mail, put into
#: the page: no address of ours could be asked from a frame that has no origin and so no session.
FRAME_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
FRAME = (
    '<!doctype html><html lang="und"><head><meta charset="utf-8"><title>Mail</title><style>'
    "body{{margin:12px;font:14px/1.5 system-ui,sans-serif;color:#1f2937;background:#fff;overflow-wrap:anywhere}}"
    "table,img{{max-width:100%}}img{{height:auto}}</style></head><body>{}</body></html>"
)


@admin.register(IncomingMail)
class IncomingAdmin(ReadOnlyAdmin):
    list_display = ("subject",)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/do/<slug:name>/", view(self.do_view), name="mailroom_incomingmail_do"),
            path("<int:pk>/html/", view(self.html_view), name="mailroom_incomingmail_html"),
            path("<int:pk>/raw/", view(self.raw_view), name="mailroom_incomingmail_raw"),
        ]
        inherited: list[URLPattern] = super().get_urls()
        return own + inherited

    def has_view_permission(self, request: HttpRequest, obj: IncomingMail | None = None) -> bool:
        return bool(request.user.has_perm(WORK))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def get_queryset(self, request: HttpRequest) -> IncomingMailQuerySet:
        user: Any = request.user
        return visible_incoming(user, IncomingMail.objects.all())

    @method_decorator(require_safe)
    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        asked = request.GET
        shown = incoming.context(
            sorter(request),
            code=asked.get("tab", ""),
            after=asked.get("after", ""),
            sender=asked.get("sender", ""),
            now=timezone.now(),
        )
        context = {**self.admin_site.each_context(request), "title": "Incoming post", **shown}
        return TemplateResponse(request, "desk/incoming.html", context)

    @method_decorator(require_safe)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        opened = self._open(request, key_of(object_id))
        self._log_reading(opened)
        do = [
            Button(
                one.label,
                reverse("admin:mailroom_incomingmail_do", args=[opened.mail.pk, one.name]),
                one.danger,
            )
            for one in on_mail.offered(opened)
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": "Incoming post",
            **incoming_page.context(opened, do),
        }
        response = TemplateResponse(request, "desk/incoming_mail.html", context)
        response.__dict__["_csp_update"] = {"frame-src": ["'self'"]}  # its own frame, and no other page's
        return response

    def do_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        dialog = on_mail.get(name)
        if dialog is None:
            raise Http404
        opened = self._open(request, pk)
        return serve(
            request, dialog, opened, back=reverse(PAGE, args=[pk]), refusals=(Refused, MailroomError)
        )

    @method_decorator(require_safe)
    def html_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        opened = self._open(request, pk)
        if opened.read is None or not opened.read.html:
            raise Http404
        self._log_reading(opened)
        shown = cleaned(opened.read.html, image=Pictures(opened.read.attachments))
        response = HttpResponse(FRAME.format(links.without_keys(shown)))
        response["Content-Security-Policy"] = FRAME_POLICY
        response["X-Frame-Options"] = "SAMEORIGIN"
        response["Referrer-Policy"] = "no-referrer"
        return response

    @method_decorator(require_safe)
    def raw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Every byte, as text, to be kept and never shown."""
        opened = self._open(request, pk)
        if not opened.may_have_bytes:
            raise PermissionDenied
        self._log_reading(opened)
        response = HttpResponse(bytes(opened.mail.raw), content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="mail-{pk}.txt"'
        response["Content-Security-Policy"] = DOWNLOAD_POLICY
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        raise Http404

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        raise Http404

    def _open(self, request: HttpRequest, pk: int) -> OpenMail:
        person = sorter(request)
        mail = get_object_or_404(self.get_queryset(request), pk=pk)
        to = request.GET.get("to", "")
        seen = Complaint.objects.visible_to(person).select_related("customer")
        pointed = seen.filter(pk=key_of(to)).first() if to else None
        return OpenMail(mail, person=person, now=timezone.now(), to=pointed)

    def _log_reading(self, opened: OpenMail) -> None:
        if opened.message is not None:
            actions.log_reading(opened.message.complaint, by=opened.person, now=opened.now)


def sorter(request: HttpRequest) -> User:
    if not isinstance(request.user, User) or not request.user.has_perm(WORK):
        raise PermissionDenied
    return request.user
