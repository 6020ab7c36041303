"""Who has how much to do, and what waits in which queue. A few bounded queries, however much is open."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from complaints.desk import people
from complaints.desk.badges import BoundedCount
from complaints.resolution.models import Complaint, State
from complaints.resolution.models.complaints import ComplaintQuerySet
from escalations.models import Escalation, EscalationQuerySet, Handover, Queue, Substitution

#: Nobody's number is counted further, and no more people are listed.
BOUND, MOST = 1000, 200
WEEK = timedelta(days=7)
RECENT = 10


def context(person: User, *, now: datetime) -> dict[str, Any]:
    seen = Complaint.objects.visible_to(person)
    nobody = _counted(seen.unassigned(), now)
    return {
        "title": "Team load",
        "people": sorted(_people(seen, now), key=_heaviest_first),
        "nobody": _of_one(person, nobody),
        "queues": _queues(person, now),
        "away": set(Substitution.objects.standing(now).values_list("principal", flat=True)),
        "handovers": list(Handover.objects.select_related("giver", "by").prefetch_related("takers")[:RECENT]),
        "hand_over": reverse("admin:escalations_handover_do"),
        "bound": BOUND,
        "now": now,
    }


def _people(seen: ComplaintQuerySet, now: datetime) -> list[Any]:
    """Everybody who works complaints, and who no longer does and still holds some."""
    held = seen.open().filter(handler=OuterRef("pk"))
    working = Q(pk__in=people.handlers().order_by().values("pk"))
    found = User.objects.filter(working | Exists(held))
    return list(found.annotate(**_counted(held, now)).order_by("first_name", "last_name", "username")[:MOST])


def _counted(complaints: ComplaintQuerySet, now: datetime) -> dict[str, Subquery]:
    open_ = complaints.open()
    return {
        "n_open": _count(open_),
        "n_overdue": _count(open_.filter(next_due_at__lt=now)),
        "n_week": _count(open_.filter(next_due_at__gte=now, next_due_at__lt=now + WEEK)),
        "n_waiting": _count(open_.filter(state=State.WAITING)),
        "oldest": Subquery(open_.order_by("received_at").values("received_at")[:1]),
    }


def _queues(person: User, now: datetime) -> list[Any]:
    waiting: EscalationQuerySet = Escalation.objects.visible_to(person).unanswered()
    here = waiting.filter(queue=OuterRef("pk"))
    return list(
        Queue.objects.active()
        .select_related("group")
        .annotate(
            n_open=_count(here),
            n_overdue=_count(here.filter(due_at__lt=now)),
            n_unclaimed=_count(here.unclaimed()),
            oldest=Subquery(here.order_by("raised_at").values("raised_at")[:1]),
        )
    )


def _count(rows: QuerySet[Any]) -> BoundedCount:
    return BoundedCount(rows, bound=BOUND)


def _of_one(person: User, counted: dict[str, Subquery]) -> Any:
    """Hung on the person's own row, as badges are."""
    return User.objects.filter(pk=person.pk).annotate(**counted).first()


def _heaviest_first(person: Any) -> tuple[int, int]:
    return (-person.n_overdue, -person.n_open)
