"""Passing a question to the next level."""

from datetime import datetime

from django.db import transaction

from complaints.resolution.actors import Actor
from escalations import clock, urgency
from escalations.actions import steps
from escalations.actions.raising import queue_for
from escalations.actions.steps import Step
from escalations.circumstances import circumstances_of
from escalations.exceptions import AdviceNeeded, NoQueue, NothingHigher
from escalations.models import Decision, Escalation, Queue


@transaction.atomic
def pass_up(escalation: Escalation, *, text: str, by: Actor, now: datetime) -> Escalation:
    """Hand the question to the lowest fitting queue above. It ends here and goes on there; returns the new one.

    By a person who works the queue, or by the house when its clock ran out, from a claimant's hands too.
    """
    step = steps.begin(escalation, by=by, now=now)
    if not text.strip():
        raise AdviceNeeded("Write down why you pass it up.")
    queue = _queue_above(step)
    step.escalation.pass_up(steps.ruling(step, Decision.PASSED_UP, text))
    step.escalation.save()
    following = _goes_on(step, queue)
    steps.record(
        following,
        f"passed up from {step.escalation.queue} to {queue}, level {queue.level}. {text.strip()}",
        by=by,
        now=now,
    )
    return following


def _queue_above(step: Step) -> Queue:
    asked = step.escalation
    try:
        return queue_for(
            step.complaint,
            reason=asked.reason,
            by=asked.raised_by or step.by,
            offer=asked.offer,
            now=step.now,
            above=asked.level,
        )
    except NoQueue:
        raise NothingHigher from None


def _goes_on(step: Step, queue: Queue) -> Escalation:
    asked = step.escalation
    due_at = clock.answer_due(queue, step.complaint, now=step.now)
    return Escalation.objects.create(
        complaint=step.complaint,
        queue=queue,
        level=queue.level,
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
        queued_at=step.now,
        due_at=due_at,
        true_due_at=asked.true_due_at,
        urgency=urgency.score(circumstances_of(step.complaint, answer_due_at=due_at), now=step.now),
    )
