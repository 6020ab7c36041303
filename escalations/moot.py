"""When a question has answered itself."""

from collections.abc import Callable
from datetime import datetime

from django.utils.timezone import localtime

from complaints.policies.schema import Pack
from complaints.resolution import timing
from complaints.resolution.models import (
    LIVE,
    Complaint,
    Deadline,
    DeadlineKind,
    Message,
    OfferState,
    Priority,
)
from complaints.resolution.models import State as ComplaintState
from complaints.resolution.models.deadlines import DeadlineQuerySet
from escalations.calls import call_of
from escalations.models import Escalation, Reason, Weighing
from escalations.models.reasons import WHILE_OPEN

GONE = (ComplaintState.WITHDRAWN, ComplaintState.MERGED)
Check = Callable[[Escalation, Complaint, datetime], str]


def why_moot(escalation: Escalation, complaint: Complaint, *, now: datetime) -> str:
    """A sentence why nobody need answer this any more; nothing while somebody must."""
    state = complaint.get_state_display().lower()
    if complaint.state in GONE:
        return f"The complaint was {state}."
    if escalation.reason in WHILE_OPEN and not complaint.is_open:
        return f"The complaint is {state}."
    check = BY_REASON.get(Reason(escalation.reason))
    return check(escalation, complaint, now) if check else ""


def ours(deadlines: DeadlineQuerySet) -> DeadlineQuerySet:
    """The deadlines we owe; those we wait on the customer for are not ours to miss."""
    return deadlines.exclude(kind=DeadlineKind.AWAITED)


def _offer_left(escalation: Escalation, _complaint: Complaint, _now: datetime) -> str:
    offer = escalation.offer
    if offer is None or offer.state == OfferState.REFERRED:
        return ""
    return f"The offer no longer waits for approval: it is {offer.get_state_display().lower()}."


def _kept_up(_escalation: Escalation, complaint: Complaint, now: datetime) -> str:
    return "" if ours(complaint.deadlines.missed(now)).exists() else "Nothing is overdue any more."


def _met(escalation: Escalation, complaint: Complaint, _now: datetime) -> str:
    if complaint.escalations.unanswered().filter(reason=Reason.OVERDUE).exists():
        return "It has become overdue, and that is asked instead."
    deadline = escalation.deadline
    if deadline is None or deadline.stopped_at is not None or deadline.paused_at is not None:
        return "That deadline no longer presses."
    if _is_used_up(deadline, timing.pack_of(complaint)):
        return ""
    return f"It is not due before {localtime(deadline.due_at):%-d %b %Y, %H:%M} now."


def _is_used_up(deadline: Deadline, pack: Pack) -> bool:
    """A part of it that calls somebody is, and has not been put off since."""
    parts = deadline.milestones.values_list("part", "passed_at")
    ahead = {part for part, passed_at in parts if passed_at is None}
    return any(call_of(pack, deadline.clock, part).reason for part, _ in parts if part not in ahead)


def _calmed(_escalation: Escalation, complaint: Complaint, _now: datetime) -> str:
    return "" if complaint.priority == Priority.SERIOUS else "It is no longer counted as serious."


def _safe(_escalation: Escalation, complaint: Complaint, _now: datetime) -> str:
    vulnerable = complaint.customer is not None and complaint.customer.vulnerable
    return "" if vulnerable else "The customer is no longer counted as vulnerable."


def _heard(_escalation: Escalation, complaint: Complaint, _now: datetime) -> str:
    return "" if complaint.state == ComplaintState.WAITING else "We no longer wait for the answer."


def _offered_anew(_escalation: Escalation, complaint: Complaint, _now: datetime) -> str:
    live = complaint.offers.filter(state__in=[state.value for state in LIVE])
    return "A new offer was made." if live.exists() else ""


def _spoken(escalation: Escalation, complaint: Complaint, _now: datetime) -> str:
    since = Message.objects.spoken().filter(complaint=complaint, at__gt=escalation.raised_at)
    return "We have written since." if since.exists() else ""


def _passed(_escalation: Escalation, complaint: Complaint, _now: datetime) -> str:
    holds = Weighing.objects.current().filter(complaint=complaint, reached=True)
    return "" if holds.exists() else "The signs of trouble have passed."


BY_REASON: dict[Reason, Check] = {
    Reason.OVER_LIMIT: _offer_left,
    Reason.OVERDUE: _kept_up,
    Reason.ABOUT_TO_BE_OVERDUE: _met,
    Reason.SERIOUS: _calmed,
    Reason.VULNERABLE: _safe,
    Reason.NO_ANSWER: _heard,
    Reason.OFFER_LAPSED: _offered_anew,
    Reason.DECLINED: _offered_anew,
    Reason.SILENCE: _spoken,
    Reason.EARLY_WARNING: _passed,
}
