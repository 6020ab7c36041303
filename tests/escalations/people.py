"""Queues, the people who work them, and questions put before them."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Group, Permission, User

from complaints.resolution.models import Complaint, RemedyKind
from escalations import actions
from escalations.models import Escalation, Queue, Reason
from tests import factories
from tests.factories import NOW

LATER = NOW + timedelta(hours=5)


def may_work_escalations(group_name: str) -> Group:
    group, _ = Group.objects.get_or_create(name=group_name)
    group.permissions.add(
        *Permission.objects.filter(
            codename__in=("work_escalation", "view_escalation"), content_type__app_label="escalations"
        )
    )
    return group


def queue(name: str = "Supervisors", level: int = 1, group: str = "Supervisor", **details: Any) -> Queue:
    return Queue.objects.create(name=name, level=level, group=may_work_escalations(group), **details)


def ladder() -> tuple[Queue, Queue]:
    return queue(), queue("Managers", 2, "Manager")


def supervisor(**details: Any) -> User:
    may_work_escalations("Supervisor")
    return factories.supervisor_user(**details)


def manager(**details: Any) -> User:
    may_work_escalations("Manager")
    return factories.manager_user(**details)


def over_limit(amount: int = 500, **details: Any) -> Escalation:
    """Referred by a handler, and raised by the listener; the queues must stand."""
    complaint = factories.referred(amount=amount, **details)
    return Escalation.objects.unanswered().get(complaint=complaint, reason=Reason.OVER_LIMIT)


def raised(complaint: Complaint | None = None, *, by: User | None = None, **details: Any) -> Escalation:
    """Raised by hand."""
    complaint = complaint or factories.investigating()
    words = {"ask": "May I waive the fee?", "tried": "Explained the fee twice.", "mood": "upset"}
    return actions.raise_escalation(
        complaint,
        reason=Reason.RAISED,
        by=by or factories.handler_user(),
        now=details.pop("now", LATER),
        **{**words, **details},
    )


def seal_of(escalation: Escalation) -> str:
    assert escalation.offer is not None
    return escalation.offer.seal


REFUND = RemedyKind.REFUND
