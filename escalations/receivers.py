"""What the file announces, and what a supervisor hears of it. A table, no rules: the verbs decide."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from complaints.resolution.actors import Actor, System
from complaints.resolution.models import Complaint, Entry, EntryKind, Move, Offer, OfferState
from complaints.resolution.signals import moved
from escalations import actions
from escalations.models import Decision, Queue, Reason

logger = logging.getLogger(__name__)
#: What this desk wrote itself.
OUR_OWN = (EntryKind.ESCALATION, EntryKind.WARNING)
#: From how many declined offers on a supervisor is asked.
STUCK_AT = 2
Deed = Callable[[Complaint, Entry, datetime], object]


@receiver(moved, dispatch_uid="escalations.moved")
def hear(*, entries: Iterable[Entry], now: datetime, **_: Any) -> None:
    heard = [entry for entry in entries if entry.kind not in OUR_OWN]
    for entry in heard:
        if entry.move in ANSWERS:
            ANSWERS[Move(entry.move)](entry.complaint, entry, now)
    # Of a complaint that has just been opened nobody has asked anything before.
    told_more = (entry.complaint for entry in heard if entry.kind != EntryKind.OPENED)
    actions.settle_moot(told_more, now=now)
    for entry in heard:
        _ask(entry, entry.complaint, now=now)


def _ask(entry: Entry, complaint: Complaint, *, now: datetime) -> None:
    """Put before a supervisor what has to be, if it has."""
    question = question_in(complaint, entry)
    if question is None:
        return
    if not Queue.objects.active().exists():
        logger.warning("%s: there is no queue to raise “%s” in", complaint.reference, question.label)
        return
    referred = question is Reason.OVER_LIMIT
    actions.raise_escalation(
        complaint,
        reason=question,
        by=actor_of(entry, complaint),
        now=now,
        ask="" if referred else entry.text,
        tried=entry.text if referred else "",
        offer=_offer_in(entry) if referred else None,
    )


def question_in(complaint: Complaint, entry: Entry) -> Reason | None:
    """The reason for which a supervisor must hear of this, if any."""
    if entry.kind == EntryKind.CONCERN:
        return Reason(entry.concern)
    if entry.kind == EntryKind.MOVE:
        ask = QUESTIONS.get(Move(entry.move))
        return ask(complaint, entry) if ask else None
    noted = entry.kind == EntryKind.OPENED or "media_risk" in entry.facts.get("fields", ())
    return Reason.MEDIA if noted and complaint.media_risk else None


def _after_reopening(_complaint: Complaint, entry: Entry) -> Reason | None:
    return Reason.UNHAPPY if entry.actor is None else None


def _after_declining(complaint: Complaint, _entry: Entry) -> Reason | None:
    declined = complaint.offers.filter(state=OfferState.DECLINED).count()
    return Reason.DECLINED if declined >= STUCK_AT else None


def _offer_in(entry: Entry) -> Offer:
    return Offer.objects.get(pk=entry.facts["offer"])


def _decided(decision: Decision) -> Deed:
    def settle(complaint: Complaint, entry: Entry, now: datetime) -> object:
        by = actor_of(entry, complaint)
        return actions.settle_by_move(complaint, decision=decision, by=by, now=now, text=entry.text)

    return settle


def actor_of(entry: Entry, complaint: Complaint) -> Actor:
    """Who did it: a colleague, the customer, or the house under one of its names."""
    if entry.actor is not None:
        return entry.actor
    if complaint.customer is not None and entry.actor_name == complaint.customer.name:
        return complaint.customer
    return next((name for name in System if name == entry.actor_name), System.CLOCK)


QUESTIONS: dict[Move, Callable[[Complaint, Entry], Reason | None]] = {
    Move.REFER: lambda _complaint, _entry: Reason.OVER_LIMIT,
    Move.REOPEN: _after_reopening,
    Move.DECLINE: _after_declining,
}
ANSWERS: dict[Move, Deed] = {
    Move.APPROVE: _decided(Decision.APPROVED),
    Move.REFUSE: _decided(Decision.REFUSED),
}
