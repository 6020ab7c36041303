"""A customer's mail comes into the file: an answer while we wait for one, a message otherwise, never a silent end."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime

from complaints.mailroom.models import IncomingMail
from complaints.resolution import links
from complaints.resolution.actions import steps
from complaints.resolution.actions.correspondence import keep_words
from complaints.resolution.actions.inquiry import settle_question
from complaints.resolution.actors import Actor, System
from complaints.resolution.exceptions import NotPossibleNow
from complaints.resolution.models import (
    Channel,
    Complaint,
    Concern,
    EntryKind,
    Message,
    MessageKind,
    Move,
    State,
)
from complaints.resolution.permission import WORK, require_permission

#: Nobody looks at these any more unless somebody is told to.
OVER = (State.CLOSED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A mail as the file keeps it: what is new in it, and the whole where that is more.

    `author` is named where it is not the customer who wrote.
    """

    mail: IncomingMail
    subject: str
    body: str
    whole: str = ""
    author: str = ""


@transaction.atomic
def take_mail(
    complaint: Complaint, *, written: Written, by: Actor, now: datetime, may_answer: bool = False
) -> Message:
    """Put a mail into the file, once: a second time gives the message that is there.

    With `may_answer`, while we wait for the customer, it is the answer to what was asked (`hear`). To a complaint
    that is over it is a concern, for nobody looks there any more. Changes no state otherwise.
    Raises NotPossibleNow where the complaint was merged meanwhile: the mail belongs to the one that carries it.
    """
    complaint = steps.lock(complaint)
    require_permission(by, WORK, complaint)
    if known := Message.objects.filter(received_as=written.mail).first():
        return known
    if may_answer and complaint.state == State.WAITING:
        return _hear(complaint, written, by=by, now=now)
    if complaint.state == State.MERGED:
        raise NotPossibleNow("The complaint has been merged into another. Put the mail into that one.")
    message = _keep(complaint, written, MessageKind.REPLY, now=now)
    label = MessageKind.REPLY.label
    steps.record(complaint, EntryKind.MESSAGE_IN, by=by, now=now, text=label, message=message.pk)
    if complaint.state in OVER or (complaint.state == State.ANSWERED and complaint.handler_id is None):
        _wrote_again(complaint, message, now=now)
    return message


def _hear(complaint: Complaint, written: Written, *, by: Actor, now: datetime) -> Message:
    """What was answered to which question only a reader can tell; that an answer is there, the clocks must know."""
    step = steps.begin(Move.HEAR, complaint, by=by, now=now)
    message = _keep(step.complaint, written, MessageKind.ANSWER, now=now)
    asked = list(step.complaint.questions.filter(settled_at__isnull=True))
    elsewhere = f"In the customer's e-mail of {date_format(localtime(now), 'j F Y')}."
    for question in asked:
        answer = links.without_keys(written.body.strip()) if len(asked) == 1 else ""
        settle_question(question, answer=answer or elsewhere, waived_because="", now=now)
    steps.finish(step, answered=len(asked), message=message.pk)
    return message


def _keep(complaint: Complaint, written: Written, kind: MessageKind, *, now: datetime) -> Message:
    return keep_words(
        complaint,
        body=written.body,
        whole=written.whole,
        subject=written.subject,
        author=written.author,
        received_as=written.mail,
        channel=Channel.EMAIL,
        kind=kind,
        now=now,
    )


def _wrote_again(complaint: Complaint, message: Message, *, now: datetime) -> None:
    steps.record(
        complaint,
        EntryKind.CONCERN,
        concern=Concern.WROTE_AGAIN,
        by=System.POST,
        now=now,
        text=f"The complaint is {complaint.get_state_display().lower()}, and the customer has written: "
        f"{' '.join(links.without_keys(message.body).split())[:300]}",
        message=message.pk,
    )
