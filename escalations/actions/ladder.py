"""Passing a question to the next level."""

from datetime import datetime

from django.db import transaction

from complaints.resolution.actors import Actor
from escalations.actions import steps
from escalations.actions.placing import place, queue_for
from escalations.actions.steps import Step
from escalations.exceptions import AdviceNeeded, NoQueue, NothingHigher
from escalations.models import Decision, Escalation, Queue


@transaction.atomic
def pass_up(
    escalation: Escalation, *, text: str, by: Actor, now: datetime, to: Queue | None = None
) -> Escalation:
    """Hand the question to the lowest fitting queue above. It ends here and goes on there; returns the new one.

    By a person who works the queue, or by the house when its clock ran out, from a claimant's hands too. `to`
    where the ladder of the policy names a level higher than the next.
    """
    step = steps.begin(escalation, by=by, now=now)
    if not text.strip():
        raise AdviceNeeded("Write down why you pass it up.")
    following = _goes_on(step.escalation)
    queue = to or _queue_above(step, following)
    step.escalation.pass_up(steps.ruling(step, Decision.PASSED_UP, text))
    step.escalation.save()
    place(following, queue, now=now)
    steps.record(
        following,
        f"passed up from {step.escalation.queue} to {queue}, level {queue.level}. {text.strip()}",
        by=by,
        now=now,
        on_behalf=step.on_behalf,
    )
    return following


def _queue_above(step: Step, following: Escalation) -> Queue:
    asked = step.escalation
    try:
        return queue_for(following, by=asked.raised_by or step.by, now=step.now, above=asked.level)
    except NoQueue:
        raise NothingHigher from None


def _goes_on(asked: Escalation) -> Escalation:
    """The same question, in no queue yet."""
    return Escalation(
        complaint=asked.complaint,
        reason=asked.reason,
        ask=asked.ask,
        tried=asked.tried,
        mood=asked.mood,
        offer=asked.offer,
        deadline=asked.deadline,
        passed_up_from=asked,
        raised_by=asked.raised_by,
        raised_by_name=asked.raised_by_name,
        raised_at=asked.raised_at,
        true_due_at=asked.true_due_at,
    )
