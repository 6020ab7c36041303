"""Which queue a question goes into, and what it carries from there: its level, its clock, its urgency."""

from datetime import datetime

from complaints.resolution import timing
from complaints.resolution.actors import Actor, staff_or_none
from escalations import clock, urgency
from escalations.circumstances import circumstances_of
from escalations.exceptions import NoQueue
from escalations.models import Escalation, Queue
from escalations.routing import route
from escalations.seats import seats_for


def queue_for(asked: Escalation, *, by: Actor, now: datetime, above: int = 0) -> Queue:
    """The lowest queue above this level that fits. Raises NoQueue where there is none."""
    offer, complaint = asked.offer, asked.complaint
    asker = offer.proposed_by if offer else staff_or_none(by)
    seats = seats_for(complaint, asked_by=asker, offer=offer, now=now)
    queue = route(seats, reason=asked.reason, category=complaint.category_id, above=above)
    if queue is None:
        raise NoQueue
    return queue


def place(asked: Escalation, queue: Queue, *, now: datetime, wanted_by: datetime | None = None) -> Escalation:
    """Put a question that is in no queue yet into this one. `wanted_by` may bring the answer forward."""
    due_at = clock.answer_due(queue, asked.complaint, now=now)
    asked.answer_within = clock.answer_within(queue, timing.pack_of(asked.complaint)).spelled
    seen = circumstances_of(asked.complaint, answer_due_at=due_at)
    asked.queue, asked.level, asked.queued_at = queue, queue.level, now
    asked.due_at = min(due_at, max(wanted_by, now)) if wanted_by else due_at
    asked.urgency = urgency.score(seen, now=now)
    asked.save(force_insert=True)
    return asked
