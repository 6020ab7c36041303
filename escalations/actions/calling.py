"""Calling supervisors to many complaints at once: the one question each of them needs, raised or lifted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from complaints.resolution import timing
from complaints.resolution.actors import System
from complaints.resolution.models import Complaint, Direction, Message, Milestone
from escalations import clock, urgency
from escalations.actions.ladder import pass_up
from escalations.actions.wording import asked_because
from escalations.board import Board, hidden_from_some
from escalations.calls import Call, call_of
from escalations.circumstances import circumstances_of
from escalations.models import Decision, Escalation, Queue, Reason, Ruling

STANDING = (Reason.OVERDUE, Reason.ABOUT_TO_BE_OVERDUE)


@dataclass(frozen=True, slots=True)
class Called:
    """The questions raised, by the milestone each was raised for, and those that gave way to them."""

    raised: dict[int, Escalation]
    ended: list[Escalation]


def call_for(due: Iterable[Milestone], board: Board) -> Called:
    """Raise what these milestones call for; their complaints are held, so that nobody raises it meanwhile."""
    gravest = _gravest_of_each(due)
    complaints = [first.deadline.complaint for first, _ in gravest.values()]
    standing, hidden = _standing(complaints), hidden_from_some(complaints)
    raised: dict[int, Escalation] = {}
    for pk, (first, call) in gravest.items():
        queue = board.queue_for(
            first.deadline.complaint, reason=call.question, level=call.level, hidden=pk in hidden
        )
        asked = standing.get((pk, Reason.OVERDUE)) or standing.get((pk, call.question))
        if asked is None:
            raised[first.pk] = _question(first, call.question, queue)
        elif asked.level < queue.level:
            pass_up(asked, text=asked_because(first), by=System.CLOCK, now=board.now, to=queue)
    _write(list(raised.values()), board)
    overtaken = [standing.get((one.complaint_id, Reason.ABOUT_TO_BE_OVERDUE)) for one in raised.values()]
    return Called(raised, _end([one for one in overtaken if one], now=board.now))


def _gravest_of_each(due: Iterable[Milestone]) -> dict[int, tuple[Milestone, Call]]:
    """One call a complaint: a breach before what is only near, the first of its kind, and the highest level named."""
    found: dict[int, tuple[Milestone, Call]] = {}
    for milestone in sorted(due, key=lambda one: (one.at, one.pk)):
        complaint = milestone.deadline.complaint
        call = call_of(timing.pack_of(complaint), milestone.deadline.clock, milestone.part)
        if call.reason is None:
            continue
        first, before = found.get(complaint.pk, (milestone, call))
        level = max(before.level, call.level)
        if call.is_breach and not before.is_breach:
            first, before = milestone, call
        found[complaint.pk] = (first, Call(before.reason, level))
    return found


def _standing(complaints: Iterable[Complaint]) -> dict[tuple[int, str], Escalation]:
    by_key = {one.pk: one for one in complaints}
    unanswered = Escalation.objects.unanswered().filter(complaint__in=by_key, reason__in=STANDING)
    found = list(unanswered.select_for_update(of=("self",)).select_related("queue").order_by("pk"))
    for one in found:
        one.complaint = by_key[one.complaint_id]
    return {(one.complaint_id, one.reason): one for one in found}


def _question(first: Milestone, reason: Reason, queue: Queue) -> Escalation:
    return Escalation(
        complaint=first.deadline.complaint,
        queue=queue,
        level=queue.level,
        reason=reason,
        ask=asked_because(first),
        deadline=first.deadline,
        raised_by_name=System.CLOCK,
        true_due_at=first.at,
    )


def _write(questions: list[Escalation], board: Board) -> None:
    complaints = [one.complaint_id for one in questions]
    words = Message.objects.filter(complaint__in=complaints, direction=Direction.IN).order_by()
    contacts = dict(words.values_list("complaint").annotate(times=Count("pk")))
    for one in questions:
        one.raised_at = one.queued_at = board.now
        one.true_due_at = one.true_due_at and clock.if_late(one.true_due_at, board.now)
        one.due_at = board.answer_due(one.queue, one.complaint)
        one.answer_within = clock.answer_within(one.queue, timing.pack_of(one.complaint)).spelled
        times = contacts.get(one.complaint_id, 0)
        seen = circumstances_of(one.complaint, answer_due_at=one.due_at, contacts=times)
        one.urgency = urgency.score(seen, now=board.now)
    Escalation.objects.bulk_create(questions)


def _end(overtaken: list[Escalation], *, now: datetime) -> list[Escalation]:
    why = "It has become overdue, and that is asked instead."
    for one in overtaken:
        one.drop(Ruling(Decision.MOOT, None, System.CLOCK, now, why))
    ended = ["state", "decision", "decision_text", "decided_by_name", "decided_at"]
    Escalation.objects.bulk_update(overtaken, ended)
    return overtaken
