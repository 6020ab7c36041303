"""From the first word to an open file."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from complaints.mailroom.models import IncomingMail
from complaints.policies import library
from complaints.resolution import timing
from complaints.resolution.actions import clocks, steps
from complaints.resolution.actions.correspondence import keep_words
from complaints.resolution.actions.numbering import next_reference
from complaints.resolution.actors import Actor, names_of
from complaints.resolution.exceptions import UnknownPerson
from complaints.resolution.happened import rules_of
from complaints.resolution.models import (
    Category,
    Channel,
    Complaint,
    Concern,
    Customer,
    Dispute,
    EntryKind,
    MessageKind,
    Point,
    Priority,
)


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


class Facts(TypedDict, total=False):
    """What may be known of a complaint on the first day, beyond what must be."""

    category: Category | None
    company: str
    desired_outcome: str
    restatement: str
    restatement_confirmed_at: datetime | None
    priority: Priority
    media_risk: bool
    dispute: Dispute
    dispute_reference: str
    statement_day: int | None
    external_at: datetime | None
    follows: Complaint | None


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
    points: Iterable[str] = (),
    about: Iterable[User] = (),
    mail: IncomingMail | None = None,
    **facts: Unpack[Facts],
) -> Complaint:
    """Open the file: the customer's words, the policy of the day, the running clocks."""
    pack = library.in_force(settings.FIRM_POLICY_PACK, timing.local_day(received_at))
    complaint = Complaint(
        reference=next_reference(received_at),
        title=title.strip()[:200],
        customer=customer,
        channel=channel,
        received_at=received_at,
        registered_at=now,
        state_since=now,
        pack_code=pack.code,
        pack_version=pack.version,
        link_key=secrets.token_urlsafe(16),
        **facts,
    )
    steps.save(complaint, by=by, now=now, reason="Opened")
    about = list(about)
    complaint.about.set(about)
    Point.objects.bulk_create(Point(complaint=complaint, text=text[:500]) for text in points)
    keep_words(
        complaint,
        body=words,
        channel=channel,
        kind=MessageKind.COMPLAINT,
        now=received_at,
        subject=title,
        received_as=mail,
    )
    clocks.start(complaint)
    known: dict[str, Any] = {"about": names_of(about)} if about else {}
    known |= {"rules": rules_of(complaint), "priority": complaint.priority}
    steps.record(complaint, EntryKind.OPENED, by=by, now=now, text=channel.label, **known)
    _note_risks(complaint, by=by, now=now)
    return complaint


def _note_risks(complaint: Complaint, *, by: Actor, now: datetime) -> None:
    if complaint.priority == Priority.SERIOUS:
        steps.record(complaint, EntryKind.CONCERN, concern=Concern.SERIOUS, by=by, now=now)
    if complaint.customer is not None and complaint.customer.vulnerable:
        steps.record(complaint, EntryKind.CONCERN, concern=Concern.VULNERABLE, by=by, now=now)
