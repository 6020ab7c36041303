"""The first page: what needs me today. Each panel shows the first few rows of one list and opens the rest."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils import timezone

from complaints.desk import navigation
from complaints.desk.lists import LISTS, WorkList, marked
from complaints.desk.numbers import Numbers
from complaints.desk.worklist import SHOWN
from complaints.resolution.models import Complaint
from complaints.resolution.models.complaints import ComplaintQuerySet
from complaints.resolution.permission import ASSIGN, WORK
from escalations.models import WORK as WORK_ESCALATIONS
from escalations.models import Escalation

FEW = 5
MINE = ("mine_overdue", "mine_today", "mine_answers", "mine_offers")
TEAM = ("overdue", "unassigned")
FIGURES = ("open", "unassigned", "today", "overdue", "waiting", "referred")
NOON, EVENING = 12, 18


@dataclass(frozen=True, slots=True)
class Panel:
    work_list: WorkList
    rows: list[Complaint]
    number: int


@dataclass(frozen=True, slots=True)
class Figure:
    work_list: WorkList
    number: int


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Called by the theme for the admin's index."""
    user, now = request.user, timezone.now()
    if not isinstance(user, User) or not user.has_perm(navigation.SEE):
        return context | {"title": "Today"}
    codes = _panels_of(user)
    numbers = navigation.counts(request) | NUMBERS.of(user, now)
    return context | {
        "title": "Today",
        "greeting": greeting(now),
        "panels": [_panel(code, user, now, numbers) for code in codes if numbers[code]],
        "escalations": _escalations(user, now),
        "waiting_escalations": numbers.get("escalations", 0),
        "figures": [Figure(LISTS[code], numbers[code]) for code in FIGURES],
        "may_work": user.has_perm(WORK),
        "now": now,
    }


def _panels_of(user: User) -> tuple[str, ...]:
    return (*(MINE if user.has_perm(WORK) else ()), *(TEAM if user.has_perm(ASSIGN) else ()))


def _rows(user: User, now: datetime) -> dict[str, ComplaintQuerySet]:
    """What the menu does not count already."""
    wanted = (code for code in (*_panels_of(user), *FIGURES) if code not in navigation.COUNTED)
    return {code: LISTS[code].complaints(user, now) for code in wanted}


NUMBERS = Numbers(_rows)


def greeting(now: datetime) -> str:
    hour = timezone.localtime(now).hour
    if hour < NOON:
        return "Good morning"
    return "Good afternoon" if hour < EVENING else "Good evening"


def _escalations(user: User, now: datetime) -> list[Escalation]:
    """The questions that wait for this person's answer; nobody without the permission has any."""
    waiting = (
        Escalation.objects.worked_by(user, now=now)
        .unanswered()
        .select_related("complaint__customer", "queue")
    )
    return list(waiting.by_urgency()[:FEW]) if user.has_perm(WORK_ESCALATIONS) else []


def _panel(code: str, user: User, now: datetime, numbers: dict[str, int]) -> Panel:
    work_list = LISTS[code]
    rows = marked(work_list.complaints(user, now), now).select_related("customer", "handler").only(*SHOWN)
    return Panel(work_list, list(rows.order_by(*work_list.order)[:FEW]), numbers[code])
