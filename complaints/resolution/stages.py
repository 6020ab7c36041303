"""Complaints in stages: what comes next, until when it may be asked for, and who may not decide it (B14, A19)."""

from datetime import datetime

from complaints.policies import clock
from complaints.policies.chapters import Stage
from complaints.resolution.models import Complaint, EntryKind, Move
from complaints.resolution.timing import pack_of

#: Whoever made one of these has decided.
DECIDING = frozenset({Move.PROPOSE, Move.REFER, Move.APPROVE, Move.RESPOND, Move.SETTLE})


def current(complaint: Complaint) -> Stage | None:
    stages = pack_of(complaint).stages
    return next((stage for stage in stages if stage.code == complaint.stage), stages[0] if stages else None)


def next_stage(complaint: Complaint) -> Stage | None:
    stages, here = pack_of(complaint).stages, current(complaint)
    return stages[stages.index(here) + 1] if here and here is not stages[-1] else None


def may_be_asked_until(complaint: Complaint, stage: Stage) -> datetime | None:
    """None: at any time."""
    if stage.request_within is None or complaint.answered_at is None:
        return None
    return clock.due(complaint.answered_at, stage.request_within, pack_of(complaint).calendar)


def barred(complaint: Complaint) -> set[int]:
    """The people who decided an earlier stage, where the rule wants somebody else now."""
    here = current(complaint) if complaint.stage else None
    if here is None or not here.reviewer_not:
        return set()
    stage, found = pack_of(complaint).stages[0].code, set()
    moves = complaint.entries.filter(kind=EntryKind.MOVE).order_by("at", "pk")
    for move, actor, facts in moves.values_list("move", "actor", "facts"):
        stage = facts.get("stage", stage)
        if stage in here.reviewer_not and move in DECIDING and actor is not None:
            found.add(actor)
    return found
