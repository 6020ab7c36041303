"""Deciding on what a colleague proposed, and taking an approved offer back."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from complaints.resolution import authority
from complaints.resolution.actions import steps
from complaints.resolution.actions.proposing import lock_customer
from complaints.resolution.actors import Actor, staff_or_none
from complaints.resolution.authority import Amount
from complaints.resolution.exceptions import (
    NoOffer,
    NotPermitted,
    OverLimit,
    OwnMatter,
    OwnProposal,
    ReasonNeeded,
    SealBroken,
)
from complaints.resolution.models import LIVE, Complaint, Move, Offer, OfferState
from complaints.resolution.seal import seal_of


@transaction.atomic
def approve(complaint: Complaint, *, seal: str, by: Actor, now: datetime) -> Offer:
    """Approve the referred offer that carries this seal: the approver decides on what they read, nothing else.

    Raises OwnProposal for the proposer, OverLimit above the approver's own authority, SealBroken if the offer is
    not what was read. Of many approvals at once one wins; the others find the complaint already moved.
    """
    step = steps.begin(Move.APPROVE, complaint, by=by, now=now)
    offer = current_offer(step.complaint, OfferState.REFERRED)
    person = _decider(step.complaint, offer, by)
    _require_seal(offer, seal)
    if not authority.covers(person, step.complaint, amounts_of(offer), now=now):
        raise OverLimit("This is above your authority. Pass it up.")
    offer.approved_by = person
    offer.approve(now=now)
    offer.save()
    steps.finish(step, offer=offer.pk, seal=offer.seal)
    return offer


@transaction.atomic
def refuse(complaint: Complaint, *, reason: str, by: Actor, now: datetime) -> Offer:
    step = steps.begin(Move.REFUSE, complaint, by=by, now=now)
    if not reason.strip():
        raise ReasonNeeded
    offer = current_offer(step.complaint, OfferState.REFERRED)
    _decider(step.complaint, offer, by)
    offer.withdraw()
    offer.save()
    steps.finish(step, text=reason, offer=offer.pk)
    return offer


@transaction.atomic
def revise(complaint: Complaint, *, reason: str, by: Actor, now: datetime) -> Offer:
    """Take an approved offer back before it is sent. Its approval is void; a new version must earn its own."""
    step = steps.begin(Move.REVISE, complaint, by=by, now=now)
    if not reason.strip():
        raise ReasonNeeded
    offer = current_offer(step.complaint, OfferState.APPROVED)
    offer.withdraw()
    offer.save()
    steps.finish(step, text=reason, offer=offer.pk)
    return offer


def current_offer(complaint: Complaint, state: OfferState) -> Offer:
    offer = complaint.offers.select_for_update().filter(state=state).last()
    if offer is None:
        raise NoOffer
    return offer


def withdraw_live_offer(complaint: Complaint) -> None:
    """An offer does not outlive the complaint it was made on."""
    for live in complaint.offers.select_for_update().filter(state__in=[state.value for state in LIVE]):
        live.withdraw()
        live.save()


def amounts_of(offer: Offer) -> list[Amount]:
    return [
        Amount(line.kind, line.amount.currency.code, line.amount.amount)
        for line in offer.lines.all()
        if line.amount
    ]


def _decider(complaint: Complaint, offer: Offer, by: Actor) -> User:
    """Two different people, and never the one complained about."""
    person = staff_or_none(by)
    if person is None:
        raise NotPermitted
    if person.pk == offer.proposed_by_id:
        raise OwnProposal
    if complaint.about.filter(pk=person.pk).exists():
        raise OwnMatter
    lock_customer(complaint)
    return person


def _require_seal(offer: Offer, read: str) -> None:
    if read != offer.seal or offer.seal != seal_of(offer, list(offer.lines.all())):
        raise SealBroken("The offer is not the one you read. Look at it again.")
