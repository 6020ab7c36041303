"""The offer goes to the customer, and the customer answers, or does not."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from complaints.resolution import seal, timing
from complaints.resolution.actions import clocks, steps
from complaints.resolution.actions.checking import checked
from complaints.resolution.actions.correspondence import write_to_customer
from complaints.resolution.actions.deciding import current_offer
from complaints.resolution.actors import Actor, staff_or_none
from complaints.resolution.exceptions import OfferRanOut, ReasonNeeded, SealBroken, StillRunning
from complaints.resolution.happened import OFFER, REMEDY
from complaints.resolution.letters import Letter
from complaints.resolution.models import Complaint, Concern, EntryKind, MessageKind, Move, Offer, OfferState


@transaction.atomic
def offer(complaint: Complaint, *, letter: Letter, by: Actor, now: datetime) -> Offer:
    """Send the approved offer to the customer, if it still is the one that was approved."""
    step = steps.begin(Move.OFFER, complaint, by=by, now=now)
    approved = current_offer(step.complaint, OfferState.APPROVED)
    if not seal.is_whole(approved):
        raise SealBroken
    if approved.open_until <= now:
        raise OfferRanOut("The offer would have run out already. Revise it.")
    approved.send(now=now)
    approved.save()
    message = write_to_customer(step.complaint, kind=MessageKind.OFFER, letter=letter, by=by, now=now)
    awaits = clocks.awaiting(
        OFFER,
        label="Offer lapses",
        due_at=approved.open_until,
        reason="The offer is open until then; silence is never acceptance.",
    )
    steps.finish(step, offer=approved.pk, awaits=awaits, **checked(message))
    return approved


@transaction.atomic
def accept(complaint: Complaint, *, by: Actor, now: datetime, spoken: str = "") -> Offer:
    """Take the customer's acceptance: by themselves on their page, or spoken and written down by staff."""
    step = steps.begin(Move.ACCEPT, complaint, by=by, now=now)
    if staff_or_none(by) and not spoken.strip():
        raise ReasonNeeded("Write down how, and in what words, the customer accepted.")
    accepted = current_offer(step.complaint, OfferState.SENT)
    if accepted.open_until < now:
        raise OfferRanOut
    accepted.accept(now=now)
    accepted.save()
    last_line = accepted.lines.aggregate(due=Max("due_on"))["due"]
    awaits = clocks.awaiting(
        REMEDY,
        label="Put right",
        due_at=timing.close_of(step.complaint, last_line),
        reason="The last part of the accepted offer is due that day.",
        promised=True,
    )
    steps.finish(step, text=spoken, offer=accepted.pk, awaits=awaits)
    return accepted


@transaction.atomic
def decline(
    complaint: Complaint, *, reason: str, by: Actor, now: datetime, wants_manager: bool = False
) -> Offer:
    """Take the customer's no. The complaint goes back to work, and a superior is always offered (A16, A19)."""
    step = steps.begin(Move.DECLINE, complaint, by=by, now=now)
    if not reason.strip():
        raise ReasonNeeded("Write down what is not right with the offer.")
    declined = current_offer(step.complaint, OfferState.SENT)
    declined.decline_reason = reason.strip()
    declined.decline(now=now)
    declined.save()
    complaint = steps.finish(step, text=reason, offer=declined.pk, escalation_offered=True)
    if wants_manager:
        steps.record(
            complaint, EntryKind.CONCERN, concern=Concern.ASKED_FOR_MANAGER, by=by, now=now, text=reason
        )
    return declined


@transaction.atomic
def lapse(complaint: Complaint, *, by: Actor, now: datetime) -> Offer:
    """Let an unanswered offer run out. Silence is never acceptance, so the complaint goes back to work."""
    step = steps.begin(Move.LAPSE, complaint, by=by, now=now)
    lapsed = current_offer(step.complaint, OfferState.SENT)
    if lapsed.open_until >= now:
        raise StillRunning
    lapsed.lapse()
    lapsed.save()
    complaint = steps.finish(step, offer=lapsed.pk)
    steps.record(complaint, EntryKind.CONCERN, concern=Concern.OFFER_LAPSED, by=by, now=now)
    return lapsed
