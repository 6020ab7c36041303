"""How the supervisors' pages say things: how long ago, and how grave a reason is."""

from datetime import datetime
from decimal import Decimal

from django import template

from complaints.resolution.models import Offer
from escalations.models import Reason

register = template.Library()

REASON_COLOURS: dict[str, str] = {
    Reason.OVER_LIMIT: "yellow",
    Reason.OVERDUE: "red",
    Reason.ABOUT_TO_BE_OVERDUE: "yellow",
    Reason.SERIOUS: "red",
    Reason.VULNERABLE: "purple",
    Reason.UNHAPPY: "red",
    Reason.ASKED_FOR_MANAGER: "blue",
    Reason.RAISED: "blue",
    Reason.ABUSE: "red",
    Reason.MEDIA: "yellow",
    Reason.EARLY_WARNING: "yellow",
}
FEW_DAYS = 3


@register.filter
def reason_colour(reason: str) -> str:
    return REASON_COLOURS.get(reason, "gray")


@register.filter
def age(since: datetime, now: datetime) -> str:
    """`5 days`, `1 day 4 h`, `2 h`, `12 min`, `under a minute`: hours beside days only while the days are few."""
    minutes = max(int((now - since).total_seconds()) // 60, 0)
    days, hours = divmod(minutes // 60, 24)
    if days:
        beside = f" {hours} h" if hours and days < FEW_DAYS else ""
        return f"{days} day{'s' if days > 1 else ''}{beside}"
    if hours:
        return f"{hours} h"
    return f"{minutes} min" if minutes else "under a minute"


@register.filter
def total_of(offer: Offer) -> Decimal:
    """Of the lines already read with it."""
    return sum((line.amount.amount for line in offer.lines.all() if line.amount), Decimal(0))


@register.filter
def currency_of(offer: Offer) -> str:
    return next((line.amount.currency.code for line in offer.lines.all() if line.amount), "")
