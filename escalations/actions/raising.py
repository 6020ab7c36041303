"""Putting a question before a supervisor."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from complaints.resolution.actors import Actor, name_of, staff_or_none
from complaints.resolution.exceptions import NotPermitted
from complaints.resolution.models import Complaint, Deadline, Offer
from complaints.resolution.permission import WORK, require_permission, require_sight
from escalations import clock, urgency
from escalations.actions import steps
from escalations.actions.settling import settle_moot
from escalations.circumstances import circumstances_of
from escalations.exceptions import AlreadyAsked, AskNeeded, NoQueue, TriedNeeded
from escalations.models import Escalation, Mood, Queue, Reason
from escalations.routing import route
from escalations.seats import seats_for


@transaction.atomic
def raise_escalation(
    complaint: Complaint,
    *,
    reason: Reason,
    by: Actor,
    now: datetime,
    ask: str = "",
    tried: str = "",
    mood: Mood | str = "",
    wanted_by: datetime | None = None,
    offer: Offer | None = None,
    deadline: Deadline | None = None,
    true_due_at: datetime | None = None,
) -> Escalation:
    """Put the complaint before the lowest queue that fits.

    While a question of this reason is unanswered on the complaint, that one is returned and nothing changes.
    Raised by staff (Reason.RAISED) it says what is asked and what was tried so far (B26); a different question of
    that kind is refused until the first is answered. `wanted_by` may bring the answer forward, never put it off.
    Raises NoQueue where the firm has no queue at all.
    """
    complaint = steps.lock_complaint(complaint)
    require_sight(by, complaint)
    if reason is Reason.RAISED:
        _require_words(complaint, by=by, ask=ask, tried=tried)
    settle_moot(complaint, now=now)
    if standing := complaint.escalations.unanswered().filter(reason=reason).first():
        return _the_same(standing, by=by, ask=ask)
    queue = queue_for(complaint, reason=reason, by=by, offer=offer, now=now)
    due_at = clock.answer_due(queue, complaint, now=now)
    escalation = Escalation.objects.create(
        complaint=complaint,
        queue=queue,
        level=queue.level,
        reason=reason,
        ask=ask.strip(),
        tried=tried.strip(),
        mood=mood,
        offer=offer,
        deadline=deadline,
        raised_by=staff_or_none(by),
        raised_by_name=name_of(by),
        raised_at=now,
        queued_at=now,
        due_at=min(due_at, max(wanted_by, now)) if wanted_by else due_at,
        true_due_at=true_due_at,
        urgency=urgency.score(circumstances_of(complaint, answer_due_at=due_at), now=now),
    )
    steps.record(escalation, f"put before {queue}, level {queue.level}", by=by, now=now)
    return escalation


def queue_for(
    complaint: Complaint,
    *,
    reason: Reason | str,
    by: Actor,
    offer: Offer | None,
    now: datetime,
    above: int = 0,
) -> Queue:
    seats = seats_for(complaint, asked_by=_asker(by, offer), offer=offer, now=now)
    queue = route(seats, reason=reason, category=complaint.category_id, above=above)
    if queue is None:
        raise NoQueue
    return queue


def _asker(by: Actor, offer: Offer | None) -> User | None:
    return offer.proposed_by if offer else staff_or_none(by)


def _require_words(complaint: Complaint, *, by: Actor, ask: str, tried: str) -> None:
    if staff_or_none(by) is None:
        raise NotPermitted
    require_permission(by, WORK, complaint)
    if not ask.strip():
        raise AskNeeded
    if not tried.strip():
        raise TriedNeeded


def _the_same(standing: Escalation, *, by: Actor, ask: str) -> Escalation:
    """A second press of the button changes nothing; a second question by hand must not vanish silently."""
    by_hand = standing.reason == Reason.RAISED
    if by_hand and (standing.ask, standing.raised_by) != (ask.strip(), staff_or_none(by)):
        raise AlreadyAsked(f"A question is already before {standing.queue}. Wait for the answer.")
    return standing
