"""What the groups behind the queues may grant on one complaint: the file's own sums, read once for all groups.

`complaints.resolution.authority` asks for one person and one kind of remedy at a time and has the last word; this
answers for whole ladders, and must agree with it.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import Q

from complaints.resolution.authority import ZERO, Amount, Room
from complaints.resolution.models import GRANTED, AuthorityLimit, Complaint, Offer, OfferLine


@dataclass(frozen=True, slots=True)
class Granted:
    """One line already granted to this customer, or on this complaint."""

    kind: str
    value: Decimal
    complaint: int
    approved_at: datetime


@dataclass(frozen=True, slots=True)
class Ceilings:
    complaint: Complaint
    limits: list[AuthorityLimit]
    before: list[Granted]
    now: datetime

    def hold(self, groups: Iterable[int], amounts: Collection[Amount]) -> bool:
        """May somebody in all of these groups grant all of this together, on top of what was granted before?"""
        groups = set(groups)
        return all(
            any(_holds(room, amounts) for room in self.rooms(groups, amount.kind)) for amount in amounts
        )

    def rooms(self, groups: Iterable[int], kind: str) -> list[Room]:
        """What is left under each limit that applies to the kind; one limit a group, the most particular."""
        by_group = {
            limit.group_id: limit
            for limit in sorted(self.limits, key=_particular)
            if limit.kind in ("", kind)
        }
        return [self._room(by_group[group]) for group in set(groups) & by_group.keys()]

    def _room(self, limit: AuthorityLimit) -> Room:
        since = self.now - timedelta(days=limit.window_days)
        counted = [one for one in self.before if limit.kind in ("", one.kind)]
        on_complaint = (one.value for one in counted if one.complaint == self.complaint.pk)
        to_customer = (one.value for one in counted if one.approved_at >= since)
        return Room(limit, sum(on_complaint, ZERO), sum(to_customer, ZERO))


def ceilings_on(complaint: Complaint, groups: Iterable[int], currency: str, *, now: datetime) -> Ceilings:
    limits = AuthorityLimit.objects.filter(
        Q(category__isnull=True) | Q(category=complaint.category_id), group__in=groups, currency=currency
    )
    return Ceilings(complaint, list(limits), _granted_before(complaint, currency), now)


def groups_that_may_grant(offer: Offer, groups: Iterable[int], *, now: datetime) -> set[int]:
    """Of these groups, those whose authority holds the whole offer."""
    amounts = amounts_in(offer)
    if not amounts:
        return set(groups)
    ceilings = ceilings_on(offer.complaint, groups, amounts[0].currency, now=now)
    return {group for group in groups if ceilings.hold([group], amounts)}


def may_grant_together(offer: Offer, groups: Iterable[int], *, now: datetime) -> bool:
    """Does the authority of somebody in all of these groups hold the whole offer?"""
    amounts, groups = amounts_in(offer), set(groups)
    if not amounts:
        return True
    ceilings = ceilings_on(offer.complaint, groups, amounts[0].currency, now=now)
    return ceilings.hold(groups, amounts)


def amounts_in(offer: Offer) -> list[Amount]:
    return [
        Amount(line.kind, line.amount.currency.code, line.amount.amount)
        for line in offer.lines.all()
        if line.amount
    ]


def _holds(room: Room, amounts: Iterable[Amount]) -> bool:
    counted = sum((one.value for one in amounts if room.limit.kind in ("", one.kind)), ZERO)
    return counted <= room.left


def _particular(limit: AuthorityLimit) -> tuple[bool, bool]:
    return (limit.category_id is not None, bool(limit.kind))


def _granted_before(complaint: Complaint, currency: str) -> list[Granted]:
    whose = Q(offer__complaint=complaint)
    if complaint.customer_id is not None:
        whose |= Q(offer__complaint__customer=complaint.customer_id)
    lines = OfferLine.objects.filter(
        whose, offer__state__in=[state.value for state in GRANTED], amount_currency=currency
    )
    rows = lines.values_list("kind", "amount", "offer__complaint", "offer__approved_at")
    return [
        Granted(kind, value, complaint_id, approved_at)
        for kind, value, complaint_id, approved_at in rows
        if value is not None and approved_at is not None
    ]
