"""When nothing more is heard: closing what may be closed, and saying that a question stayed unanswered."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.formats import date_format
from django.utils.timezone import localtime

from complaints.followups import plan
from complaints.followups.actions.planning import last_turn, turn_of
from complaints.followups.models import PlannedLetter
from complaints.resolution import actions as resolution
from complaints.resolution import timing
from complaints.resolution.actors import System
from complaints.resolution.exceptions import Refused
from complaints.resolution.models import (
    Complaint,
    Concern,
    Direction,
    Entry,
    Fault,
    Message,
    MessageKind,
    Move,
    Promise,
    State,
)

BATCH = 200
#: Between our asking whether all is right and our closing the matter.
TIME_TO_OBJECT = timedelta(days=3)

logger = logging.getLogger(__name__)


def close_due(*, now: datetime) -> int:
    """Close what was followed up, or whose time to object has run out. How many were closed.

    What is not documented, what the customer still objects to, and what we still owe by our word, stays with the staff.
    """
    return sum(_close(complaint, now=now) for complaint in _in_batches(_closable(now)))


def _close(complaint: Complaint, *, now: datetime) -> bool:
    try:
        if complaint.followed_up_at is None and now < timing.may_close_from(complaint):
            return False
        resolution.close(complaint, by=System.FOLLOW_UP, now=now)
    except Refused:
        return False
    except Exception:
        logger.exception("Complaint %s could not be closed", complaint.pk)
        return False
    return True


def _closable(now: datetime) -> QuerySet[Complaint]:
    """Answered and documented, and nothing heard since that somebody should look at first."""
    since = Coalesce("followed_up_at", "answered_at")
    mine = {"complaint": OuterRef("pk")}
    words = Message.objects.filter(**mine, direction=Direction.IN, at__gt=OuterRef("since"))
    objections = Entry.objects.filter(
        Q(concern__in=[Concern.UNHAPPY, Concern.ASKED_FOR_MANAGER]) | Q(facts__satisfied=False),
        **mine,
        at__gt=OuterRef("since"),
    )
    asking = PlannedLetter.objects.filter(
        Q(settled_at__isnull=True) | Q(message__isnull=False, settled_at__gt=now - TIME_TO_OBJECT),
        **mine,
        kind=MessageKind.FOLLOW_UP,
    )
    causes_named = ~Q(finding__fault__in=[Fault.YES, Fault.PARTLY]) | Q(finding__root_cause__isnull=False)
    return (
        Complaint.objects.filter(causes_named, state=State.ANSWERED, imported=False)
        .exclude(Q(problem="") | Q(cause="") | Q(solution=""))
        .annotate(since=since)
        .filter(~Exists(Promise.objects.open().filter(**mine)))
        .filter(~Exists(words), ~Exists(objections), Q(followed_up_at__isnull=False) | ~Exists(asking))
    )


def report_unanswered(*, now: datetime) -> int:
    """Raise a concern where our question stayed unanswered for too long. How many were raised (C4)."""
    return sum(_report(complaint, now=now) for complaint in _in_batches(_unanswered()))


def _unanswered() -> QuerySet[Complaint]:
    said = Entry.objects.filter(
        complaint=OuterRef("pk"), concern=Concern.NO_ANSWER, at__gt=OuterRef("state_since")
    )
    return Complaint.objects.filter(~Exists(said), state=State.WAITING, imported=False)


def _report(complaint: Complaint, *, now: datetime) -> bool:
    try:
        return _raise_no_answer(complaint, now=now)
    except Exception:
        logger.exception("The silence on complaint %s could not be reported", complaint.pk)
        return False


@transaction.atomic
def _raise_no_answer(complaint: Complaint, *, now: datetime) -> bool:
    locked = Complaint.objects.select_for_update().get(pk=complaint.pk)
    asked = last_turn(locked)
    if asked is None or asked.move != Move.ASK or now < plan.no_answer_after(turn_of(asked, asked.move)):
        return False
    if not _unanswered().filter(pk=locked.pk).exists():
        return False
    resolution.raise_concern(
        locked,
        concern=Concern.NO_ANSWER,
        by=System.FOLLOW_UP,
        now=now,
        text=f"We asked on {date_format(localtime(asked.at), 'j F')} and have not heard.",
    )
    return True


def _in_batches(complaints: QuerySet[Complaint]) -> Iterator[Complaint]:
    """All of them, a bounded number in memory; those refused are passed over, not met again."""
    batch = list(complaints.order_by("pk")[:BATCH])
    while batch:
        yield from batch
        batch = list(complaints.filter(pk__gt=batch[-1].pk).order_by("pk")[:BATCH])
