"""The next stage of a complaint, and the way out of the house."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from complaints.resolution import stages
from complaints.resolution.actions import steps
from complaints.resolution.actions.acknowledging import keep_spoken_thanks, timeline
from complaints.resolution.actions.checking import checked
from complaints.resolution.actions.correspondence import keep_words, write_to_customer
from complaints.resolution.actions.holding import give
from complaints.resolution.actors import Actor
from complaints.resolution.exceptions import (
    AlreadyDone,
    NoNextStage,
    NotAcknowledged,
    ReasonNeeded,
    TooLateToReopen,
)
from complaints.resolution.letters import Letter
from complaints.resolution.models import Channel, Complaint, Entry, EntryKind, MessageKind, Move
from complaints.resolution.permission import WORK, require_permission


@transaction.atomic
def request_stage(
    complaint: Complaint, *, words: str, by: Actor, now: datetime, to: User | None = None
) -> Complaint:
    """The customer asks for the next stage, in their own words. Somebody else decides it, where the rule says so."""
    step = steps.begin(Move.REOPEN, complaint, by=by, now=now)
    complaint = step.complaint
    stage = stages.next_stage(complaint)
    if stage is None:
        raise NoNextStage
    if not words.strip():
        raise ReasonNeeded("Write down what the customer said.")
    until = stages.may_be_asked_until(complaint, stage)
    if until is not None and now > until:
        raise TooLateToReopen(f"“{stage.label}” could be asked for until {until:%d %b %Y}.")
    keep_words(complaint, body=words, channel=Channel.OTHER, kind=MessageKind.REPLY, now=now)
    complaint.stage, complaint.followed_up_at, complaint.outcome = stage.code, None, ""
    if to is not None:
        give(complaint, to)
    elif complaint.handler_id in stages.barred(complaint):
        complaint.handler = None
    return steps.finish(step, text=words, stage=stage.code)


@transaction.atomic
def acknowledge_stage(
    complaint: Complaint, *, by: Actor, now: datetime, letter: Letter | None = None, spoken: str = ""
) -> Entry:
    """Tell the customer that the next stage has begun: by letter, or in words written down here."""
    complaint = steps.lock_open(complaint)
    require_permission(by, WORK, complaint)
    if not complaint.stage or _is_acknowledged(complaint):
        raise AlreadyDone
    said: dict[str, Any] = {}
    if letter is not None:
        kind, dates = MessageKind.ACKNOWLEDGEMENT, timeline(complaint)
        said = checked(write_to_customer(complaint, kind=kind, letter=letter, by=by, now=now, dates=dates))
    elif spoken.strip():
        keep_spoken_thanks(complaint, spoken, by=by, now=now)
    else:
        raise NotAcknowledged
    return steps.reckon(complaint, EntryKind.STAGE, by=by, now=now, text=spoken, **said)


def _is_acknowledged(complaint: Complaint) -> bool:
    """Since it was last taken up."""
    asked = complaint.entries.filter(move=Move.REOPEN).latest("at", "pk")
    return complaint.entries.filter(kind=EntryKind.STAGE, at__gte=asked.at, pk__gt=asked.pk).exists()


@transaction.atomic
def record_referral(complaint: Complaint, *, to: str, reference: str, by: Actor, now: datetime) -> Complaint:
    """The customer has taken the matter to an ombudsman or a scheme. In the house nothing moves."""
    complaint = steps.lock(complaint)
    require_permission(by, WORK, complaint)
    if not to.strip():
        raise ReasonNeeded("Write down to whom it was taken.")
    complaint.dispute_reference = reference.strip()[:80] or complaint.dispute_reference
    said = ", ".join(filter(None, (to.strip(), reference.strip())))
    steps.reckon(complaint, EntryKind.REFERRAL, by=by, now=now, text=said)
    return complaint
