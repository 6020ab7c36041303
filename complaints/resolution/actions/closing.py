"""Follow-up, closing and filing, and the ways out and back in."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from complaints.resolution import timing
from complaints.resolution.actions import steps
from complaints.resolution.actions.correspondence import keep_words
from complaints.resolution.actions.deciding import withdraw_live_offer
from complaints.resolution.actors import Actor, staff_or_none
from complaints.resolution.exceptions import (
    CannotMerge,
    NoFinding,
    NotPossibleNow,
    PromisesOpen,
    ReasonNeeded,
    TooLateToReopen,
    TooSoonToClose,
    Undocumented,
)
from complaints.resolution.models import (
    Channel,
    Complaint,
    EntryKind,
    Fault,
    Finding,
    MessageKind,
    Move,
    State,
)
from complaints.resolution.permission import SUPERVISE, WORK, require_permission

#: So many promises are named in a refusal.
FEW = 5


@transaction.atomic
def document(
    complaint: Complaint, *, problem: str, cause: str, solution: str, by: Actor, now: datetime
) -> Complaint:
    """Write down problem, cause and solution for the file and for those who learn from it (A32, D5)."""
    complaint = steps.lock(complaint)
    require_permission(by, WORK, complaint)
    complaint.problem, complaint.cause, complaint.solution = problem.strip(), cause.strip(), solution.strip()
    if not _documented(complaint):
        raise Undocumented
    steps.save(complaint, by=by, now=now, reason="Documented")
    steps.record(
        complaint, EntryKind.CORRECTION, by=by, now=now, text="Problem, cause and solution written down"
    )
    return complaint


def _documented(complaint: Complaint) -> bool:
    return bool(complaint.problem and complaint.cause and complaint.solution)


@transaction.atomic
def record_follow_up(
    complaint: Complaint, *, satisfied: bool, text: str, by: Actor, now: datetime
) -> Complaint:
    """The customer was asked, and has said, whether the matter is right (A13). A yes frees the way to close."""
    complaint = steps.lock(complaint)
    require_permission(by, WORK, complaint)
    if complaint.state != State.ANSWERED:
        raise NotPossibleNow("A follow-up belongs to an answered complaint.")
    if satisfied:
        complaint.followed_up_at = now
    steps.save(complaint, by=by, now=now, reason="Follow-up")
    label = "The customer is satisfied" if satisfied else "The customer is not satisfied"
    steps.record(
        complaint, EntryKind.NOTE, by=by, now=now, text=f"{label}. {text}".strip(), satisfied=satisfied
    )
    return complaint


@transaction.atomic
def close(complaint: Complaint, *, by: Actor, now: datetime) -> Complaint:
    """Close and file: followed up or its time run out, and documented; upheld ones name a root cause (C6).

    What we promised stays owed until somebody says that it is done or need not be: nobody looks at a closed file.
    """
    step = steps.begin(Move.CLOSE, complaint, by=by, now=now)
    complaint = step.complaint
    if complaint.followed_up_at is None and now < timing.may_close_from(complaint):
        raise TooSoonToClose
    if not _documented(complaint):
        raise Undocumented
    finding = Finding.objects.filter(complaint=complaint).first()
    if finding and finding.fault in (Fault.YES, Fault.PARTLY) and finding.root_cause_id is None:
        raise NoFinding("Our fault was found: name its root cause before closing.")
    if promised := list(complaint.promises.open()[:FEW]):
        raise PromisesOpen([promise.text for promise in promised])
    return steps.finish(step)


@transaction.atomic
def reopen(complaint: Complaint, *, reason: str, by: Actor, now: datetime) -> Complaint:
    """Take the complaint up again. Later than the policy allows, a linked complaint is opened instead."""
    step = steps.begin(Move.REOPEN, complaint, by=by, now=now)
    if not reason.strip():
        raise ReasonNeeded
    if now > timing.may_reopen_until(step.complaint):
        raise TooLateToReopen
    step.complaint.followed_up_at = None
    step.complaint.outcome = ""
    return steps.finish(step, text=reason)


@transaction.atomic
def withdraw(complaint: Complaint, *, words: str, by: Actor, now: datetime) -> Complaint:
    """The customer takes the complaint back: their words, by themselves or written down by staff."""
    step = steps.begin(Move.WITHDRAW, complaint, by=by, now=now)
    if not words.strip():
        raise ReasonNeeded("Write down how, and in what words, the customer took it back.")
    withdraw_live_offer(step.complaint)
    channel = Channel.PHONE if staff_or_none(by) else Channel.WEB
    keep_words(step.complaint, body=words, channel=channel, kind=MessageKind.REPLY, now=now)
    return steps.finish(step, text=words)


@transaction.atomic
def merge(complaint: Complaint, *, into: Complaint, reason: str, by: Actor, now: datetime) -> Complaint:
    """Let another complaint about the same matter carry this one. Points and open questions go with it.

    The other must be open; of another customer only a supervisor may do it.
    """
    first, second = sorted((complaint.pk, into.pk))
    list(Complaint.objects.select_for_update().filter(pk__in=(first, second)).order_by("pk"))
    step = steps.begin(Move.MERGE, complaint, by=by, now=now)
    other = steps.lock(into)
    _require_mergeable(step.complaint, other, by)
    if not reason.strip():
        raise ReasonNeeded
    withdraw_live_offer(step.complaint)
    step.complaint.merged_into = other
    for point in step.complaint.points.all():
        point.complaint = other
        point.save()
    steps.record(
        other,
        EntryKind.NOTE,
        by=by,
        now=now,
        text=f"{step.complaint.reference} was merged into this one. {reason}",
    )
    return steps.finish(step, text=reason, into=other.pk)


def _require_mergeable(complaint: Complaint, other: Complaint, by: Actor) -> None:
    require_permission(by, WORK, other)
    if other.pk == complaint.pk or not other.is_open:
        raise CannotMerge
    supervises = isinstance(by, User) and by.has_perm(SUPERVISE)
    if complaint.customer_id != other.customer_id and not supervises:
        raise CannotMerge
