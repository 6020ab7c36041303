"""Dates that move, and rules that change. What a clock has used up is never lost by either."""

from datetime import datetime
from typing import Any

from django.db import transaction

from complaints.policies import clock as policy_clock
from complaints.policies import library
from complaints.policies.exceptions import BadFacts
from complaints.policies.facts import Facts
from complaints.policies.limits import Limit, Unit
from complaints.policies.switching import Switch, switch
from complaints.resolution import moving
from complaints.resolution.actions import clocks, steps
from complaints.resolution.actions.checking import checked
from complaints.resolution.actions.correspondence import write_to_customer
from complaints.resolution.actors import Actor
from complaints.resolution.exceptions import CannotMove, NoticeNeeded, ReasonNeeded, WrongRules
from complaints.resolution.happened import PROMISED, TELL, rules_of
from complaints.resolution.letters import Letter
from complaints.resolution.models import Complaint, Deadline, Dispute, EntryKind
from complaints.resolution.moving import Way
from complaints.resolution.permission import SUPERVISE, WORK, require_permission
from complaints.resolution.timing import facts_of, local_day, pack_of

TELL_WITHIN = Limit(1, Unit.BUSINESS_DAY)


@transaction.atomic
def move_date(
    complaint: Complaint,
    *,
    clock: str,
    until: datetime,
    reason: str,
    letter: Letter | None = None,
    by: Actor,
    now: datetime,
) -> Deadline:
    """Set a date later, for a reason, and tell the customer (C19).

    A date of the law moves only as its rule allows, and then the letter is a must: an extension keeps the clock
    running to a later date, a delay notice keeps the rule and leaves our promise instead. Of a date of our own the
    customer may be told later: that we still owe them the word becomes a deadline of its own. Returns what is due now.
    """
    complaint = steps.lock_open(complaint)
    require_permission(by, WORK, complaint)
    if not reason.strip():
        raise ReasonNeeded("Write down why the date moves.")
    deadline = complaint.deadlines.running().filter(clock=clock).first()
    way = moving.way_of(deadline, pack_of(complaint)) if deadline else None
    if deadline is None or way is None:
        raise CannotMove
    _require_later(deadline, way, until, now=now)
    if letter is None and way is not Way.OURS:
        raise NoticeNeeded
    facts = _facts_of(way, complaint, deadline, until, told=letter is not None, now=now)
    # The letter must name the new date, so that date is reckoned first.
    entry = steps.write_down(complaint, EntryKind.DATE, by=by, now=now, text=reason.strip(), **facts)
    moved = _moved(complaint, PROMISED if way is Way.DELAY_NOTICE else clock, until)
    if letter is not None:
        kind = moving.letter_for(way, deadline, pack_of(complaint))
        message = write_to_customer(complaint, kind=kind, letter=letter, by=by, now=now)
        if message.findings:
            said = EntryKind.MESSAGE_OUT
            steps.record(complaint, said, by=by, now=now, text=kind.label, **checked(message))
    steps.reckon_and_announce(complaint, entry, by=by)
    return moved


def _require_later(deadline: Deadline, way: Way, until: datetime, *, now: datetime) -> None:
    if way is Way.EXTENSION and now > deadline.due_at:
        raise CannotMove("The time is up. More of it had to be asked for before.")
    if until <= now or (way is not Way.DELAY_NOTICE and until <= deadline.due_at):
        raise CannotMove("The new date must be later than the old one.")


def _facts_of(
    way: Way, complaint: Complaint, deadline: Deadline, until: datetime, *, told: bool, now: datetime
) -> dict[str, Any]:
    facts: dict[str, Any] = {"was": deadline.due_at.isoformat(), "until": until.isoformat()}
    if way is Way.EXTENSION:
        return {**facts, "extended": deadline.clock}
    if way is Way.DELAY_NOTICE:
        promise = clocks.awaiting(
            PROMISED,
            label="Answer as promised",
            due_at=until,
            reason="Promised in our delay notice.",
            promised=True,
        )
        return {**facts, "awaits": promise}
    facts["moved"] = deadline.clock
    return facts if told else {**facts, "awaits": _to_tell(complaint, deadline, now=now)}


def _to_tell(complaint: Complaint, deadline: Deadline, *, now: datetime) -> dict[str, Any]:
    return clocks.awaiting(
        TELL,
        label="Tell the customer of the new date",
        due_at=policy_clock.due(now, TELL_WITHIN, pack_of(complaint).calendar),
        reason=f"“{deadline.label}” was moved and the customer has not been told.",
        promised=True,
    )


def _moved(complaint: Complaint, clock: str, until: datetime) -> Deadline:
    moved = complaint.deadlines.running().get(clock=clock)
    if moved.due_at < until:
        raise CannotMove("That is further than the rule allows.")
    return moved


@transaction.atomic
def change_rules(
    complaint: Complaint,
    *,
    dispute: Dispute,
    reason: str,
    by: Actor,
    now: datetime,
    dispute_reference: str = "",
    statement_day: int | None = None,
    external_at: datetime | None = None,
) -> Switch:
    """Say what kind of dispute it is and what else its rules depend on; time used stays used (B23).

    Returns which clocks ended, began and were kept.
    """
    complaint = steps.lock_open(complaint)
    require_permission(by, WORK, complaint)
    if not reason.strip():
        raise ReasonNeeded("Write down how we know.")
    if external_at and external_at > now:
        raise WrongRules("The day on which somebody else sent it cannot lie ahead.")
    before = _facts(complaint)
    complaint.dispute, complaint.statement_day, complaint.external_at = dispute, statement_day, external_at
    complaint.dispute_reference = dispute_reference.strip()[:80]
    switched = switch(pack_of(complaint), before=before, after=_facts(complaint))
    steps.reckon(complaint, EntryKind.RULES, by=by, now=now, text=reason.strip(), rules=rules_of(complaint))
    return switched


def _facts(complaint: Complaint) -> Facts:
    try:
        return facts_of(complaint)
    except BadFacts as wrong:
        raise WrongRules(str(wrong)) from wrong


@transaction.atomic
def change_pack(complaint: Complaint, *, code: str, reason: str, by: Actor, now: datetime) -> Complaint:
    """Put a complaint under another policy, in its version of the day of receipt. No time used is lost."""
    complaint = steps.lock(complaint)
    require_permission(by, SUPERVISE, complaint)
    if not reason.strip():
        raise ReasonNeeded
    before = [complaint.pack_code, complaint.pack_version]
    pack = library.in_force(code, local_day(complaint.received_at))
    complaint.pack_code, complaint.pack_version = pack.code, pack.version
    if complaint.stage not in {stage.code for stage in pack.stages}:
        complaint.stage = ""
    steps.reckon(
        complaint,
        EntryKind.RULES,
        by=by,
        now=now,
        text=reason.strip(),
        pack=[pack.code, pack.version],
        pack_before=before,
    )
    return complaint
