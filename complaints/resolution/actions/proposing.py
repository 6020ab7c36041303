"""Putting an offer forward: within one's own authority, or before a superior."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max
from djmoney.money import Money

from complaints.resolution import authority, seal
from complaints.resolution.actions import steps
from complaints.resolution.actors import Actor, staff_or_none
from complaints.resolution.authority import Amount
from complaints.resolution.exceptions import (
    FactsFirst,
    MixedCurrencies,
    NoAuthority,
    NoFinding,
    NotPermitted,
    OverLimit,
    OwnMatter,
    TriedNeeded,
    VagueOffer,
    WishUnknown,
)
from complaints.resolution.models import Complaint, Customer, Finding, Move, Offer, OfferLine


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
    complaint: Complaint, *, terms: Terms, by: Actor, now: datetime, tried: str = "", defer: bool = False
) -> Offer:
    """Propose within one's own authority, or refer to a superior what lies above it; the amounts decide which.

    `defer` asks a superior although one's own authority would do (D14). A superior is told what was tried (B26).
    """
    complaint, person = steps.lock(complaint), staff_or_none(by)
    if person is None:
        raise NotPermitted
    lock_customer(complaint)
    within = not defer and authority.covers(person, complaint, amounts_in(terms), now=now)
    if within:
        return propose(complaint, terms=terms, by=by, now=now)
    return refer(complaint, terms=terms, tried=tried, by=by, now=now)


@transaction.atomic
def propose(complaint: Complaint, *, terms: Terms, by: Actor, now: datetime) -> Offer:
    """Approve one's own offer within one's own authority. Raises OverLimit above it."""
    step = steps.begin(Move.PROPOSE, complaint, by=by, now=now)
    complaint, person = _ready_for_an_offer(step.complaint, by)
    require_authority(person, complaint, amounts_in(terms), now=now)
    offer = write_offer(complaint, terms, person, now)
    offer.within_own_authority = True
    offer.approve(now=now)
    offer.save()
    steps.finish(step, offer=offer.pk, seal=offer.seal)
    return offer


@transaction.atomic
def refer(complaint: Complaint, *, terms: Terms, by: Actor, now: datetime, tried: str = "") -> Offer:
    """Put an offer before a superior. It is recorded in full; only its effect waits."""
    step = steps.begin(Move.REFER, complaint, by=by, now=now)
    complaint, person = _ready_for_an_offer(step.complaint, by)
    if not tried.strip():
        raise TriedNeeded
    offer = write_offer(complaint, terms, person, now)
    offer.refer()
    offer.save()
    steps.finish(step, text=tried.strip(), offer=offer.pk, seal=offer.seal)
    return offer


def require_authority(person: User, complaint: Complaint, amounts: list[Amount], *, now: datetime) -> None:
    """Raises NoAuthority where no limit speaks of such a grant at all, OverLimit above the one that does."""
    if not authority.covers(person, complaint, amounts, now=now):
        raise OverLimit if authority.has_any(person, complaint, amounts) else NoAuthority


def lock_customer(complaint: Complaint) -> None:
    """The ceiling is the customer's too: two grants on two of their complaints must not pass each other."""
    if complaint.customer_id is not None:
        Customer.objects.select_for_update().get(pk=complaint.customer_id)


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
