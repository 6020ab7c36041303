"""Looking at what was planned and what went."""

from datetime import datetime, timedelta

from complaints.followups.models import PlannedLetter, PlannedState
from complaints.mailroom.actions import deliver_due
from complaints.resolution.models import Complaint, Direction, Message


def planned(complaint: Complaint, state: str = PlannedState.PLANNED) -> list[tuple[str, int]]:
    letters = PlannedLetter.objects.filter(complaint=complaint, state=state)
    return list(letters.order_by("due_at", "pk").values_list("kind", "stage"))


def the_letter(complaint: Complaint, kind: str, stage: int = 1) -> PlannedLetter:
    return PlannedLetter.objects.filter(complaint=complaint, kind=kind, stage=stage).latest("pk")


def written(complaint: Complaint) -> list[str]:
    """The kinds of all automatic letters in the file, in their order."""
    letters = Message.objects.filter(complaint=complaint, direction=Direction.OUT, automatic=True)
    return list(letters.order_by("at", "pk").values_list("kind", flat=True))


def deliver(now: datetime) -> int:
    return deliver_due(now=lambda: now, owner="test", limit=1000, budget=timedelta(hours=1))
