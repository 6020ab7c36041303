"""Abuse is put on record, and whoever met it need not go on (B24)."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from complaints.resolution.actions import steps
from complaints.resolution.actions.holding import give
from complaints.resolution.actors import Actor, name_of
from complaints.resolution.exceptions import NobodyHolds, NotPermitted, ReasonNeeded
from complaints.resolution.models import Complaint, Concern, EntryKind
from complaints.resolution.permission import ASSIGN, WORK, require_permission


@transaction.atomic
def hand_over_after_abuse(
    complaint: Complaint, *, what: str, to: User | None = None, by: Actor, now: datetime
) -> Complaint:
    """Record the abuse, give the complaint to a colleague or back to whoever takes it next, and let a superior hear.

    By its handler, or for them by who may assign; of a restricted one only the latter. The clocks go on as they are,
    and what becomes of the answers counts in nobody's own reopen rate.
    """
    complaint = steps.lock_open(complaint)
    require_permission(by, WORK, complaint)
    giver = complaint.handler
    if giver is None:
        raise NobodyHolds("Nobody holds this complaint, so there is nobody to relieve.")
    if by != giver or complaint.restricted:
        require_permission(by, ASSIGN, complaint)
    if not what.strip():
        raise ReasonNeeded("Write down what was said or done.")
    if to == giver:
        raise NotPermitted("Choose somebody else than the one it is taken from.")
    if to is None:
        complaint.handler = None
    else:
        give(complaint, to)
    steps.save(complaint, by=by, now=now, reason="Handed over after abuse")
    taker = name_of(to) if to else "whoever takes it next"
    text = f"{taker}, from {name_of(giver)}, after abuse: {what.strip()}"
    facts: dict[str, Any] = {"from": giver.pk, "to": to.pk if to else None, "spared": giver.pk}
    steps.record(complaint, EntryKind.ASSIGNMENT, by=by, now=now, text=text, **facts)
    steps.record(complaint, EntryKind.CONCERN, concern=Concern.ABUSE, by=by, now=now, text=what.strip())
    return complaint
