"""How long a letter lies before it leaves: a moment for second thoughts, and longer where it sounds heated (B5)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings

from complaints.policies.guard import Family
from complaints.resolution.models import Message

HEATED = (Family.BLAME, Family.SARCASM, Family.SHOUTING)


def is_heated(rules: Iterable[str]) -> bool:
    """By the rules of the guard that a letter breaks; the first word of a rule is its family."""
    return any(rule.partition(".")[0] in HEATED for rule in rules)


def cools_off(message: Message) -> bool:
    return not message.automatic and is_heated(one["rule"] for one in message.findings)


def leaves_at(message: Message, *, now: datetime) -> datetime:
    """What goes by itself goes at once. No letter cools off beyond a date that it may be there to keep."""
    if message.automatic:
        return now
    soon = now + timedelta(seconds=settings.MAIL_UNDO_SECONDS)
    if not cools_off(message):
        return soon
    cool, due_at = now + timedelta(minutes=settings.MAIL_COOLING_MINUTES), message.complaint.next_due_at
    return max(soon, min(cool, due_at) if due_at and due_at > now else cool)


def in_words() -> str:
    minutes = settings.MAIL_COOLING_MINUTES
    return f"{minutes} minute{'' if minutes == 1 else 's'}" if minutes else ""
