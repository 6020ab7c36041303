"""The sweep behind the ladder: each part of a deadline that is used up is heard of, once, by whom the policy says.

What is due is one look into one index, and a batch is dealt with as a whole, so a sweep costs what is due and not what
is open. The complaints of a batch are held meanwhile; one that somebody else holds is left for the next look. A
milestone is marked passed in the transaction that tells of it: never told twice, never lost.
"""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from complaints.resolution import actions as resolution
from complaints.resolution.actors import System
from complaints.resolution.models import Complaint, Entry, EntryKind, Milestone
from complaints.resolution.models.deadlines import MilestoneQuerySet
from escalations.actions.calling import Called, call_for
from escalations.actions.steps import facts_of, said_of
from escalations.actions.wording import told
from escalations.board import Board

#: So many are dealt with in one transaction; so long, their complaints are held.
BATCH = 500
logger = logging.getLogger(__name__)


def pass_milestones(*, now: datetime) -> int:
    """Tell of every part used up by now, the oldest first. Returns of how many.

    A part the ladder of the policy does not name is a warning to the handler: an entry, and a mark on the work list.
    One it names, and every breach, is put before a supervisor, or lifts the question that stands to the level named.
    """
    if not Milestone.objects.due(now).exists() or (board := Board(now=now)).is_empty:
        return 0
    passed, last = 0, None
    while batch := list(_due(now, after=last)[:BATCH]):
        last = batch[-1]
        passed += _pass_or_single_out([one.pk for one in batch], board)
    return passed


def _due(now: datetime, *, after: Milestone | None) -> MilestoneQuerySet:
    due = Milestone.objects.due(now).order_by("at", "pk").only("at")
    if after is None:
        return due
    return due.filter(Q(at__gt=after.at) | Q(pk__gt=after.pk), at__gte=after.at)


def _pass_or_single_out(pks: list[int], board: Board) -> int:
    """One that cannot be dealt with must not hold up those beside it."""
    try:
        return _pass(pks, board)
    except Exception:
        logger.exception("Milestone %s failed", f"{pks[0]}, or one of {len(pks)} with it,")
    return sum(_pass_or_single_out([pk], board) for pk in pks) if len(pks) > 1 else 0


@transaction.atomic
def _pass(pks: list[int], board: Board) -> int:
    due = _take(pks, now=board.now)
    called = call_for(due, board)
    entries = [(one.deadline.complaint, _entry(one, called, now=board.now)) for one in due]
    resolution.record_all([*entries, *_ended(called)], by=System.CLOCK, now=board.now)
    return len(due)


def _take(pks: list[int], *, now: datetime) -> list[Milestone]:
    """Those of them still due on complaints nobody else holds, marked as passed."""
    # Named one by one: a join in order of their keys may read the whole table.
    whose = set(Milestone.objects.filter(pk__in=pks).values_list("deadline__complaint", flat=True))
    held = Complaint.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk__in=whose)
    complaints = {one.pk: one for one in held.select_related("customer").order_by("pk")}
    mine = Milestone.objects.due(now).filter(pk__in=pks, deadline__complaint__in=complaints)
    due = list(mine.select_for_update(of=("self",)).select_related("deadline").order_by("at", "pk"))
    Milestone.objects.ahead().filter(pk__in=[one.pk for one in due]).update(passed_at=now)
    for one in due:
        one.deadline.complaint = complaints[one.deadline.complaint_id]
    return due


def _entry(milestone: Milestone, called: Called, *, now: datetime) -> Entry:
    facts = {"milestone": milestone.pk, "part": str(milestone.part), "due": milestone.at.isoformat()}
    words = told(milestone, now=now)
    raised = called.raised.get(milestone.pk)
    if raised is None:
        return Entry(kind=EntryKind.WARNING, text=words, facts=facts)
    text = said_of(raised, f"put before {raised.queue}, level {raised.level}. {words}")
    return Entry(kind=EntryKind.ESCALATION, text=text, facts=facts | facts_of(raised))


def _ended(called: Called) -> list[tuple[Complaint, Entry]]:
    return [
        (
            one.complaint,
            Entry(
                kind=EntryKind.ESCALATION,
                text=said_of(one, f"no longer needed. {one.decision_text}"),
                facts=facts_of(one),
            ),
        )
        for one in called.ended
    ]
