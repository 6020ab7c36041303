"""The menu on the left: what this person may open, with the numbers of what waits there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from complaints.desk import badges
from complaints.desk.incoming import waiting_for
from complaints.desk.lists import DEFAULT, LISTS
from complaints.desk.numbers import Numbers
from complaints.desk.sight import of_visible, visible_post
from complaints.mailroom.models import OutgoingMail
from complaints.resolution.models import Message
from complaints.resolution.permission import ASSIGN
from escalations.models import WORK as WORK_ESCALATIONS
from escalations.models import Escalation

WORKLIST = "admin:resolution_complaint_changelist"
SEE = "resolution.view_complaint"
WORK = "resolution.work_complaint"
IMPORT = "resolution.import_complaint"
COUNTED = ("mine", "unassigned", "today", "overdue", "waiting", "referred")
URGENT = frozenset({"today", "overdue", "escalations", "outgoing"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu, for those who hold the permission. `badge` names the number beside it."""

    title: str
    view: str
    permission: str
    badge: str = ""

    def link(self) -> str:
        return reverse(self.view)

    def is_here(self, request: HttpRequest) -> bool:
        here = request.resolver_match
        if here is None:
            return False
        return here.view_name == self.view or here.view_name.startswith(
            self.view.removesuffix("_changelist") + "_"
        )


@dataclass(frozen=True, slots=True)
class ListEntry(Entry):
    """A line that opens one of the work lists."""

    def link(self) -> str:
        return f"{reverse(WORKLIST)}?list={self.badge}"

    def is_here(self, request: HttpRequest) -> bool:
        here = request.resolver_match
        if here is None or here.view_name != WORKLIST:
            return False
        code = request.GET.get("list", DEFAULT)
        return self.badge == (DEFAULT if code not in LISTS or LISTS[code].is_mine else code)


def of_list(code: str, permission: str = SEE) -> ListEntry:
    return ListEntry(LISTS[code].title, WORKLIST, permission, badge=code)


def of_admin(title: str, label: str, model: str, badge: str = "") -> Entry:
    return Entry(title, f"admin:{label}_{model}_changelist", f"{label}.view_{model}", badge)


MENU: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "Today",
        (
            of_list("mine", WORK),
            of_list("unassigned"),
            of_list("today"),
            of_list("overdue"),
            of_list("waiting"),
            of_list("referred"),
            Entry("Promises", "desk:promises", SEE),
            of_list("all"),
        ),
    ),
    (
        "Supervise",
        (
            of_admin("Escalations", "escalations", "escalation", badge="escalations"),
            Entry("Team load", "admin:escalations_handover_changelist", ASSIGN),
            of_admin("Substitutes", "escalations", "substitution"),
        ),
    ),
    (
        "Post",
        (
            Entry("Incoming", "admin:mailroom_incomingmail_changelist", WORK, badge="incoming"),
            of_admin("Outgoing", "mailroom", "outgoingmail", badge="outgoing"),
            Entry("To print", "desk:printing", WORK, badge="printing"),
            of_admin("Planned letters", "followups", "plannedletter"),
        ),
    ),
    ("Learn", (Entry("Reports", "reporting:index", SEE),)),
    (
        "Set-up",
        (
            Entry("Import complaints", "admin:intake_importrun_changelist", IMPORT),
            Entry("Policies", "desk:policies", SEE),
            Entry("Letters", "desk:wordings", "policies.view_lettertemplate"),
            of_admin("Customers", "resolution", "customer"),
            of_admin("Categories", "resolution", "category"),
            of_admin("Root causes", "resolution", "rootcause"),
            of_admin("Authority limits", "resolution", "authoritylimit"),
            of_admin("Queues", "escalations", "queue"),
            of_admin("People", "auth", "user"),
            of_admin("Roles", "auth", "group"),
        ),
    ),
)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The menu as the theme wants it."""
    user = request.user
    if not isinstance(user, User):
        return []
    numbers = counts(request)
    groups = []
    for title, entries in MENU:
        items = [_item(entry, request, numbers) for entry in entries if user.has_perm(entry.permission)]
        groups.append({"title": title, "items": items})
    return [group for group in groups if group["items"]]


def _item(entry: Entry, request: HttpRequest, numbers: dict[str, int]) -> dict[str, Any]:
    return {
        "title": entry.title,
        "link": entry.link(),
        "active": entry.is_here(request),
        "badge": badges.shown(numbers.get(entry.badge, 0)),
        "badge_variant": "danger" if entry.badge in URGENT else "info",
    }


def counts(request: HttpRequest) -> dict[str, int]:
    """The menu's numbers, counted once for each request."""
    kept: dict[str, int] | None = request.__dict__.get("desk_counts")
    if kept is None:
        kept = request.__dict__["desk_counts"] = _count(request)
    return kept


def _count(request: HttpRequest) -> dict[str, int]:
    user, now = request.user, timezone.now()
    if not isinstance(user, User) or not user.has_perm(SEE):
        return {}
    numbers = NUMBERS.of(user, now)
    return numbers | {"incoming": numbers.get("held", 0) + numbers.get("quarantine", 0)}


def _rows(user: User, now: datetime) -> dict[str, QuerySet[Any]]:
    rows: dict[str, QuerySet[Any]] = {code: LISTS[code].complaints(user, now) for code in COUNTED}
    if user.has_perm(WORK):
        rows["printing"] = of_visible(Message.objects.awaiting_posting(), user)
    if user.has_perm("mailroom.view_outgoingmail"):
        rows["outgoing"] = visible_post(user, OutgoingMail.objects.needing_attention())
    if user.has_perm(WORK):
        rows |= waiting_for(user)
    if user.has_perm(WORK_ESCALATIONS):
        rows["escalations"] = Escalation.objects.worked_by(user, now=now).unanswered()
    return rows


NUMBERS = Numbers(_rows)


def environment(request: HttpRequest) -> list[str] | None:
    """The label in the corner of a trial, so that nobody mistakes it for the real thing."""
    return ["Demo", "info"] if settings.DEMO else None
