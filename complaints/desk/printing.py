"""Letters on paper that wait to be printed and posted, the oldest first; and the sheet of any letter (A10)."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from complaints.desk.navigation import SEE, WORK
from complaints.desk.paging import Cursor
from complaints.desk.sight import of_visible
from complaints.resolution import actions
from complaints.resolution.exceptions import Refused
from complaints.resolution.models import Direction, Message
from complaints.resolution.papers import letter_data, typeset

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Queue:
    letters: list[Message]
    after: Cursor | None


@require_http_methods(["GET", "HEAD", "POST"])
def queue(request: HttpRequest) -> HttpResponse:
    """GET shows what waits; POST says of one letter that it has left the house."""
    person, now = _must(request, WORK), timezone.now()
    if request.method == "POST":
        return _posted(request, person, now)
    context = {
        **admin.site.each_context(request),
        "title": "To print",
        "queue": waiting(person, request.GET.get("after", "")),
        "now": now,
    }
    return TemplateResponse(request, "desk/printing.html", context)


def waiting(person: User, after: str) -> Queue:
    """One question to the index made for it, and one row more than shown."""
    rows = to_print(person).select_related("complaint", "complaint__customer").order_by("at", "pk")
    if start := Cursor.read(after):
        rows = rows.filter(Q(at__gt=start.moment) | Q(at=start.moment, pk__gt=start.pk))
    letters = list(rows[: AT_ONCE + 1])
    last = letters[AT_ONCE - 1] if len(letters) > AT_ONCE else None
    return Queue(letters[:AT_ONCE], Cursor(last.at, last.pk) if last else None)


def to_print(person: User) -> "QuerySet[Message]":
    return of_visible(Message.objects.awaiting_posting(), person)


def _posted(request: HttpRequest, person: User, now: datetime) -> HttpResponse:
    letter = _letter_or_404(person, request.POST.get("letter", ""))
    try:
        actions.post_printed(letter, by=person, now=now)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"{letter} is in the post. The sheet is kept in the file.")
    return HttpResponseRedirect(reverse("desk:printing"), status=HTTPStatus.SEE_OTHER)


@require_safe
def sheet(request: HttpRequest, letter: str) -> HttpResponse:
    """A letter to the customer as it stands on paper; the same bytes whenever it is asked for."""
    person = _must(request, SEE)
    message = _letter_or_404(person, letter)
    actions.log_reading(message.complaint, by=person, now=timezone.now())
    pdf = typeset("letter", letter_data(message), at=message.at)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = (
        f'attachment; filename="{message.complaint.reference}-{message.kind}.pdf"'
    )
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _letter_or_404(person: User, key: str) -> Message:
    if not (key.isascii() and key.isdecimal()):
        raise Http404
    seen = of_visible(Message.objects.filter(direction=Direction.OUT), person)
    return get_object_or_404(seen.select_related("complaint", "complaint__customer"), pk=key[:18])


def _must(request: HttpRequest, permission: str) -> User:
    if not isinstance(request.user, User) or not request.user.has_perm(permission):
        raise PermissionDenied
    return request.user
