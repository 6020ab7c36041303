"""Like cases: what was offered before on complaints of the same category, and whether it was accepted (B27).

One case is one complaint, by its first offer that was answered; only cases the reader may see are counted.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, Sum

from complaints.resolution.models import Complaint, Offer, OfferState

#: Older cases, and more than these, say little about today.
YEARS, MOST = 2, 200
#: With fewer cases a median would pretend to a rule there is not.
ENOUGH = 5
ANSWERED = (OfferState.ACCEPTED, OfferState.FULFILLED, OfferState.DECLINED, OfferState.LAPSED)
ACCEPTED = (OfferState.ACCEPTED, OfferState.FULFILLED)


@dataclass(frozen=True, slots=True)
class Case:
    """`then` is what was accepted in the end where the first offer was not."""

    complaint: Complaint
    amount: Decimal
    state: str
    then: Decimal | None
    authority: str

    @property
    def accepted(self) -> bool:
        return self.state in ACCEPTED


@dataclass(frozen=True, slots=True)
class Precedents:
    currency: str
    cases: list[Case] = field(default_factory=list)

    @property
    def is_enough(self) -> bool:
        return len(self.cases) >= ENOUGH

    @property
    def middle(self) -> Decimal:
        return median(case.amount for case in self.cases)

    @property
    def lowest(self) -> Decimal:
        return min(case.amount for case in self.cases)

    @property
    def highest(self) -> Decimal:
        return max(case.amount for case in self.cases)


def like(complaint: Complaint, *, currency: str, reader: User, now: datetime) -> Precedents:
    """Cases of the same category in this currency, newest first. None where the complaint has no category."""
    if complaint.category_id is None:
        return Precedents(currency)
    seen = Complaint.objects.visible_to(reader).filter(pk=OuterRef("complaint"))
    offers = (
        Offer.objects.filter(
            Exists(seen),
            complaint__category=complaint.category_id,
            state__in=[state.value for state in ANSWERED],
            proposed_at__gte=now - timedelta(days=365 * YEARS),
            lines__amount_currency=currency,
        )
        .exclude(complaint=complaint)
        .annotate(total=Sum("lines__amount"))
        .select_related("complaint")
        .prefetch_related("approved_by__groups", "proposed_by__groups")
        .order_by("-proposed_at", "-pk")
    )
    return Precedents(currency, _cases(offers[:MOST]))


def _cases(newest_first: Iterable[Offer]) -> list[Case]:
    by_complaint: dict[int, list[Offer]] = {}
    for offer in newest_first:
        by_complaint.setdefault(offer.complaint_id, []).insert(0, offer)
    return [_case(offers) for offers in by_complaint.values()]


def _case(offers: list[Offer]) -> Case:
    """Of one complaint's answered offers, oldest first."""
    first, *later = offers
    then = next((amount_of(offer) for offer in later if offer.state in ACCEPTED), None)
    return Case(first.complaint, amount_of(first), first.state, then, authority_behind(first))


def amount_of(offer: Offer) -> Decimal:
    total: Decimal = getattr(offer, "total", None) or Decimal(0)
    return total


def authority_behind(offer: Offer) -> str:
    """On whose authority it was granted: the role of the approver, or of the proposer within their own."""
    person = offer.approved_by or offer.proposed_by
    return next((group.name.lower() for group in person.groups.all()), "staff")
