"""How the complaint page says things: moments in the past, money, who spoke."""

from datetime import datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.formats import date_format

from complaints.resolution.models import OfferState

register = template.Library()

WEEK = 7
SIGNS = {"GBP": "£", "EUR": "€", "USD": "$"}
OFFER_COLOURS: dict[str, str] = {
    OfferState.REFERRED: "yellow",
    OfferState.APPROVED: "teal",
    OfferState.SENT: "purple",
    OfferState.ACCEPTED: "green",
    OfferState.FULFILLED: "green",
    OfferState.DECLINED: "red",
}


@register.simple_tag
def moment_words(moment: datetime, now: datetime) -> str:
    """`today 10:02`, `yesterday 18:40`, `Thu 11:20`, `3 Nov, 09:05`, `3 Nov 2024`."""
    here, today = timezone.localtime(moment), timezone.localtime(now).date()
    days, clock = (today - here.date()).days, date_format(here, "H:i")
    if days == 0:
        return f"today {clock}"
    if days == 1:
        return f"yesterday {clock}"
    if 0 < days < WEEK:
        return f"{date_format(here, 'D')} {clock}"
    return date_format(here, "j M, H:i" if here.year == today.year else "j M Y")


@register.filter
def cut_at_word(text: str, longest: int) -> str:
    """No longer than this, and no word cut in two unless it is as long as all that is shown."""
    if len(text) <= longest:
        return text
    cut = text[:longest]
    if not text[longest].isspace():
        cut = cut.rsplit(maxsplit=1)[0] if len(cut.split()) > 1 else cut
    return f"{cut.rstrip()} …"


@register.filter
def initials_of(name: str) -> str:
    """Of a name written out; the house itself has none."""
    words = [word for word in name.split() if word[0].isupper()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])) or "·"


@register.filter
def money(amount: Decimal, currency: str) -> str:
    """Whole pounds without pennies: £120, £99.50."""
    figure = f"{amount:,.2f}".removesuffix(".00")
    return f"{SIGNS.get(currency, currency + ' ')}{figure}"


@register.filter
def unlocalized(number: Decimal) -> str:
    """As machines read it, in attributes."""
    return f"{number:.2f}"


@register.filter
def offer_colour(state: str) -> str:
    return OFFER_COLOURS.get(state, "gray")
