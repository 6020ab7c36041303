"""Writing down complaints that were received and answered elsewhere, many at a time."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from simple_history.utils import bulk_create_with_history

from complaints.policies import library
from complaints.policies.schema import Pack
from complaints.resolution.actions.numbering import references_for
from complaints.resolution.actions.opening import first_words
from complaints.resolution.actors import Actor, name_of, staff_or_none
from complaints.resolution.models import (
    Category,
    Channel,
    Complaint,
    Customer,
    Entry,
    EntryKind,
    Message,
    State,
)


@dataclass(frozen=True, slots=True)
class PastComplaint:
    """What an export tells of one complaint. `customer` is None where it names nobody."""

    external_source: str
    external_id: str
    title: str
    words: str
    channel: Channel
    received_at: datetime
    closed: bool
    category: Category | None = None
    company: str = ""
    customer: Customer | None = None
    closed_at: datetime | None = None


@transaction.atomic
def record_history(batch: Sequence[PastComplaint], *, by: Actor, now: datetime) -> list[Complaint]:
    """Write a batch of past complaints into the register. Marked as imported: no clock runs, no letter goes.

    One whose source and id are already known is left as it is. Returns those that are new, in the batch's order.
    Nothing is announced: nobody acts on what is over.
    """
    fresh = _without_known(batch)
    rules = library.versions(settings.FIRM_POLICY_PACK)
    complaints = [
        _complaint(past, reference, rules, now)
        for past, reference in zip(fresh, references_for([past.received_at for past in fresh]), strict=True)
    ]
    bulk_create_with_history(
        complaints,
        Complaint,
        batch_size=1000,
        default_user=staff_or_none(by),
        default_change_reason="Imported",
        default_date=now,
    )
    Message.objects.bulk_create(
        first_words(complaint, past.words)
        for complaint, past in zip(complaints, fresh, strict=True)
        if past.words
    )
    actor, called = staff_or_none(by), name_of(by)
    Entry.objects.bulk_create(_entry(complaint, actor, called, now) for complaint in complaints)
    return complaints


def _without_known(batch: Sequence[PastComplaint]) -> list[PastComplaint]:
    """The batch without what the register has, and without repeats inside the batch itself."""
    by_key = {(past.external_source, past.external_id): past for past in reversed(batch)}
    ids = [past.external_id for past in batch]
    known = set(
        Complaint.objects.filter(
            external_source__in={past.external_source for past in batch}, external_id__in=ids
        ).values_list("external_source", "external_id")
    )
    return [past for key, past in reversed(by_key.items()) if key not in known]


def _complaint(past: PastComplaint, reference: str, rules: tuple[Pack, ...], now: datetime) -> Complaint:
    pack = library.newest(rules, settings.FIRM_POLICY_PACK, past.received_at.date())
    return Complaint(
        reference=reference,
        title=past.title[:200],
        customer=past.customer,
        channel=past.channel,
        received_at=past.received_at,
        # The reader's zone may be ahead of ours: nothing is registered before it was received.
        registered_at=max(now, past.received_at),
        state=State.CLOSED if past.closed else State.RECEIVED,
        state_since=past.closed_at or past.received_at,
        closed_at=past.closed_at,
        category_id=past.category.pk if past.category else None,
        company=past.company[:200],
        imported=True,
        external_source=past.external_source,
        external_id=past.external_id,
        pack_code=pack.code,
        pack_version=pack.version,
        link_key=secrets.token_urlsafe(16),
    )


def _entry(complaint: Complaint, actor: User | None, called: str, now: datetime) -> Entry:
    return Entry(
        complaint_id=complaint.pk,
        kind=EntryKind.IMPORTED,
        to_state=complaint.state,
        actor_id=actor.pk if actor else None,
        actor_name=called,
        at=now,
        text=f"From {complaint.external_source}, {complaint.external_id}",
    )
