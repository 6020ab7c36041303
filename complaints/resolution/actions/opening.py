"""From the first word to the first look: open, acknowledge, assign, take in hand."""

import secrets
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from complaints.mailroom.signals import Outcome
from complaints.policies import packs
from complaints.resolution.actions import clocks, steps
from complaints.resolution.actions.correspondence import (
    keep_words,
    letter_failed,
    letter_left,
    write_to_customer,
)
from complaints.resolution.actions.numbering import next_reference
from complaints.resolution.actors import Actor, System, staff_or_none
from complaints.resolution.exceptions import (
    NobodyHolds,
    NotAcknowledged,
    NotPermitted,
    OwnMatter,
    ReasonNeeded,
    UnknownPerson,
)
from complaints.resolution.letters import Letter
from complaints.resolution.models import (
    Category,
    Channel,
    Complaint,
    Concern,
    Customer,
    Direction,
    EntryKind,
    Message,
    MessageKind,
    Move,
    Point,
    Priority,
    State,
)
from complaints.resolution.permission import ASSIGN, SUPERVISE, WORK, require_permission


@transaction.atomic
def find_or_make_customer(
    *, name: str, now: datetime, email: str = "", phone: str = "", **details: Any
) -> Customer:
    """The one customer of this e-mail address, or a new one. Safe when two forms arrive at once.

    What is already known of a customer is never overwritten by what a form says.
    Raises UnknownPerson without a name.
    """
    if not name.strip():
        raise UnknownPerson
    email = email.strip().lower()
    if email and (known := Customer.objects.filter(email=email).first()):
        return known
    customer = Customer(name=name.strip(), email=email, phone=phone.strip(), created_at=now, **details)
    customer._history_date = now
    try:
        with transaction.atomic():
            customer.save()
    except IntegrityError:
        return Customer.objects.get(email=email)
    return customer


@transaction.atomic
def open_complaint(
    *,
    customer: Customer,
    title: str,
    words: str,
    channel: Channel,
    received_at: datetime,
    by: Actor,
    now: datetime,
    category: Category | None = None,
    company: str = "",
    desired_outcome: str = "",
    restatement: str = "",
    restatement_confirmed: bool = False,
    points: Iterable[str] = (),
    priority: Priority = Priority.NORMAL,
    media_risk: bool = False,
    about: Iterable[User] = (),
    follows: Complaint | None = None,
) -> Complaint:
    """Open the file: the customer's words, the policy of the day, the running clocks."""
    pack = packs.in_force(settings.FIRM_POLICY_PACK, _local_day(received_at))
    complaint = Complaint(
        reference=next_reference(received_at),
        title=title.strip()[:200],
        customer=customer,
        channel=channel,
        received_at=received_at,
        registered_at=now,
        state_since=now,
        category=category,
        company=company,
        desired_outcome=desired_outcome,
        restatement=restatement,
        restatement_confirmed_at=now if restatement and restatement_confirmed else None,
        priority=priority,
        media_risk=media_risk,
        follows=follows,
        pack_code=pack.code,
        pack_version=pack.version,
        link_key=secrets.token_urlsafe(16),
    )
    steps.save(complaint, by=by, now=now, reason="Opened")
    complaint.about.set(about)
    Point.objects.bulk_create(Point(complaint=complaint, text=text[:500]) for text in points)
    keep_words(
        complaint, body=words, channel=channel, kind=MessageKind.COMPLAINT, now=received_at, subject=title
    )
    clocks.start(complaint)
    Complaint.objects.filter(pk=complaint.pk).update(
        next_due_at=complaint.next_due_at, next_due_label=complaint.next_due_label
    )
    steps.record(complaint, EntryKind.OPENED, by=by, now=now, text=channel.label)
    _note_risks(complaint, by=by, now=now)
    return complaint


def _local_day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def _note_risks(complaint: Complaint, *, by: Actor, now: datetime) -> None:
    if complaint.priority == Priority.SERIOUS:
        steps.record(complaint, EntryKind.CONCERN, concern=Concern.SERIOUS, by=by, now=now)
    if complaint.customer is not None and complaint.customer.vulnerable:
        steps.record(complaint, EntryKind.CONCERN, concern=Concern.VULNERABLE, by=by, now=now)


@transaction.atomic
def acknowledge(complaint: Complaint, *, by: Actor, now: datetime, spoken: str = "") -> Complaint:
    """Thank the customer, on the strength of a letter that has left or of words spoken and written down here.

    Either must have told the customer the timeline (A1, C3). Raises NotAcknowledged otherwise.
    """
    step = steps.begin(Move.ACKNOWLEDGE, complaint, by=by, now=now)
    if spoken.strip():
        _keep_spoken_thanks(step.complaint, spoken, by=by, now=now)
    elif not _thanked_with_dates(step.complaint):
        raise NotAcknowledged
    return steps.finish(step, text=spoken)


def _keep_spoken_thanks(complaint: Complaint, spoken: str, *, by: Actor, now: datetime) -> None:
    message = keep_words(
        complaint, body=spoken, channel=Channel.PHONE, kind=MessageKind.ACKNOWLEDGEMENT, now=now
    )
    message.direction = Direction.OUT
    message.author = staff_or_none(by)
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
    return write_to_customer(
        complaint,
        kind=MessageKind.ACKNOWLEDGEMENT,
        letter=letter,
        by=by,
        now=now,
        key=key,
        dates=timeline(complaint),
    )


