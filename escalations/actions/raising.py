"""Putting a question before a supervisor."""

from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction

from complaints.resolution.actors import Actor, name_of, staff_or_none
from complaints.resolution.exceptions import NotPermitted
from complaints.resolution.models import Complaint, Deadline, Offer
from complaints.resolution.permission import WORK, require_permission, require_sight
from escalations.actions import steps
from escalations.actions.placing import place, queue_for
from escalations.actions.settling import settle_moot
from escalations.exceptions import AlreadyAsked, AskNeeded, TriedNeeded
from escalations.models import Escalation, Mood, Reason


class Matter(TypedDict, total=False):
    """What the supervisor is told. `true_due_at`: when it should have been raised, where the house noticed late."""

    ask: str
    tried: str
    mood: Mood | str
    offer: Offer | None
    deadline: Deadline | None
    true_due_at: datetime | None


@transaction.atomic
def raise_escalation(
    complaint: Complaint,
    *,
    reason: Reason,
    by: Actor,
    now: datetime,
    wanted_by: datetime | None = None,
    **matter: Unpack[Matter],
) -> Escalation:
    """Put the complaint before the lowest queue that fits.

    While a question of this reason is unanswered on the complaint, that one is returned and nothing changes.
    Raised by staff (Reason.RAISED) it says what is asked and what was tried so far (B26); a different question of
    that kind is refused until the first is answered. `wanted_by` may bring the answer forward, never put it off.
    Raises NoQueue where the firm has no queue at all.
    """
    complaint = steps.lock_complaint(complaint)
    require_sight(by, complaint)
    asked = _asked(complaint, reason, matter, by=by, now=now)
    if reason is Reason.RAISED:
        _require_words(asked, by=by)
    settle_moot([complaint], now=now)
    if standing := complaint.escalations.unanswered().filter(reason=reason).first():
        return _the_same(standing, asked)
    place(asked, queue_for(asked, by=by, now=now), now=now, wanted_by=wanted_by)
    steps.record(asked, f"put before {asked.queue}, level {asked.level}", by=by, now=now)
    return asked


def _asked(complaint: Complaint, reason: Reason, matter: Matter, *, by: Actor, now: datetime) -> Escalation:
    """The question, in no queue yet."""
    asked = Escalation(
        complaint=complaint,
        reason=reason,
        raised_by=staff_or_none(by),
        raised_by_name=name_of(by),
        raised_at=now,
        **matter,
    )
    asked.ask, asked.tried = asked.ask.strip(), asked.tried.strip()
    return asked


def _require_words(asked: Escalation, *, by: Actor) -> None:
    if staff_or_none(by) is None:
        raise NotPermitted
    require_permission(by, WORK, asked.complaint)
    if not asked.ask:
        raise AskNeeded
    if not asked.tried:
        raise TriedNeeded


def _the_same(standing: Escalation, asked: Escalation) -> Escalation:
    """A second press of the button changes nothing; a second question by hand must not vanish silently."""
    by_hand = standing.reason == Reason.RAISED
    if by_hand and (standing.ask, standing.raised_by) != (asked.ask, asked.raised_by):
        raise AlreadyAsked(f"A question is already before {standing.queue}. Wait for the answer.")
    return standing
