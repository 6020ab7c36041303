"""Taking a letter back before it has left, and writing it anew."""

from datetime import datetime

from django.db import transaction

from complaints.mailroom import actions as mailroom
from complaints.mailroom.exceptions import NotWaiting
from complaints.resolution.actions import steps
from complaints.resolution.actions.checking import checked
from complaints.resolution.actions.correspondence import write_to_customer
from complaints.resolution.actions.promising import forget_promises
from complaints.resolution.actors import Actor, name_of
from complaints.resolution.exceptions import AlreadyLeft, NotPossibleNow
from complaints.resolution.letters import Letter
from complaints.resolution.models import EntryKind, Message, MessageKind
from complaints.resolution.permission import WORK, require_permission

#: Sent for its own sake. Any other letter was part of a move, which stands; the customer must hear of it.
MAY_STAY_UNWRITTEN = (MessageKind.UPDATE,)


@transaction.atomic
def take_back(message: Message, *, by: Actor, now: datetime) -> Message:
    """Stop a letter by a colleague that has not left. What was decided with it stands. Raises AlreadyLeft."""
    complaint = steps.lock(message.complaint)
    require_permission(by, WORK, complaint)
    if message.mail is None or message.automatic:
        raise AlreadyLeft
    try:
        mailroom.take_back(message.mail, by=name_of(by), now=now)
    except NotWaiting:
        raise AlreadyLeft from None
    forget_promises(message, now=now)
    text = f"Taken back before it left: {message.get_kind_display()}"
    steps.reckon(complaint, EntryKind.MESSAGE_OUT, by=by, now=now, text=text, message=message.pk)
    return message


@transaction.atomic
def write_anew(message: Message, *, letter: Letter, by: Actor, now: datetime) -> Message:
    """Another letter in place of one that was taken back, as long as the complaint has not moved on.

    Once: a second call returns the letter the first one wrote.
    """
    complaint = steps.lock(message.complaint)
    require_permission(by, WORK, complaint)
    if written := written_in_place_of(message):
        return written
    if not was_taken_back(message):
        raise AlreadyLeft
    if complaint.entries.moves().filter(at__gt=message.at).exists():
        raise NotPossibleNow("The complaint has moved on. Write to the customer as it stands now.")
    anew = write_to_customer(
        complaint,
        kind=MessageKind(message.kind),
        letter=letter,
        by=by,
        now=now,
        key=f"anew:{message.pk}",
        dates=message.dates,
    )
    text = f"Written anew: {message.get_kind_display()}"
    steps.reckon(complaint, EntryKind.MESSAGE_OUT, by=by, now=now, text=text, **checked(anew))
    return anew


def was_taken_back(message: Message) -> bool:
    return message.mail is not None and message.mail.taken_back_at is not None


def written_in_place_of(message: Message) -> Message | None:
    return Message.objects.filter(key=f"anew:{message.pk}").first()
