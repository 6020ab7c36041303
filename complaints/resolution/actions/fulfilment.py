"""Doing what was promised, with proof, and with a second pair of eyes on larger sums (A11, A12)."""

from datetime import datetime

from django.db import IntegrityError, transaction

from complaints.resolution import timing
from complaints.resolution.actions import steps
from complaints.resolution.actions.checking import checked
from complaints.resolution.actions.correspondence import write_to_customer
from complaints.resolution.actions.deciding import current_offer
from complaints.resolution.actors import Actor, staff_or_none
from complaints.resolution.exceptions import (
    AlreadyDone,
    CheckNeeded,
    NoOffer,
    NotDone,
    NotPermitted,
    OwnCheck,
    ReasonNeeded,
)
from complaints.resolution.letters import Letter
from complaints.resolution.models import (
    Complaint,
    EntryKind,
    Fulfilment,
    MessageKind,
    Move,
    Offer,
    OfferLine,
    OfferState,
)
from complaints.resolution.permission import WORK, require_permission


@transaction.atomic
def complete_line(line: OfferLine, *, proof: str, by: Actor, now: datetime) -> Fulfilment:
    """Record that one part of the accepted offer was done. Once: whoever comes second is told so."""
    complaint = steps.lock(line.offer.complaint)
    require_permission(by, WORK, complaint)
    if line.offer_id != current_offer(complaint, OfferState.ACCEPTED).pk:
        raise NoOffer
    return write_down(line, complaint, proof=proof, by=by, now=now)


def write_down(line: OfferLine, complaint: Complaint, *, proof: str, by: Actor, now: datetime) -> Fulfilment:
    person = staff_or_none(by)
    if person is None:
        raise NotPermitted
    if not proof.strip():
        raise ReasonNeeded("Give the proof: a payment reference, a date, who did what.")
    try:
        with transaction.atomic():
            done = Fulfilment.objects.create(
                line=line,
                amount=line.amount,
                proof=proof.strip(),
                done_by=person,
                done_at=now,
                needs_check=timing.needs_check(complaint, line),
            )
    except IntegrityError:
        raise AlreadyDone from None
    steps.record(
        complaint, EntryKind.FULFILMENT, by=by, now=now, text=f"{line}: {proof.strip()}", line=line.pk
    )
    return done


@transaction.atomic
def check_payment(done: Fulfilment, *, by: Actor, now: datetime) -> Fulfilment:
    """Confirm a colleague's payment."""
    complaint = steps.lock(done.line.offer.complaint)
    require_permission(by, WORK, complaint)
    person = staff_or_none(by)
    if person is None or person.pk == done.done_by_id:
        raise OwnCheck
    checked = Fulfilment.objects.filter(pk=done.pk, checked_by__isnull=True).update(
        checked_by=person, checked_at=now
    )
    if not checked:
        raise AlreadyDone
    done.refresh_from_db()
    steps.record(
        complaint, EntryKind.FULFILMENT, by=by, now=now, text=f"Checked: {done.line}", line=done.line_id
    )
    return done


@transaction.atomic
def fulfil(complaint: Complaint, *, letter: Letter, by: Actor, now: datetime) -> Offer:
    """Tell the customer the outcome, once every part is done and every larger payment checked."""
    step = steps.begin(Move.FULFIL, complaint, by=by, now=now)
    offer = current_offer(step.complaint, OfferState.ACCEPTED)
    require_done(offer)
    offer.fulfil()
    offer.save()
    message = write_to_customer(step.complaint, kind=MessageKind.OUTCOME, letter=letter, by=by, now=now)
    steps.finish(step, offer=offer.pk, **checked(message))
    return offer


def require_done(offer: Offer) -> None:
    lines = list(offer.lines.all())
    done = {fulfilment.line_id: fulfilment for fulfilment in Fulfilment.objects.filter(line__offer=offer)}
    if any(line.pk not in done for line in lines):
        raise NotDone
    if any(fulfilment.awaits_check for fulfilment in done.values()):
        raise CheckNeeded
