"""From the first word to an open file; one is opened as a list of one."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from simple_history.utils import bulk_create_with_history

from complaints.mailroom.models import IncomingMail
from complaints.policies import library
from complaints.policies.schema import Pack
from complaints.resolution import timing
from complaints.resolution.actions import clocks, steps
from complaints.resolution.actions.numbering import references_for
from complaints.resolution.actors import Actor, names_of
from complaints.resolution.happened import rules_of
from complaints.resolution.models import (
    Category,
    Channel,
    Complaint,
    Concern,
    Customer,
    Direction,
    Dispute,
    Entry,
    EntryKind,
    Message,
    MessageKind,
    Point,
    Priority,
)

#: What a file says of these from the first day is what opened it said.
KNOWN_AT_FIRST = (
    "category",
    "company",
    "desired_outcome",
    "restatement",
    "restatement_confirmed_at",
    "priority",
    "media_risk",
    "dispute",
    "dispute_reference",
    "statement_day",
    "external_at",
    "follows",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What opens a file: who complains of what, in which words, and what else is known on the first day."""

    customer: Customer
    title: str
    words: str
    channel: Channel
    received_at: datetime
    by: Actor
    points: Sequence[str] = ()
    about: Sequence[User] = ()
    mail: IncomingMail | None = None
    category: Category | None = None
    company: str = ""
    desired_outcome: str = ""
    restatement: str = ""
    restatement_confirmed_at: datetime | None = None
    priority: Priority = Priority.NORMAL
    media_risk: bool = False
    dispute: Dispute = Dispute.NONE
    dispute_reference: str = ""
    statement_day: int | None = None
    external_at: datetime | None = None
    follows: Complaint | None = None


def open_complaint(opening: Opening, *, now: datetime) -> Complaint:
    """Open the file: the customer's words, the policy of the day, the running clocks."""
    return open_complaints([opening], now=now)[0]


@transaction.atomic
def open_complaints(openings: Sequence[Opening], *, now: datetime) -> list[Complaint]:
    """The same of many at once, in their order: all of them or, where one cannot be opened, none."""
    complaints = _complaints(openings, now=now)
    runs = [clocks.expect(complaint) for complaint in complaints]
    bulk_create_with_history(complaints, Complaint, batch_size=500)
    opened = list(zip(complaints, openings, strict=True))
    _write_what_was_said(opened)
    clocks.start(zip(complaints, runs, strict=True))
    steps.write_all([entry for one in opened for entry in _entries(*one, now=now)], now=now)
    return complaints


def _complaints(openings: Sequence[Opening], *, now: datetime) -> list[Complaint]:
    """Not yet written, each under the policy of its day."""
    rules = library.versions(settings.FIRM_POLICY_PACK)
    references = references_for([opening.received_at for opening in openings])
    return [
        _complaint(opening, reference, rules, now=now)
        for opening, reference in zip(openings, references, strict=True)
    ]


def _complaint(opening: Opening, reference: str, rules: tuple[Pack, ...], *, now: datetime) -> Complaint:
    pack = library.newest(rules, settings.FIRM_POLICY_PACK, timing.local_day(opening.received_at))
    complaint = Complaint(
        reference=reference,
        title=opening.title.strip()[:200],
        customer=opening.customer,
        channel=opening.channel,
        received_at=opening.received_at,
        registered_at=now,
        state_since=now,
        pack_code=pack.code,
        pack_version=pack.version,
        link_key=secrets.token_urlsafe(16),
        **{name: getattr(opening, name) for name in KNOWN_AT_FIRST},
    )
    return steps.signed(complaint, by=opening.by, now=now, reason="Opened")


def _write_what_was_said(opened: Iterable[tuple[Complaint, Opening]]) -> None:
    points, words = [], []
    for complaint, opening in opened:
        if opening.about:
            complaint.about.set(opening.about)
        points += [Point(complaint=complaint, text=text[:500]) for text in opening.points]
        words.append(first_words(complaint, opening.words, mail=opening.mail))
    Point.objects.bulk_create(points)
    Message.objects.bulk_create(words)


def first_words(complaint: Complaint, words: str, *, mail: IncomingMail | None = None) -> Message:
    """What the customer wrote or said when the complaint came. Not yet written."""
    return Message(
        complaint=complaint,
        direction=Direction.IN,
        kind=MessageKind.COMPLAINT,
        channel=complaint.channel,
        subject=complaint.title,
        body=words,
        at=complaint.received_at,
        sent_at=complaint.received_at,
        author_name=str(complaint.customer or ""),
        received_as=mail,
    )


def _entries(complaint: Complaint, opening: Opening, *, now: datetime) -> Iterator[Entry]:
    """That it came, and what somebody must hear of at once."""
    known: dict[str, Any] = {"about": names_of(opening.about)} if opening.about else {}
    known |= {"rules": rules_of(complaint), "priority": complaint.priority}
    entries = [Entry(kind=EntryKind.OPENED, text=opening.channel.label, facts=known)]
    if complaint.priority == Priority.SERIOUS:
        entries.append(Entry(kind=EntryKind.CONCERN, concern=Concern.SERIOUS))
    if opening.customer.vulnerable:
        entries.append(Entry(kind=EntryKind.CONCERN, concern=Concern.VULNERABLE))
    for entry in entries:
        yield steps.sign(entry, complaint, by=opening.by, now=now)
