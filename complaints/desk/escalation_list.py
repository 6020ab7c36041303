"""The supervisor's list: what waits in each queue, most urgent first, a page at a time; and claiming the next."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from complaints.desk import badges
from complaints.resolution.exceptions import Refused
from complaints.resolution.models import Message
from escalations import actions
from escalations.models import WORK, Escalation, EscalationQuerySet, Queue, Substitution

VIEW = "escalations.view_escalation"
LIST, PAGE = "admin:escalations_escalation_changelist", "admin:escalations_escalation_change"
SIZE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CURSOR = re.compile(r"(-?[0-9]{1,5})\.(-?[0-9]{1,18})\.([0-9]{1,18})\Z")


@dataclass(frozen=True, slots=True)
class Tab:
    code: str
    name: str
    about: str
    rows: EscalationQuerySet


def show(request: HttpRequest, admin_site: AdminSite) -> HttpResponse:
    user = request.user
    if not isinstance(user, User) or not user.has_perm(VIEW):
        raise PermissionDenied
    if request.method == "POST":
        return claim_next(request, user, now=timezone.now())
    if request.method not in {"GET", "HEAD"}:
        return HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED)
    context = {**admin_site.each_context(request), **_context(request, user, timezone.now())}
    return TemplateResponse(request, "desk/escalations.html", context)


def claim_next(request: HttpRequest, user: User, *, now: datetime) -> HttpResponse:
    """The most urgent unclaimed question of this person's queues, opened; or word that there is none."""
    try:
        claimed = actions.claim_next(by=user, now=now)
    except Refused as refused:
        messages.error(request, str(refused))
        claimed = None
    else:
        if claimed is None:
            messages.info(request, "Nothing waits unclaimed in your queues.")
    address = reverse(PAGE, args=[claimed.pk]) if claimed else reverse(LIST)
    return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)


def _context(request: HttpRequest, user: User, now: datetime) -> dict[str, Any]:
    tabs = tabs_for(user, now)
    tab = next((one for one in tabs if one.code == request.GET.get("queue")), tabs[0])
    numbers = badges.count(user, {f"t{place}": one.rows for place, one in enumerate(tabs)})
    rows, after = page_of(tab.rows, request.GET.get("after", ""))
    return {
        "title": "Escalations",
        "tab": tab,
        "tabs": [(one, numbers[f"t{place}"]) for place, one in enumerate(tabs)],
        "rows": rows,
        "after": after,
        "is_first": not request.GET.get("after"),
        "may_claim": user.has_perm(WORK),
        "standing_in_for": list(
            Substitution.objects.standing(now).filter(substitute=user).select_related("principal")
        ),
        "now": now,
    }


def tabs_for(user: User, now: datetime) -> list[Tab]:
    """One's own queues first; those who only read see every queue, as far as they see the complaints."""
    queues = list(Queue.objects.active().worked_by(user, now=now)) if user.has_perm(WORK) else []
    seen = Escalation.objects.visible_to(user).unanswered()
    everywhere = Tab("all", "Everywhere", "Every unanswered question you may read", seen)
    if not queues:
        return [everywhere, *(_tab_of(queue, seen) for queue in Queue.objects.active())]
    mine = Escalation.objects.worked_by(user, now=now).unanswered()
    return [
        Tab("mine", "My queues", "What waits in the queues you work", mine),
        Tab("claimed", "Claimed by me", "What you took in hand", mine.held_by(user)),
        *(_tab_of(queue, mine) for queue in queues if len(queues) > 1),
        everywhere,
    ]


def _tab_of(queue: Queue, rows: EscalationQuerySet) -> Tab:
    about = f"Level {queue.level}, worked by {queue.group}"
    return Tab(str(queue.pk), queue.name, about, rows.filter(queue=queue))


def page_of(rows: EscalationQuerySet, after: str) -> tuple[list[Escalation], str]:
    """The rows after a cursor, and the cursor of the next page. One query; a damaged cursor is the first page."""
    latest = Message.objects.filter(complaint=OuterRef("complaint")).order_by("-at", "-pk")
    rows = rows.annotate(
        last_at=Subquery(latest.values("at")[:1]), last_direction=Subquery(latest.values("direction")[:1])
    ).select_related("queue__group", "claimed_by", "complaint__customer")
    found = list(_beyond(rows, after).by_urgency()[: SIZE + 1])
    more, found = len(found) > SIZE, found[:SIZE]
    return found, cursor_of(found[-1]) if more else ""


def cursor_of(row: Escalation) -> str:
    return f"{row.urgency}.{(row.due_at - EPOCH) // timedelta(microseconds=1)}.{row.pk}"


def _beyond(rows: EscalationQuerySet, after: str) -> EscalationQuerySet:
    match = CURSOR.match(after)
    if match is None:
        return rows
    weight, pk = int(match[1]), int(match[3])
    try:
        due_at = EPOCH + timedelta(microseconds=int(match[2]))
    except OverflowError:
        return rows
    same = Q(urgency=weight) & (Q(due_at__gt=due_at) | Q(due_at=due_at, pk__gt=pk))
    return rows.filter(Q(urgency__lt=weight) | same)
