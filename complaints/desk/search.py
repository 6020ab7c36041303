"""The search page, and the same answers for the box that opens with Ctrl K."""

from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from complaints.desk import navigation
from complaints.desk.find import Found, find
from complaints.resolution.models import Complaint

MOST_IN_BOX = 8


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """A reference opens its complaint; anything else shows what was found."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(navigation.SEE):
        raise PermissionDenied
    if "extended" in request.GET:
        return _box(request, find(request.GET.get("s", ""), user))
    found = find(request.GET.get("q", ""), user)
    if found.is_named and len(found.complaints) == 1:
        return HttpResponseRedirect(
            reverse("admin:resolution_complaint_change", args=[found.complaints[0].pk])
        )
    context = {"title": "Search", "found": found, "now": timezone.now()}
    return TemplateResponse(request, "desk/search.html", {**admin.site.each_context(request), **context})


def _box(request: HttpRequest, found: Found) -> HttpResponse:
    """Pages of the menu that are called so, then complaints, then the way to all of them."""
    hits = _menu(request, found.text) + [_hit(complaint) for complaint in found.complaints[:MOST_IN_BOX]]
    if len(found.complaints) > MOST_IN_BOX:
        everything = f"{reverse('desk:search')}?{urlencode({'q': found.text})}"
        hits.append({"link": everything, "title": "Show everything found", "about": ""})
    return TemplateResponse(request, "desk/search_box.html", {"hits": hits, "text": found.text})


def _menu(request: HttpRequest, text: str) -> list[dict[str, str]]:
    items = [item for group in navigation.sidebar(request) for item in group["items"]]
    called = [item for item in items if text and text.casefold() in item["title"].casefold()]
    return [{"link": item["link"], "title": item["title"], "about": "Go to"} for item in called]


def _hit(complaint: Complaint) -> dict[str, str]:
    whose = "(restricted)" if complaint.restricted else str(complaint.customer or "(nobody named)")
    return {
        "link": reverse("admin:resolution_complaint_change", args=[complaint.pk]),
        "title": complaint.title,
        "about": f"{complaint.reference} · {whose} · {complaint.get_state_display()}",
    }
