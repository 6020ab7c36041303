from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import User
from django.db import transaction

from complaints.mailroom.models import IncomingMail
from complaints.resolution import letters
from complaints.resolution.actions import steps
from complaints.resolution.actions.checking import checked, kept, let_pass
from complaints.resolution.actions.documents import keep_document
from complaints.resolution.actions.mailing import addressee, put_in_the_post
from complaints.resolution.actions.promising import write_down_promises
from complaints.resolution.actions.saying import say_all
from complaints.resolution.actors import Actor, name_of, staff_or_none
from complaints.resolution.enclosing import sheet_of
from complaints.resolution.exceptions import (
    LetterNeeded,
    LetterUnfinished,
    ReasonNeeded,
)
from complaints.resolution.letters import Letter
from complaints.resolution.models import (
    Channel,
    Complaint,
    Concern,
    Customer,
    Direction,
    Entry,
    EntryKind,
    Message,
    MessageKind,
    Reading,
)
from complaints.resolution.permission import WORK, require_permission, require_sight


def write_to_customer(
    complaint: Complaint,
    *,
    kind: MessageKind,
    letter: Letter,
    by: Actor,
    now: datetime,
    key: str | None = None,
    dates: dict[str, Any] | None = None,
    rule: str = "",
) -> Message:
    """Put a letter into the file and into the post, in one transaction.

    A `key` already used returns the letter that used it: a second run writes nothing. By e-mail where the customer
    has an address and does not ask for paper, otherwise a letter waiting to be posted by hand.
    Raises LetterNeeded for an empty letter, LetterUnfinished for one with a gap in it, StatementMissing where the
    policy wants more said, HeldBack where the guard stops it, and NoAddress where we know no way to write. The
    customer's link is put into the mail alone, never into the file. `rule` names the policy's rule where it is not
    that of the kind.
    """
    if key and (written := Message.objects.filter(key=key).first()):
        return written
    customer = addressee(complaint)
    _require_finished(letter, customer)
    letter = say_all(rule or kind, letter, complaint, by)
    findings = let_pass(letter, complaint, kind=kind, by=by, now=now, rule=rule)
    message = Message(
        complaint=complaint,
        direction=Direction.OUT,
        kind=kind,
        channel=Channel.EMAIL if customer.writes_by_email else Channel.LETTER,
        subject=letter.subject,
        body=letter.body,
        template=letter.template,
        at=now,
        author=staff_or_none(by),
        author_name=name_of(by),
        automatic=staff_or_none(by) is None,
        key=key or f"letter:{uuid4()}",
        dates=dates or {},
        findings=kept(findings),
        despite=letter.despite.strip() if any(finding.blocks for finding in findings) else "",
    )
    _keep_and_post(message, customer, by=by, now=now)
    write_down_promises(message, letter=letter, findings=findings, now=now)
    return message


def _keep_and_post(message: Message, customer: Customer, *, by: Actor, now: datetime) -> None:
    """Where the letter brings its sheet along, the file keeps the very same one."""
    sheet = sheet_of(message)
    if customer.writes_by_email:
        message.mail = put_in_the_post(message, customer, sheet=sheet, now=now)
    message.save()
    if sheet:
        name, _, content = sheet
        keep_document(message.complaint, name=name, content=content, message=message, by=by, now=now)


def _require_finished(letter: Letter, customer: Customer) -> None:
    if not letter.body.strip():
        raise LetterNeeded
    if why := letters.why_unfinished(letter, customer):
        raise LetterUnfinished(why)


@transaction.atomic
def send_letter(
    complaint: Complaint,
    *,
    kind: MessageKind,
    letter: Letter,
    by: Actor,
    now: datetime,
    key: str | None = None,
    dates: dict[str, Any] | None = None,
) -> Message:
    """Write to the customer outside any move: an update, a reminder, an acknowledgement."""
    complaint = steps.lock(complaint)
    require_permission(by, WORK, complaint)
    if key and (written := Message.objects.filter(key=key).first()):
        return written
    message = write_to_customer(complaint, kind=kind, letter=letter, by=by, now=now, key=key, dates=dates)
    steps.reckon(complaint, EntryKind.MESSAGE_OUT, by=by, now=now, text=kind.label, **checked(message))
    return message


@transaction.atomic
def take_message(
    complaint: Complaint,
    *,
    body: str,
    channel: Channel,
    by: Actor,
    now: datetime,
    kind: MessageKind = MessageKind.REPLY,
) -> Message:
    """Keep what the customer told us, word for word. Changes no state."""
    complaint = steps.lock(complaint)
    require_permission(by, WORK, complaint)
    message = keep_words(complaint, body=body, channel=channel, kind=kind, now=now)
    steps.record(complaint, EntryKind.MESSAGE_IN, by=by, now=now, text=kind.label, message=message.pk)
    return message


def keep_words(
    complaint: Complaint,
    *,
    body: str,
    channel: Channel,
    kind: MessageKind,
    now: datetime,
    subject: str = "",
    whole: str = "",
    author: str = "",
    received_as: IncomingMail | None = None,
) -> Message:
    return Message.objects.create(
        complaint=complaint,
        direction=Direction.IN,
        kind=kind,
        channel=channel,
        subject=subject[:200],
        body=body,
        whole=whole,
        at=now,
        author_name=(author or str(complaint.customer or ""))[:200],
        received_as=received_as,
        sent_at=now,
    )


@transaction.atomic
def note(complaint: Complaint, *, text: str, by: Actor, now: datetime) -> Entry:
    """Write a note only staff see."""
    complaint = steps.lock(complaint)
    require_permission(by, WORK, complaint)
    if not text.strip():
        raise ReasonNeeded("Write the note.")
    return steps.record(complaint, EntryKind.NOTE, by=by, now=now, text=text)


@transaction.atomic
def raise_concern(
    complaint: Complaint, *, concern: Concern, by: Actor, now: datetime, text: str = ""
) -> Entry:
    """Say in the file what another part of the house must hear of. Changes no state."""
    complaint = steps.lock(complaint)
    require_sight(by, complaint)
    return steps.record(complaint, EntryKind.CONCERN, concern=concern, by=by, now=now, text=text)


@transaction.atomic
def record_escalation(complaint: Complaint, *, text: str, by: Actor, now: datetime, **facts: Any) -> Entry:
    """Write into the file what became of a question put before a supervisor."""
    complaint = steps.lock(complaint)
    require_sight(by, complaint)
    return steps.record(complaint, EntryKind.ESCALATION, by=by, now=now, text=text, **facts)


def log_reading(complaint: Complaint, *, by: User, now: datetime) -> Reading | None:
    """Note who opened a restricted complaint; of others nothing is noted."""
    if not complaint.restricted:
        return None
    return Reading.objects.create(complaint=complaint, reader=by, at=now)
