"""What the groups behind the queues may grant. The same sums as for a person, taken from the same limits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.contrib.auth.models import Group
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


def groups_that_may_grant(offer: Offer, groups: Iterable[int], *, now: datetime) -> set[int]:
    """Of these groups, those whose authority holds the whole offer on top of what was granted before."""
    amounts = [
        Amount(line.kind, line.amount.currency.code, line.amount.amount)
        for line in offer.lines.all()
        if line.amount
    ]
    if not amounts:
        return set(groups)
    currency = amounts[0].currency
    limits = _limits(offer.complaint, currency, groups)
    before = _granted_before(offer.complaint, currency)
    return {
        group
        for group in groups
        if all(_may(limits, group, amount, amounts, before, offer.complaint, now) for amount in amounts)
    }


def highest(group: Group, currency: str) -> Decimal:
    """The most the group may grant on one complaint, whatever the kind and category: for headings."""
    limits = AuthorityLimit.objects.filter(group=group, currency=currency)
    return max((limit.per_complaint for limit in limits), default=ZERO)


def _limits(complaint: Complaint, currency: str, groups: Iterable[int]) -> list[AuthorityLimit]:
    applicable = AuthorityLimit.objects.filter(
        Q(category__isnull=True) | Q(category=complaint.category_id), group__in=groups, currency=currency
    )
    return sorted(applicable, key=lambda limit: (limit.category_id is not None, bool(limit.kind)))


def _may(
    limits: list[AuthorityLimit],
    group: int,
    amount: Amount,
    amounts: list[Amount],
    before: list[Granted],
    complaint: Complaint,
    now: datetime,
) -> bool:
    meant = [limit for limit in limits if limit.group_id == group and limit.kind in ("", amount.kind)]
    if not meant:
        return False
    limit = meant[-1]  # the most particular
    counted = sum((one.value for one in amounts if limit.kind in ("", one.kind)), ZERO)
    return bool(counted <= _room(limit, before, complaint, now).left)


def _room(limit: AuthorityLimit, before: list[Granted], complaint: Complaint, now: datetime) -> Room:
    since = now - timedelta(days=limit.window_days)
    counted = [one for one in before if limit.kind in ("", one.kind)]
    return Room(
        limit=limit,
        granted_on_complaint=sum((one.value for one in counted if one.complaint == complaint.pk), ZERO),
        granted_to_customer=sum((one.value for one in counted if one.approved_at >= since), ZERO),
    )


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
