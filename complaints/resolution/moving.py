"""May this date be moved, and how? Most dates of the law cannot; some can, by a letter the rule names."""

from enum import StrEnum

from complaints.policies.schema import Clock, ClockEvent, Pack
from complaints.resolution.happened import TELL
from complaints.resolution.models import Deadline, DeadlineKind, MessageKind


class Way(StrEnum):
    OURS = "ours"  # our own date: with a reason; the customer ought to be told
    EXTENSION = "extension"  # the rule gives more time, once, to those who say so before it is up
    DELAY_NOTICE = (
        "delay_notice"  # the rule is kept by saying why not yet, until when, and where else one may go
    )


def way_of(deadline: Deadline, pack: Pack) -> Way | None:
    """None: nobody can move it."""
    if deadline.kind == DeadlineKind.PROMISE:
        return None if deadline.clock == TELL else Way.OURS
    if deadline.kind not in (DeadlineKind.STATUTORY, DeadlineKind.SERVICE):
        return None
    return _way_of_rule(pack.clock(deadline.clock), deadline)


def _way_of_rule(rule: Clock, deadline: Deadline) -> Way | None:
    if rule.extension is not None:
        return None if deadline.was_moved else Way.EXTENSION
    if ClockEvent.DELAY_NOTICE in rule.stops_on:
        return Way.DELAY_NOTICE
    # Silence is ended by speaking, not by moving its date.
    return Way.OURS if deadline.kind == DeadlineKind.SERVICE and not rule.resets_on else None


def letter_for(way: Way, deadline: Deadline, pack: Pack) -> MessageKind:
    """The kind of letter that tells the customer of it."""
    if way is Way.OURS:
        return MessageKind.UPDATE
    extension = pack.clock(deadline.clock).extension
    return MessageKind(extension.notice.value) if extension else MessageKind.DELAY_NOTICE
