"""What our letters promise: written down when they leave, kept or let go by a person, and said once when broken."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from complaints.policies.guard import Finding
from complaints.resolution.actions import steps
from complaints.resolution.actors import Actor, System
from complaints.resolution.exceptions import AlreadyDone, ReasonNeeded
from complaints.resolution.letters import Letter, Undertaking
from complaints.resolution.models import Complaint, Concern, EntryKind, Message, Promise
from complaints.resolution.permission import WORK, require_permission

TEXT = 300


def write_down_promises(
    message: Message, *, letter: Letter, findings: Iterable[Finding], now: datetime
) -> list[Promise]:
    """Those its writer confirmed, or, where nobody was asked, every one the letter makes. They are the handler's."""
    owner = message.complaint.handler or message.author
    if owner is None:
        return []
    given = letter.promises
    if given is None:
        given = tuple(Undertaking(one.quote, one.due) for one in findings if one.due is not None)
    return Promise.objects.bulk_create(
        Promise(
            complaint=message.complaint,
            message=message,
            text=one.text.strip()[:TEXT],
            due_at=one.due_at,
            owner=owner,
            made_at=now,
        )
        for one in given
        if one.text.strip()
    )


def forget_promises(message: Message, *, now: datetime) -> None:
    """A letter that never left promised nothing."""
    Promise.objects.open().filter(message=message).update(dropped_at=now)


@transaction.atomic
def keep_promise(promise: Promise, *, by: Actor, now: datetime, text: str = "") -> Promise:
    """Record that we did what we said. Once: whoever comes second is told so."""
    complaint, promise = _take(promise, by)
    promise.kept_at = now
    promise.save(update_fields=["kept_at"])
    said = f"Kept: {promise.text}" + (f" ({text.strip()})" if text.strip() else "")
    steps.record(complaint, EntryKind.PROMISE, by=by, now=now, text=said, promise=promise.pk)
    return promise


@transaction.atomic
def drop_promise(promise: Promise, *, reason: str, by: Actor, now: datetime) -> Promise:
    """Let a promise go that need not be kept any more, with a reason somebody can read later."""
    complaint, promise = _take(promise, by)
    if not reason.strip():
        raise ReasonNeeded("Say why this need not be done any more.")
    promise.dropped_at = now
    promise.save(update_fields=["dropped_at"])
    said = f"Let go: {promise.text} ({reason.strip()})"
    steps.record(complaint, EntryKind.PROMISE, by=by, now=now, text=said, promise=promise.pk)
    return promise


def _take(promise: Promise, by: Actor) -> tuple[Complaint, Promise]:
    complaint = steps.lock(promise.complaint)
    require_permission(by, WORK, complaint)
    promise = Promise.objects.get(pk=promise.pk)
    if not promise.is_open:
        raise AlreadyDone("This promise has been kept or let go already.")
    return complaint, promise


@transaction.atomic
def announce_broken(promise: Promise, *, now: datetime) -> bool:
    """Tell the house that a promise was not kept: once, however many look at the same time."""
    complaint = steps.lock(promise.complaint)
    heard = Promise.objects.broken_unheard(now).filter(pk=promise.pk).update(broken_at=now)
    if heard:
        steps.record(
            complaint,
            EntryKind.CONCERN,
            concern=Concern.BROKEN_PROMISE,
            by=System.CLOCK,
            now=now,
            text=promise.text,
            promise=promise.pk,
        )
    return bool(heard)
