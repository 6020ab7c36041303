"""The register of promises: what our letters said we will do and nobody has ended yet, what is due first."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from complaints.desk.navigation import SEE
from complaints.desk.paging import page_of
from complaints.resolution.models import Promise
from complaints.resolution.models.promises import PromiseQuerySet

ORDER = ("due_at", "pk")
BESIDE = ("complaint", "complaint__customer", "owner")


@dataclass(frozen=True, slots=True)
class Tab:
    code: str
    label: str
    empty: str


TABS = (
    Tab("mine", "Mine", "You owe nobody anything by your word."),
    Tab("late", "Not kept in time", "Every promise has been kept so far."),
    Tab("all", "All open", "No promise is open."),
)


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    user, now = request.user, timezone.now()
    if not isinstance(user, User) or not user.has_perm(SEE):
        raise PermissionDenied
    tab = next((one for one in TABS if one.code == request.GET.get("list")), TABS[0])
    found: PromiseQuerySet = Promise.objects.open().on_seen_by(user)
    if tab.code == "mine":
        found = found.owned_by(user)
    elif tab.code == "late":
        found = found.filter(due_at__lt=now)
    shown = page_of(
        found.select_related(*BESIDE),
        ORDER,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": "Promises",
        "tab": tab,
        "tabs": TABS,
        "page": shown,
        "now": now,
    }
    return TemplateResponse(request, "desk/promises.html", context)
