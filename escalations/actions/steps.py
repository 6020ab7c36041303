"""How the verbs of this desk begin and end."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.timezone import localtime

from complaints.resolution import actions as resolution
from complaints.resolution.actors import Actor, name_of, staff_or_none
from complaints.resolution.exceptions import NotPermitted, NotVisible, OwnProposal
from complaints.resolution.models import Complaint, Offer
from escalations.exceptions import AlreadyClaimed, AlreadyDecided, NotYourQueue
from escalations.models import WORK, Decision, Escalation, Queue, Ruling
from escalations.standing_in import acts_for, shares_eyes


def lock_complaint(complaint: Complaint) -> Complaint:
    """The complaint as it stands now, held until the transaction ends."""
    held = Complaint.objects.select_for_update(of=("self",)).select_related("customer", "category")
    return held.get(pk=complaint.pk)


def lock(escalation: Escalation) -> Escalation:
    """The question as it stands now, with its complaint, which is held first."""
    complaint = lock_complaint(escalation.complaint)
    found = Escalation.objects.select_for_update(of=("self",)).select_related(
        "queue__group", "offer", "claimed_by", "raised_by"
    )
    escalation = found.get(pk=escalation.pk)
    escalation.complaint = complaint
    return escalation


@dataclass(frozen=True, slots=True)
class Step:
    """A question, held and unanswered, and somebody who may deal with it."""

    escalation: Escalation
    by: Actor
    now: datetime
    on_behalf: User | None = None

    @property
    def complaint(self) -> Complaint:
        return self.escalation.complaint


def begin(escalation: Escalation, *, by: Actor, now: datetime) -> Step:
    escalation = lock(escalation)
    person = staff_or_none(by)
    on_behalf = acts_for(person, escalation, now=now) if person else None
    require_hands(escalation, by, now=now)
    require_unanswered(escalation)
    require_free(escalation, by, on_behalf)
    return Step(escalation, by, now, on_behalf)


def require_hands(escalation: Escalation, by: Actor, *, now: datetime) -> None:
    """Staff of the question's own queue, or who stand in for them, and may see the complaint.

    The house itself may always.
    """
    person = staff_or_none(by)
    if person is None:
        return
    if not Complaint.objects.visible_to(person).filter(pk=escalation.complaint_id).exists():
        raise NotVisible
    if not person.has_perm(WORK):
        raise NotPermitted
    if not Queue.objects.worked_by(person, now=now).filter(pk=escalation.queue_id).exists():
        raise NotYourQueue(f"This question lies with {escalation.queue}.")


def require_unanswered(escalation: Escalation) -> None:
    if escalation.decided_at is not None:
        what = escalation.get_decision_display().lower()
        raise AlreadyDecided(
            f"Already {what} by {escalation.decided_by_name}, {spoken(escalation.decided_at)}."
        )


def require_free(escalation: Escalation, by: Actor, on_behalf: User | None) -> None:
    """Claimed by somebody else, it is theirs until they release it; their substitute and the clock may take it."""
    holder, person = escalation.claimed_by, staff_or_none(by)
    if holder is not None and person is not None and holder not in (person, on_behalf):
        raise AlreadyClaimed(f"{name_of(holder)} has claimed this.")


def require_other_than_proposer(escalation: Escalation, person: User, *, now: datetime) -> None:
    if escalation.offer is not None:
        require_four_eyes(escalation.offer, person, now=now)


def require_four_eyes(offer: Offer, person: User, *, now: datetime) -> None:
    """Neither the proposer, nor who stands in for them, nor for whom they stand in."""
    if offer.proposed_by == person:
        raise OwnProposal
    if shares_eyes(person, offer.proposed_by, now=now):
        raise OwnProposal(
            f"One of you stands in for the other: {name_of(offer.proposed_by)} proposed this. "
            "Somebody else must decide on it."
        )


def ruling(step: Step, decision: Decision, text: str) -> Ruling:
    by_name = name_of(step.by)
    if step.on_behalf is not None:
        by_name = f"{by_name} for {name_of(step.on_behalf)}"
    return Ruling(decision, staff_or_none(step.by), by_name[:200], step.now, text.strip())


def record(
    escalation: Escalation, what: str, *, by: Actor, now: datetime, on_behalf: User | None = None
) -> None:
    """Into the complaint's ledger, which announces it."""
    facts = facts_of(escalation)
    if on_behalf is not None:
        what, facts = f"for {name_of(on_behalf)}, {what}", facts | {"on_behalf": on_behalf.pk}
    resolution.record_escalation(
        escalation.complaint, text=said_of(escalation, what), by=by, now=now, **facts
    )


def said_of(escalation: Escalation, what: str) -> str:
    return f"{escalation.get_reason_display()}: {what}"


def facts_of(escalation: Escalation) -> dict[str, Any]:
    return {
        "escalation": escalation.pk,
        "reason": escalation.reason,
        "queue": escalation.queue_id,
        "level": escalation.level,
        "state": escalation.state,
    }


def spoken(moment: datetime) -> str:
    """A moment in the firm's time: 12 Nov 2026, 16:02."""
    return f"{localtime(moment):%-d %b %Y, %H:%M}"


def spoken_day(day: date) -> str:
    return f"{day:%-d %b %Y}"


def firm() -> str:
    return str(settings.FIRM_NAME)
