"""Looking for what a supervisor must hear of, by the clock.

Every look finds only what is not yet raised, so looking twice, or two looking at once, changes nothing more.
"""

from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from complaints.policies import clock as policy_clock
from complaints.policies import packs
from complaints.policies.schema import ClockEvent, Pack
from complaints.resolution.actions.sweeping import work_through
from complaints.resolution.actors import System
from complaints.resolution.models import (
    Complaint,
    Deadline,
    DeadlineKind,
    Direction,
    Entry,
    Message,
    Move,
)
from complaints.resolution.models import State as ComplaintState
from escalations import clock
from escalations.actions.raising import raise_escalation
from escalations.actions.settling import settle_moot
from escalations.actions.steps import spoken
from escalations.models import Escalation, Reason

#: How much one look takes on; the next goes on from there.
BATCH = 1000
#: In these we wait for the customer: that we are silent is not our fault.
THEIR_TURN = (ComplaintState.WAITING, ComplaintState.OFFERED)


def raise_overdue(*, now: datetime) -> int:
    """Complaints with a deadline missed, the longest missed first. Returns how many were raised.

    One question a complaint, however many of its clocks ran out; answered, it rises again only for a deadline
    missed after that answer.
    """
    asked = _of_complaint(Reason.OVERDUE).filter(
        Q(decided_at__isnull=True) | Q(decided_at__gte=OuterRef("due_at"))
    )
    missed = _ours(Deadline.objects.missed(now)).filter(~Exists(asked)).order_by("due_at", "pk")
    return work_through(_one_a_complaint(missed), lambda deadline: _raise_overdue(deadline, now=now))


def _raise_overdue(deadline: Deadline, *, now: datetime) -> None:
    raise_escalation(
        deadline.complaint,
        reason=Reason.OVERDUE,
        by=System.CLOCK,
        now=now,
        ask=f"“{deadline.label}” was due {spoken(deadline.due_at)}.",
        deadline=deadline,
        true_due_at=_if_late(deadline.due_at, now),
    )
    settle_moot(deadline.complaint, now=now)


def raise_about_to_be_overdue(*, now: datetime) -> int:
    """Deadlines of which the policy's part is used up, each once. Returns how many were raised.

    Clocks that every letter restarts are left out: for those there is the long silence.
    """
    asked = Escalation.objects.filter(deadline=OuterRef("pk"), reason=Reason.ABOUT_TO_BE_OVERDUE)
    standing = Escalation.objects.unanswered().filter(
        complaint=OuterRef("complaint"), reason__in=(Reason.OVERDUE, Reason.ABOUT_TO_BE_OVERDUE)
    )
    pressing = (
        _ours(Deadline.objects.warned(now))
        .exclude(clock__in=_restarted_by_letters())
        .filter(~Exists(asked), ~Exists(standing))
    )
    return work_through(
        _one_a_complaint(pressing.order_by("due_at", "pk")),
        lambda deadline: raise_escalation(
            deadline.complaint,
            reason=Reason.ABOUT_TO_BE_OVERDUE,
            by=System.CLOCK,
            now=now,
            ask=f"“{deadline.label}” is due {spoken(deadline.due_at)}.",
            deadline=deadline,
        ),
    )


def raise_long_silence(*, now: datetime) -> int:
    """Complaints on which the customer has not heard from us for longer than the policy bears."""
    return sum(_raise_silent(pack, now=now) for pack in _packs_in_use())


def _raise_silent(pack: Pack, *, now: datetime) -> int:
    since = clock.silent_since(pack, now=now)
    return work_through(
        _silent(pack, since)[:BATCH], lambda complaint: _raise_silence(complaint, pack, now=now)
    )


def _silent(pack: Pack, since: datetime) -> QuerySet[Complaint]:
    """An overdue complaint already before a supervisor is not asked about twice."""
    spoken_since = Message.objects.filter(complaint=OuterRef("pk"), direction=Direction.OUT, at__gt=since)
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
    last = complaint.messages.filter(direction=Direction.OUT).aggregate(at=Max("at"))["at"]
    last = last or complaint.received_at
    due_at = policy_clock.due(last, pack.escalation.silence_after, pack.calendar)
    raise_escalation(
        complaint,
        reason=Reason.SILENCE,
        by=System.CLOCK,
        now=now,
        ask=f"The customer has not heard from us since {spoken(last)}.",
        true_due_at=_if_late(due_at, now),
    )


def _ours(deadlines: QuerySet[Deadline]) -> QuerySet[Deadline]:
    return deadlines.exclude(kind=DeadlineKind.AWAITED).filter(complaint__is_open=True)


def _of_complaint(reason: Reason) -> QuerySet[Escalation]:
    return Escalation.objects.filter(complaint=OuterRef("complaint"), reason=reason)


def _one_a_complaint(deadlines: QuerySet[Deadline]) -> list[Deadline]:
    first: dict[int, Deadline] = {}
    for deadline in deadlines.select_related("complaint")[:BATCH]:
        first.setdefault(deadline.complaint_id, deadline)
    return list(first.values())


def _if_late(moment: datetime, now: datetime) -> datetime | None:
    return moment if now - moment > clock.LATE else None


def _packs_in_use() -> list[Pack]:
    used = Complaint.objects.open().order_by().values_list("pack_code", "pack_version").distinct()
    return [packs.pack(code, version) for code, version in used]


def _restarted_by_letters() -> set[str]:
    return {
        rule.code
        for pack in _packs_in_use()
        for rule in pack.clocks
        if ClockEvent.MESSAGE_OUT in rule.resets_on
    }
