"""Showing a dialog and doing its deed. A GET changes nothing; what was typed survives every refusal."""

import secrets
from typing import TypeVar

from django.contrib import admin, messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse

from complaints.desk.dialogs.dialog import Dialog, Subject
from complaints.desk.forms.base import DialogForm
from complaints.resolution import actions
from complaints.resolution.exceptions import NotPermitted, NotVisible, Refused
from complaints.resolution.models import SentForm

S = TypeVar("S", bound=Subject)

#: desk.js asks with this header for the bare form, to show it inside a <dialog>.
FRAGMENT_HEADER = "X-Desk-Dialog"
#: The name under which a form is sent, in a hidden field: however often it is sent, its deed is done once.
ONCE = "once"
DONE_ALREADY = "That was done already. It was not done twice."
FORBIDDEN, CONFLICT, UNPROCESSABLE = 403, 409, 422


def serve(
    request: HttpRequest,
    dialog: Dialog[S],
    subject: S,
    *,
    back: str,
    refusals: tuple[type[Exception], ...] = (Refused,),
) -> HttpResponse:
    """GET shows the form, POST does the deed and goes `back` (303) or shows the form again.

    422: something typed is missing or wrong. 409: a verb refused. 403: the role does not allow it.
    `refusals` are the base exceptions of the verbs the deed calls.
    """
    if dialog.part and getattr(subject, dialog.part) is None:
        raise Http404
    if not dialog.permits(subject):
        return _refuse(request, dialog, subject, back, NotPermitted.message, status=FORBIDDEN)
    if request.method == "POST":
        return _do(request, dialog, subject, back, refusals)
    if not dialog.when(subject):
        words = f"“{dialog.label}” is not possible now. Perhaps somebody was quicker."
        return _refuse(request, dialog, subject, back, words, status=CONFLICT)
    return _page(request, dialog, dialog.form(subject=subject), subject, back)


def _do(
    request: HttpRequest, dialog: Dialog[S], subject: S, back: str, refusals: tuple[type[Exception], ...]
) -> HttpResponse:
    if SentForm.objects.filter(pk=_name_of(request)).exists():
        return _told(request, DONE_ALREADY, back)
    form = dialog.form(request.POST, request.FILES, subject=subject)
    if not form.is_valid():
        return _page(request, dialog, form, subject, back, status=UNPROCESSABLE)
    if form.wants_another_look():
        return _page(request, dialog, form, subject, back, status=UNPROCESSABLE)
    try:
        told = _once(request, dialog, subject, form)
    except NotVisible:
        raise Http404 from None
    except refusals as refused:
        form.refuse(refused)
        status = FORBIDDEN if isinstance(refused, NotPermitted) else CONFLICT
        return _page(request, dialog, form, subject, back, status=status)
    return _told(request, told, back)


@transaction.atomic
def _once(request: HttpRequest, dialog: Dialog[S], subject: S, form: DialogForm) -> str:
    if not actions.first_time(_name_of(request), now=subject.now):
        return DONE_ALREADY
    return f"{dialog.deed(subject, form)} {form.postscript}".strip()


def _told(request: HttpRequest, words: str, back: str) -> HttpResponse:
    messages.success(request, words)
    return HttpResponseRedirect(back, status=303)


def _name_of(request: HttpRequest) -> str:
    """Nobody's form is ever taken for somebody else's."""
    once = request.POST.get(ONCE) or secrets.token_urlsafe(16)
    return f"{request.user.pk}:{once}"[:64]


def _refuse(
    request: HttpRequest, dialog: Dialog[S], subject: S, back: str, words: str, *, status: int
) -> HttpResponse:
    context = {"dialog": dialog, "subject": subject, "back": back, "refused": words}
    return _render(request, context, status=status)


def _page(
    request: HttpRequest, dialog: Dialog[S], form: DialogForm, subject: S, back: str, *, status: int = 200
) -> HttpResponse:
    context = {
        "dialog": dialog,
        "form": form,
        "subject": subject,
        "back": back,
        "action": request.path,
        "once": request.POST.get(ONCE) or secrets.token_urlsafe(16),
    }
    return _render(request, context, status=status)


def _render(request: HttpRequest, context: dict[str, object], *, status: int) -> HttpResponse:
    if request.headers.get(FRAGMENT_HEADER):
        return TemplateResponse(request, "desk/dialog_form.html", context, status=status)
    dialog = context["dialog"]
    title = dialog.title if isinstance(dialog, Dialog) else ""
    context = {**admin.site.each_context(request), "title": title, **context}
    return TemplateResponse(request, "desk/dialog.html", context, status=status)
