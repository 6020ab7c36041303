"""How the desk says things: when something is due, who somebody is, what colour a state has."""

from datetime import datetime
from typing import Any

from django import template
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.formats import date_format

from complaints.desk.badges import shown
from complaints.desk.roles import role_of
from complaints.resolution.models import Complaint, Priority, State

register = template.Library()

STATE_COLOURS: dict[str, str] = {
    State.RECEIVED: "gray",
    State.ACKNOWLEDGED: "teal",
    State.INVESTIGATING: "blue",
    State.WAITING: "gray",
    State.REFERRED: "yellow",
    State.APPROVED: "teal",
    State.OFFERED: "purple",
    State.FULFILLING: "green",
    State.ANSWERED: "green",
    State.CLOSED: "gray",
    State.WITHDRAWN: "gray",
    State.MERGED: "gray",
}
WEEK = 7


@register.filter
def state_colour(state: str) -> str:
    return STATE_COLOURS.get(state, "gray")


@register.filter
def initials(person: User | None) -> str:
    if person is None:
        return ""
    names = person.get_full_name() or person.get_username()
    return "".join(word[0] for word in names.split()[:2]).upper()


@register.filter
def role(person: Any) -> str:
    return role_of(person) if isinstance(person, User) else ""


@register.filter
def bounded(number: int) -> str:
    return shown(number)


@register.simple_tag
def due_words(moment: datetime, now: datetime) -> str:
    """`today 12:30`, `tomorrow 17:00`, `Thu 17:00`, `14 Nov`; and for what is late, how late."""
    here, today = timezone.localtime(moment), timezone.localtime(now).date()
    days, clock = (here.date() - today).days, date_format(here, "H:i")
    if days == 0:
        return f"today {clock}"
    if days < 0:
        return f"{-days} day{'' if days == -1 else 's'} late"
    if days == 1:
        return f"tomorrow {clock}"
    if days < WEEK:
        return f"{date_format(here, 'D')} {clock}"
    return date_format(here, "j M" if here.year == today.year else "j M Y")


@register.simple_tag
def due_left(moment: datetime, now: datetime) -> str:
    """The same beside the date itself, where to say it once more would say nothing: `in 15 days`."""
    days = (timezone.localtime(moment).date() - timezone.localtime(now).date()).days
    return f"in {days} days" if days > 1 else due_words(moment, now)


@register.simple_tag
def due_tone(moment: datetime, now: datetime) -> str:
    if moment < now:
        return "late"
    return "soon" if timezone.localtime(moment).date() == timezone.localtime(now).date() else "later"


@register.filter
def flags(complaint: Complaint) -> list[dict[str, str]]:
    """What should make the reader look twice, most serious first; plain words where there is nothing."""
    found = []
    if complaint.priority != Priority.NORMAL:
        colour = "red" if complaint.priority == Priority.SERIOUS else "yellow"
        found.append(_flag(complaint.get_priority_display(), colour))
    if complaint.customer is not None and complaint.customer.vulnerable:
        found.append(_flag("Vulnerable", "purple"))
    if complaint.media_risk:
        found.append(_flag("Media", "yellow"))
    if getattr(complaint, "warned", False):
        found.append(_flag("Time nearly up", "yellow"))
    return found or [_flag("Normal", "gray")]


def _flag(words: str, colour: str) -> dict[str, str]:
    return {"words": words, "colour": colour}


@register.simple_tag(takes_context=True)
def address_with(context: dict[str, Any], **changes: Any) -> str:
    """This page's query string with these parameters in place of its own; an empty value drops one."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in ("", None):
            query[name] = str(value)
    return f"?{query.urlencode()}"
