"""Thanking the customer. The complaint is acknowledged when the thanks has left the house."""

from datetime import datetime

from django.db import transaction

from complaints.resolution.actions import clocks, steps
from complaints.resolution.actions.checking import checked
from complaints.resolution.actions.correspondence import keep_words, write_to_customer
from complaints.resolution.actors import Actor, name_of, staff_or_none
from complaints.resolution.exceptions import AlreadyDone, NotAcknowledged
from complaints.resolution.letters import Letter
from complaints.resolution.models import (
    Channel,
    Complaint,
    Direction,
    EntryKind,
    Message,
    MessageKind,
    Move,
    State,
)
from complaints.resolution.permission import WORK, require_permission


@transaction.atomic
def acknowledge(complaint: Complaint, *, by: Actor, now: datetime, spoken: str = "") -> Complaint:
    """Thank the customer, on the strength of a letter that has left or of words spoken and written down here.

    Either must have told the customer the timeline (A1, C3). Raises NotAcknowledged otherwise.
    """
    step = steps.begin(Move.ACKNOWLEDGE, complaint, by=by, now=now)
    if spoken.strip():
        keep_spoken_thanks(step.complaint, spoken, by=by, now=now)
    elif not _thanked_with_dates(step.complaint):
        raise NotAcknowledged
    return steps.finish(step, text=spoken)


def keep_spoken_thanks(complaint: Complaint, spoken: str, *, by: Actor, now: datetime) -> None:
    message = keep_words(
        complaint, body=spoken, channel=Channel.PHONE, kind=MessageKind.ACKNOWLEDGEMENT, now=now
    )
    message.direction = Direction.OUT
    message.author, message.author_name = staff_or_none(by), name_of(by)
    message.dates = timeline(complaint)
    message.save()


def _thanked_with_dates(complaint: Complaint) -> bool:
    thanks = complaint.messages.filter(
        kind=MessageKind.ACKNOWLEDGEMENT, direction=Direction.OUT, sent_at__isnull=False
    )
    return any(message.dates for message in thanks)


def timeline(complaint: Complaint) -> dict[str, str]:
    """The dates the customer is told: each running clock and its moment, ISO 8601."""
    return {deadline.clock: deadline.due_at.isoformat() for deadline in complaint.deadlines.running()}


@transaction.atomic
def acknowledge_by_letter(
    complaint: Complaint, *, letter: Letter, by: Actor, now: datetime, key: str
) -> Message:
    """Post the acknowledgement. The complaint is acknowledged when it has left the house, not before."""
    complaint = steps.lock(complaint)
    require_permission(by, WORK, complaint)
    message = write_to_customer(
        complaint,
        kind=MessageKind.ACKNOWLEDGEMENT,
        letter=letter,
        by=by,
        now=now,
        key=key,
        dates=timeline(complaint),
    )
    if message.findings:
        steps.record(
            complaint,
            EntryKind.MESSAGE_OUT,
            by=by,
            now=now,
            text=message.get_kind_display(),
            **checked(message),
        )
    clocks.follow(complaint)
    clocks.keep_next(complaint)
    return message


@transaction.atomic
def mark_posted(message: Message, *, by: Actor, now: datetime) -> Message:
    """Say that a letter on paper has left the house. A posted thanks acknowledges, as a sent one does."""
    message = Message.objects.select_for_update().select_related("complaint").get(pk=message.pk)
    require_permission(by, WORK, message.complaint)
    if not message.awaits_posting:
        raise AlreadyDone
    message.sent_at = now
    message.save(update_fields=["sent_at"])
    steps.record(message.complaint, EntryKind.MESSAGE_OUT, by=by, now=now, text="Posted", message=message.pk)
    if message.kind == MessageKind.ACKNOWLEDGEMENT and message.complaint.state == State.RECEIVED:
        acknowledge(message.complaint, by=by, now=now)
    return message
