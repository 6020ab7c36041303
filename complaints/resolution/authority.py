"""How much a person may grant, and what is left of it. Pure questions; nothing is written here.

A ceiling counts everything already approved, offered or paid on the complaint, and on the same customer within the
limit's window, so that a large sum cannot be split into small ones (C24). No matching row means no authority.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet, Sum

from complaints.resolution.models import GRANTED, AuthorityLimit, Complaint, OfferLine

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Amount:
    """What one line of an offer would grant."""

    kind: str
    currency: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class Room:
    """What is left under one limit: the smaller of what complaint and customer still allow."""

    limit: AuthorityLimit
    granted_on_complaint: Decimal
    granted_to_customer: Decimal

    @property
    def left(self) -> Decimal:
        on_complaint = self.limit.per_complaint - self.granted_on_complaint
        to_customer = self.limit.per_customer - self.granted_to_customer
        return max(ZERO, min(on_complaint, to_customer))


def covers(person: User, complaint: Complaint, amounts: list[Amount], *, now: datetime) -> bool:
    """May this person grant all of this together, on top of what was granted before?

    Each amount needs a limit of its own kind or of any kind, and the limit must hold every amount it counts.
    """
    return all(
        any(_holds(room, amounts) for room in rooms(person, complaint, amount.kind, amount.currency, now=now))
        for amount in amounts
    )


def has_any(person: User, complaint: Complaint, amounts: list[Amount]) -> bool:
    """Does some limit speak of each of these grants, whatever is left under it?"""
    return all(limits_of(person, complaint, amount.kind, amount.currency) for amount in amounts)


def _holds(room: Room, amounts: list[Amount]) -> bool:
    limit = room.limit
    counted = (a.value for a in amounts if a.currency == limit.currency and limit.kind in ("", a.kind))
    return sum(counted, ZERO) <= room.left


def rooms(person: User, complaint: Complaint, kind: str, currency: str, *, now: datetime) -> list[Room]:
    """What is left under each limit that applies to the person; one limit a group, the most particular."""
    return [
        Room(
            limit=limit,
            granted_on_complaint=_sum(_granted(limit).filter(offer__complaint=complaint)),
            granted_to_customer=_sum(_granted_to_customer(limit, complaint, now)),
        )
        for limit in limits_of(person, complaint, kind, currency)
    ]


def room_left(person: User, complaint: Complaint, currency: str, *, now: datetime, kind: str = "") -> Decimal:
    """The number beside the amount field: the most this person may still grant here in one line."""
    return max((room.left for room in rooms(person, complaint, kind, currency, now=now)), default=ZERO)


def limits_of(person: User, complaint: Complaint, kind: str, currency: str) -> list[AuthorityLimit]:
    """One limit for each group and currency, the most particular. No currency stands for all of them."""
    applicable = AuthorityLimit.objects.filter(
        Q(kind="") | Q(kind=kind),
        Q(category__isnull=True) | Q(category=complaint.category_id),
        group__user=person,
    )
    if currency:
        applicable = applicable.filter(currency=currency)
    found: dict[tuple[int, str], AuthorityLimit] = {}
    for limit in sorted(applicable, key=_particular):
        found[limit.group_id, limit.currency] = limit
    return list(found.values())


def _particular(limit: AuthorityLimit) -> tuple[bool, bool]:
    return (limit.category_id is not None, bool(limit.kind))


def _granted(limit: AuthorityLimit) -> QuerySet[OfferLine]:
    lines = OfferLine.objects.filter(
        offer__state__in=[state.value for state in GRANTED], amount_currency=limit.currency
    )
    return lines.filter(kind=limit.kind) if limit.kind else lines


def _granted_to_customer(limit: AuthorityLimit, complaint: Complaint, now: datetime) -> QuerySet[OfferLine]:
    since = now - timedelta(days=limit.window_days)
    whose = Q(offer__complaint=complaint)
    if complaint.customer_id is not None:
        whose |= Q(offer__complaint__customer=complaint.customer_id)
    return _granted(limit).filter(whose, offer__approved_at__gte=since)


def _sum(lines: QuerySet[OfferLine]) -> Decimal:
    total: Decimal | None = lines.aggregate(total=Sum("amount"))["total"]
    return total or ZERO