@transaction.atomic
def letter_ended(message: Message, *, outcome: Outcome, now: datetime) -> None:
    """What the mailroom says of a letter is written into the file; a thanks that has left acknowledges.

    The mailroom may say it twice: the second time changes nothing.
    """
    if outcome is Outcome.SENT:
        letter_left(message, now=now)
        complaint = message.complaint
        if message.kind == MessageKind.ACKNOWLEDGEMENT and complaint.state == State.RECEIVED:
            acknowledge(complaint, by=System.POST, now=now)
    elif outcome is not Outcome.CANCELLED:
        letter_failed(message, now=now, reason=f"{message.get_kind_display()}: {FATES[outcome]}")


FATES = {
    Outcome.FAILED: "could not be delivered",
    Outcome.BOUNCED: "came back undelivered",
    Outcome.AMBIGUOUS: "may or may not have arrived; somebody must decide whether to send it again",
}


@transaction.atomic
def assign(complaint: Complaint, *, to: User, by: Actor, now: datetime) -> Complaint:
    """Give the complaint to a handler. Anybody who works complaints may take an unassigned one for themselves."""
    complaint = steps.lock(complaint)
    taking = to == by and complaint.handler_id is None
    require_permission(by, WORK if taking else ASSIGN, complaint)
    _give(complaint, to)
    steps.save(complaint, by=by, now=now, reason="Assigned")
    steps.record(
        complaint, EntryKind.ASSIGNMENT, by=by, now=now, text=to.get_full_name() or to.get_username()
    )
    return complaint


def _give(complaint: Complaint, to: User) -> None:
    if complaint.about.filter(pk=to.pk).exists():
        raise OwnMatter
    if not to.is_active or not to.has_perm(WORK):
        raise NotPermitted(f"{to} does not work complaints.")
    complaint.handler = to


@transaction.atomic
def investigate(complaint: Complaint, *, by: Actor, now: datetime) -> Complaint:
    """Take the complaint in hand. An unassigned one becomes the investigator's own."""
    step = steps.begin(Move.INVESTIGATE, complaint, by=by, now=now)
    person = step.complaint.handler or staff_or_none(by)
    if person is None:
        raise NobodyHolds
    _give(step.complaint, person)
    return steps.finish(step)


@transaction.atomic
def take_next(*, by: User, now: datetime) -> Complaint | None:
    """Take the most urgent unassigned complaint. Handlers who press at once each get a different one."""
    unassigned = Complaint.objects.visible_to(by).unassigned().by_urgency()
    for pk in unassigned.values_list("pk", flat=True)[:20]:
        free = Complaint.objects.select_for_update(skip_locked=True, of=("self",)).filter(
            pk=pk, handler__isnull=True
        )
        if complaint := free.first():
            return assign(complaint, to=by, by=by, now=now)
    return None


@transaction.atomic
def restrict(
    complaint: Complaint, *, confidants: Iterable[User], reason: str, by: Actor, now: datetime
) -> Complaint:
    """Hide the complaint from everybody but its handler and the people named. The restricting person stays in."""
    complaint = steps.lock(complaint)
    require_permission(by, SUPERVISE, complaint)
    if not reason.strip():
        raise ReasonNeeded
    person = staff_or_none(by)
    complaint.restricted = True
    complaint.confidants.set({*confidants, *([person] if person else [])})
    steps.save(complaint, by=by, now=now, reason="Restricted")
    steps.record(complaint, EntryKind.RESTRICTION, by=by, now=now, text=reason)
    return complaint


@transaction.atomic
def add_point(complaint: Complaint, *, text: str, by: Actor, now: datetime) -> Point:
    complaint = steps.lock(complaint)
    require_permission(by, WORK, complaint)
    if not text.strip():
        raise ReasonNeeded("Write what is complained of.")
    point = Point.objects.create(complaint=complaint, text=text.strip()[:500])
    steps.record(complaint, EntryKind.POINT, by=by, now=now, text=point.text)
    return point


@transaction.atomic
def correct(
    complaint: Complaint, *, by: Actor, now: datetime, reason: str = "", **changes: object
) -> Complaint:
    """Change facts staff may correct (see CORRECTABLE); what was before stays in the history."""
    complaint = steps.lock(complaint)
    require_permission(by, WORK, complaint)
    was_serious = complaint.priority == Priority.SERIOUS
    for field in CORRECTABLE & changes.keys():
        setattr(complaint, field, changes[field])
    steps.save(complaint, by=by, now=now, reason=reason or "Corrected")
    steps.record(complaint, EntryKind.CORRECTION, by=by, now=now, text=reason, fields=sorted(changes))
    if complaint.priority == Priority.SERIOUS and not was_serious:
        steps.record(complaint, EntryKind.CONCERN, concern=Concern.SERIOUS, by=by, now=now, text=reason)
    return complaint


CORRECTABLE = frozenset(
    {
        "title",
        "category",
        "company",
        "priority",
        "media_risk",
        "desired_outcome",
        "restatement",
        "problem",
        "cause",
        "solution",
    }
)
