from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.defaultfilters import linebreaksbr
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from unfold.decorators import display

from complaints.desk.dialogs import serve
from complaints.desk.letter_dialogs import OpenLetter, on_letter
from complaints.desk.sight import visible_post
from complaints.mailroom.admin import OutgoingMailAdmin
from complaints.mailroom.exceptions import MailroomError
from complaints.mailroom.models import OutgoingMail, OutgoingMailQuerySet
from complaints.resolution import links

admin.site.unregister(OutgoingMail)


@admin.register(OutgoingMail)
class PostAdmin(OutgoingMailAdmin):
    """The mailroom's own page, which knows no complaints, without the letters of those this person may not see."""

    change_form_before_template = "desk/letter_buttons.html"

    @display(description="Text")  # type: ignore[untyped-decorator]
    def shown_body(self, mail: OutgoingMail) -> str:
        return linebreaksbr(links.without_keys(mail.body))

    def get_queryset(self, request: HttpRequest) -> OutgoingMailQuerySet:
        user: Any = request.user
        return visible_post(user, super().get_queryset(request))

    def get_urls(self) -> list[URLPattern]:
        do = self.admin_site.admin_view(self.do_view)
        inherited: list[URLPattern] = super().get_urls()
        return [path("<int:pk>/do/<slug:name>/", do, name="mailroom_outgoingmail_do"), *inherited]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        mail = self.get_object(request, object_id)
        offered = on_letter.offered(self._open(request, mail)) if mail else []
        buttons = [
            {"label": dialog.label, "danger": dialog.danger, "url": self._do(mail, dialog.name)}
            for dialog in offered
        ]
        context = {**(extra_context or {}), "buttons": buttons}
        answer: HttpResponse = super().change_view(request, object_id, form_url, context)
        return answer

    def do_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        dialog = on_letter.get(name)
        if dialog is None or not self.has_view_permission(request):
            raise Http404
        letter = self._open(request, get_object_or_404(self.get_queryset(request), pk=pk))
        back = reverse("admin:mailroom_outgoingmail_change", args=[pk])
        return serve(request, dialog, letter, back=back, refusals=(MailroomError,))

    def _open(self, request: HttpRequest, mail: OutgoingMail) -> OpenLetter:
        person = request.user
        if not isinstance(person, User):
            raise Http404
        return OpenLetter(mail, person, timezone.now())

    def _do(self, mail: OutgoingMail, name: str) -> str:
        return reverse("admin:mailroom_outgoingmail_do", args=[mail.pk, name])
