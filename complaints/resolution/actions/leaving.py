"""What the post says of our letters is written into the file. It may say it twice: the second time changes nothing."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from complaints.mailroom.signals import Outcome
from complaints.resolution.actions import clocks, steps
from complaints.resolution.actions.acknowledging import acknowledge
from complaints.resolution.actors import System
from complaints.resolution.models import Concern, Entry, EntryKind, Message, MessageKind, State

FATES = {
    Outcome.FAILED: "could not be delivered",
    Outcome.BOUNCED: "came back undelivered",
    Outcome.AMBIGUOUS: "may or may not have arrived; somebody must decide whether to send it again",
}


@transaction.atomic
def letters_ended(messages: Sequence[Message], *, outcome: Outcome, now: datetime) -> None:
    """A thanks that has left acknowledges; a letter that will not arrive is somebody's to see to.

    One that failed or came back has not ended our silence; sent once more, it has. Their complaints are held first, in
    one order, so that whoever else holds many of them and we never wait for each other.
    """
    steps.lock_all(message.complaint_id for message in messages)
    if outcome is Outcome.SENT:
        _letters_left(messages, now=now)
        for message in _undelivered(messages):
            clocks.recompute(message.complaint)
    elif outcome is not Outcome.CANCELLED:
        for message in messages:
            letter_failed(message, now=now, reason=f"{message.get_kind_display()}: {FATES[outcome]}")
            clocks.recompute(message.complaint)


def letter_ended(message: Message, *, outcome: Outcome, now: datetime) -> None:
    letters_ended([message], outcome=outcome, now=now)


def _letters_left(messages: Sequence[Message], *, now: datetime) -> None:
    """Two statements and an announcement each, however many there are: a mailing is thousands."""
    keys = [message.pk for message in messages]
    unheard = Message.objects.filter(pk__in=keys, sent_at=None).select_for_update(of=("self",)).order_by("pk")
    left = list(unheard.select_related("complaint__customer"))
    Message.objects.filter(pk__in=[message.pk for message in left]).update(sent_at=now)
    entries = ((message.complaint, _delivered(message)) for message in left)
    steps.record_all(entries, by=System.POST, now=now)
    for message in left:
        if message.kind == MessageKind.ACKNOWLEDGEMENT and message.complaint.state == State.RECEIVED:
            acknowledge(message.complaint, by=System.POST, now=now)


def _delivered(message: Message) -> Entry:
    return Entry(kind=EntryKind.MESSAGE_OUT, text="Delivered", facts={"message": message.pk})


@transaction.atomic
def letter_failed(message: Message, *, now: datetime, reason: str) -> Entry | None:
    """The letter could not be delivered. Said once in the file, for somebody to use another channel."""
    if _undelivered([message]):
        return None
    complaint = steps.lock(message.complaint)
    return steps.record(
        complaint,
        EntryKind.CONCERN,
        concern=Concern.UNDELIVERED,
        by=System.POST,
        now=now,
        text=reason,
        message=message.pk,
    )


def _undelivered(messages: Sequence[Message]) -> list[Message]:
    """Those that were, once, whatever became of them since."""
    said = Entry.objects.filter(
        complaint__in=[message.complaint_id for message in messages], concern=Concern.UNDELIVERED
    )
    lost = {facts["message"] for facts in said.values_list("facts", flat=True)}
    return [message for message in messages if message.pk in lost]
