"""From a proposal to a promise: put forward, decide, send, answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from djmoney.money import Money

from complaints.resolution import authority, seal, timing
from complaints.resolution.actions import clocks, steps
from complaints.resolution.actions.correspondence import write_to_customer
from complaints.resolution.actors import Actor, staff_or_none
from complaints.resolution.authority import Amount
from complaints.resolution.exceptions import (
    FactsFirst,
    MixedCurrencies,
    NoAuthority,
    NoFinding,
    NoOffer,
    NotPermitted,
    OfferRanOut,
    OverLimit,
    OwnMatter,
    OwnProposal,
    ReasonNeeded,
    SealBroken,
    StillRunning,
    VagueOffer,
    WishUnknown,
)
from complaints.resolution.letters import Letter
from complaints.resolution.models import (
    LIVE,
    Complaint,
    Concern,
    Customer,
    EntryKind,
    Finding,
    MessageKind,
    Move,
    Offer,
    OfferLine,
    OfferState,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One part of a proposal: an amount or an action, and by when."""

    kind: str
    due_on: date
    amount: Money | None = None
    action: str = ""
    conditions: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What is proposed. `follow_up_on`: the day we will ask whether it was put right (B18)."""

    lines: Sequence[Line]
    open_until: datetime
    follow_up_on: date
    benefit: str = ""


@transaction.atomic
def put_forward(
    complaint: Complaint, *, terms: Terms, by: Actor, now: datetime, defer: bool = False
) -> Offer:
    """Propose within one's own authority, or refer to a superior what lies above it; the amounts decide which.

    `defer` asks a superior although one's own authority would do (D14).
    """
    complaint, person = steps.lock(complaint), staff_or_none(by)
    if person is None:
        raise NotPermitted
    lock_customer(complaint)
    within = not defer and authority.covers(person, complaint, amounts_in(terms), now=now)
    make = propose if within else refer
    return make(complaint, terms=terms, by=by, now=now)


@transaction.atomic
def propose(complaint: Complaint, *, terms: Terms, by: Actor, now: datetime) -> Offer:
    """Approve one's own offer within one's own authority. Raises OverLimit above it."""
    step = steps.begin(Move.PROPOSE, complaint, by=by, now=now)
    complaint, person = _ready_for_an_offer(step.complaint, by)
    amounts = amounts_in(terms)
    if not authority.has_any(person, complaint, amounts, now=now):
        raise NoAuthority
    if not authority.covers(person, complaint, amounts, now=now):
        raise OverLimit
    offer = write_offer(complaint, terms, person, now)
    offer.within_own_authority = True
    offer.approve(now=now)
    offer.save()
    steps.finish(step, offer=offer.pk, seal=offer.seal)
    return offer


@transaction.atomic
def refer(complaint: Complaint, *, terms: Terms, by: Actor, now: datetime) -> Offer:
    """Put an offer before a superior. It is recorded in full; only its effect waits."""
    step = steps.begin(Move.REFER, complaint, by=by, now=now)
    complaint, person = _ready_for_an_offer(step.complaint, by)
    offer = write_offer(complaint, terms, person, now)
    offer.refer()
    offer.save()
    steps.finish(step, offer=offer.pk, seal=offer.seal)
    return offer


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
    write_to_customer(step.complaint, kind=MessageKind.OFFER, letter=letter, by=by, now=now)
    clocks.await_until(
        step.complaint,
        "offer",
        label="Offer lapses",
        due_at=approved.open_until,
        now=now,
        reason="The offer is open until then; silence is never acceptance.",
    )
    steps.finish(step, offer=approved.pk)
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
    clocks.await_until(
        step.complaint,
        "remedy",
        label="Put right",
        due_at=timing.close_of(step.complaint, last_line),
        now=now,
        reason="The last part of the accepted offer is due that day.",
    )
    steps.finish(step, text=spoken, offer=accepted.pk)
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


def lock_customer(complaint: Complaint) -> None:
    """The ceiling is the customer's too: two grants on two of their complaints must not pass each other."""
    if complaint.customer_id is not None:
        Customer.objects.select_for_update().get(pk=complaint.customer_id)


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


def amounts_in(terms: Terms) -> list[Amount]:
    """Raises VagueOffer for what cannot be paid: nothing, less, fractions of a penny, or no number at all."""
    amounts = [
        Amount(line.kind, line.amount.currency.code, Decimal(line.amount.amount))
        for line in terms.lines
        if line.amount is not None
    ]
    if not all(_is_payable(amount.value) for amount in amounts):
        raise VagueOffer("An amount must be more than nothing, in whole pennies.")
    return amounts


def amounts_of(offer: Offer) -> list[Amount]:
    return [
        Amount(line.kind, line.amount.currency.code, line.amount.amount)
        for line in offer.lines.all()
        if line.amount
    ]


def _ready_for_an_offer(complaint: Complaint, by: Actor) -> tuple[Complaint, User]:
    """The facts that must stand before any offer (B11, B13, D9). Locks the customer, whose ceiling is shared."""
    person = staff_or_none(by)
    if person is None:
        raise NotPermitted
    if complaint.about.filter(pk=person.pk).exists():
        raise OwnMatter
    lock_customer(complaint)
    if not complaint.desired_outcome.strip():
        raise WishUnknown
    if not Finding.objects.filter(complaint=complaint).exists():
        raise NoFinding
    if not _facts_gathered(complaint):
        raise FactsFirst
    return complaint, person


def _facts_gathered(complaint: Complaint) -> bool:
    fast_track = complaint.category is not None and complaint.category.fast_track
    return fast_track or complaint.questions.filter(settled_at__isnull=False).exists()


def write_offer(complaint: Complaint, terms: Terms, person: User, now: datetime) -> Offer:
    amounts_in(terms)
    lines = [_line(line) for line in terms.lines]
    if not lines or terms.open_until <= now:
        raise VagueOffer("An offer needs at least one line and a day until which it is open.")
    if len({line.amount.currency.code for line in lines if line.amount}) > 1:
        raise MixedCurrencies
    latest = complaint.offers.aggregate(version=Max("version"))["version"] or 0
    offer = Offer.objects.create(
        complaint=complaint,
        version=latest + 1,
        benefit=terms.benefit,
        open_until=terms.open_until,
        follow_up_on=terms.follow_up_on,
        proposed_by=person,
        proposed_at=now,
    )
    for line in lines:
        line.offer = offer
        line.save()
    offer.seal = seal.seal_of(offer, lines)
    return offer


def _line(line: Line) -> OfferLine:
    if line.amount is None and not line.action.strip():
        raise VagueOffer
    return OfferLine(
        kind=line.kind,
        amount=line.amount,  # type: ignore[misc] # a Money, which djmoney does not tell mypy
        action=line.action.strip(),
        due_on=line.due_on,
        conditions=line.conditions.strip(),
    )


def _is_payable(value: Decimal) -> bool:
    return value.is_finite() and value > 0 and value == value.quantize(Decimal("0.01"))


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
    if read != offer.seal or offer.seal != seal.seal_of(offer, list(offer.lines.all())):
        raise SealBroken("The offer is not the one you read. Look at it again.")
