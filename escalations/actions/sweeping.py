"""Looking for complaints on which we have been silent for long.

Every look finds only what is not yet raised, so looking twice, or two looking at once, changes nothing more.
"""

from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from complaints.policies import clock as policy_clock
from complaints.policies import library
from complaints.policies.schema import Pack
from complaints.resolution.actions.sweeping import work_through
from complaints.resolution.actors import System
from complaints.resolution.models import (
    Complaint,
    Entry,
    Message,
    Move,
)
from complaints.resolution.models import State as ComplaintState
from escalations import clock
from escalations.actions.raising import raise_escalation
from escalations.actions.steps import spoken
from escalations.models import Escalation, Reason

#: How much one look takes on; the next goes on from there.
BATCH = 1000
#: In these we wait for the customer: that we are silent is not our fault.
THEIR_TURN = (ComplaintState.WAITING, ComplaintState.OFFERED)


def raise_long_silence(*, now: datetime) -> int:
    """Complaints on which the customer has not heard from us for longer than the policy bears."""
    return sum(_raise_silent(pack, now=now) for pack in packs_in_use())


def _raise_silent(pack: Pack, *, now: datetime) -> int:
    since = clock.silent_since(pack, now=now)
    return work_through(
        _silent(pack, since)[:BATCH], lambda complaint: _raise_silence(complaint, pack, now=now)
    )


def _silent(pack: Pack, since: datetime) -> QuerySet[Complaint]:
    """An overdue complaint already before a supervisor is not asked about twice."""
    spoken_since = Message.objects.spoken().filter(complaint=OuterRef("pk"), at__gt=since)
    reopened = Entry.objects.filter(complaint=OuterRef("pk"), move=Move.REOPEN, at__gt=since)
    questions = Escalation.objects.filter(complaint=OuterRef("pk"))
    asked = questions.filter(reason=Reason.SILENCE).filter(
        Q(decided_at__isnull=True) | Q(decided_at__gt=since)
    )
    overdue = questions.unanswered().filter(reason=Reason.OVERDUE)
    return (
        Complaint.objects.open()
        .filter(pack_code=pack.code, pack_version=pack.version, received_at__lte=since, imported=False)
        .exclude(state__in=THEIR_TURN)
        .filter(~Exists(spoken_since), ~Exists(reopened), ~Exists(asked), ~Exists(overdue))
        .order_by("received_at", "pk")
    )


def _raise_silence(complaint: Complaint, pack: Pack, *, now: datetime) -> None:
    last = Message.objects.spoken().filter(complaint=complaint).aggregate(at=Max("at"))["at"]
    last = last or complaint.received_at
    due_at = policy_clock.due(last, pack.escalation.silence_after, pack.calendar)
    raise_escalation(
        complaint,
        reason=Reason.SILENCE,
        by=System.CLOCK,
        now=now,
        ask=f"The customer has not heard from us since {spoken(last)}.",
        true_due_at=clock.if_late(due_at, now),
    )


def packs_in_use() -> list[Pack]:
    used = Complaint.objects.open().order_by().values_list("pack_code", "pack_version").distinct()
    return [library.pack(code, version) for code, version in used]
