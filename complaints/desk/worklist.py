"""The work list page: what is due first, narrowed, a page at a time; and giving complaints to people from it."""

from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from complaints.desk import bulk, navigation
from complaints.desk.filters import FilterForm, handlers
from complaints.desk.lists import DEFAULT, LISTS, WorkList, called, marked, neighbours
from complaints.desk.numbers import Numbers
from complaints.desk.paging import page_of
from complaints.resolution.models.complaints import ComplaintQuerySet
from complaints.resolution.permission import ASSIGN, WORK

SHOWN = (
    "reference",
    "title",
    "state",
    "priority",
    "media_risk",
    "restricted",
    "received_at",
    "next_due_at",
    "next_due_label",
    "customer__name",
    "customer__vulnerable",
    "handler__first_name",
    "handler__last_name",
    "handler__username",
)


def show(request: HttpRequest, admin_site: AdminSite) -> HttpResponse:
    """One list (GET), or a deed done from it (POST). `ComplaintAdmin.changelist_view` answers with this."""
    user = request.user
    if not isinstance(user, User) or not user.has_perm(navigation.SEE):
        raise PermissionDenied
    if request.method == "POST":
        return bulk.do(request, user, now=timezone.now())
    if request.method not in {"GET", "HEAD"}:
        return HttpResponse(status=HTTPStatus.METHOD_NOT_ALLOWED)
    context = {**admin_site.each_context(request), **_list(request, user, timezone.now())}
    return TemplateResponse(request, "desk/worklist.html", context)


def _list(request: HttpRequest, user: User, now: datetime) -> dict[str, Any]:
    work_list = called(request.GET.get("list", DEFAULT))
    staff = handlers()
    form = FilterForm(request.GET, staff)
    rows = _rows(form.narrow(work_list.complaints(user, now)), now)
    numbers = _numbers(request, user, work_list, now)
    return {
        "title": work_list.title,
        "list": work_list,
        "tabs": [(tab, numbers.get(tab.code)) for tab in neighbours(work_list)],
        "number": numbers.get(work_list.code),
        "due_today": numbers.get("mine_today") if work_list.code == DEFAULT else None,
        "page": page_of(
            rows, work_list.order, after=request.GET.get("after", ""), before=request.GET.get("before", "")
        ),
        "form": form,
        "staff": staff,
        "may_work": user.has_perm(WORK),
        "may_assign": user.has_perm(ASSIGN),
        "now": now,
    }


def _rows(complaints: ComplaintQuerySet, now: datetime) -> ComplaintQuerySet:
    return marked(complaints, now).select_related("customer", "handler").only(*SHOWN)


def _numbers(request: HttpRequest, user: User, work_list: WorkList, now: datetime) -> dict[str, int]:
    numbers = navigation.counts(request)
    if work_list.is_mine:
        numbers = numbers | MINE.of(user, now)
    return numbers


def _mine(user: User, now: datetime) -> dict[str, ComplaintQuerySet]:
    """What the menu does not count already."""
    tabs = neighbours(LISTS[DEFAULT])
    return {tab.code: tab.complaints(user, now) for tab in tabs if tab.code not in navigation.COUNTED}


MINE = Numbers(_mine)
