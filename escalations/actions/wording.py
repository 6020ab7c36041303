"""What is said of a part of a deadline that is used up."""

from datetime import datetime

from complaints.resolution.models import Milestone
from escalations import clock
from escalations.actions.steps import spoken


def asked_because(milestone: Milestone) -> str:
    """“Resolve the complaint” was due 3 Mar 2026, 17:00."""
    deadline = milestone.deadline
    if milestone.is_breach:
        return f"“{deadline.label}” was due {spoken(milestone.at)}."
    return f"{milestone.part:.0%} of “{deadline.label}” is used up: it is due {spoken(deadline.due_at)}."


def told(milestone: Milestone, *, now: datetime) -> str:
    """The same; what was noticed late says so, with its true moment."""
    words = asked_because(milestone)
    if clock.if_late(milestone.at, now) is None:
        return words
    if milestone.is_breach:
        return f"{words} Noticed late, {spoken(now)}."
    return f"{words} The warning was due {spoken(milestone.at)} and noticed late, {spoken(now)}."
