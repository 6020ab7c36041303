"""Why this date? The run of a clock behind a deadline, told anew from the record with every step of its sum."""

from datetime import datetime

from complaints.policies import library
from complaints.policies.life import runs_of
from complaints.policies.running import Run
from complaints.policies.schema import Clock, Pack
from complaints.resolution.happened import since_then
from complaints.resolution.models import Complaint, Deadline, EntryKind
from complaints.resolution.timing import facts_of, pack_of


def run_behind(deadline: Deadline) -> Run | None:
    """Nothing where the record no longer knows of it."""
    record = since_then(deadline.complaint)
    told = deadline.clock, deadline.started_at, deadline.stopped_at
    same = (
        run
        for run in runs_of(record.pack, record.happenings)
        if (run.clock, run.started_at, run.stopped_at) == told
    )
    return next(same, None)


def rule_of(deadline: Deadline) -> Clock | None:
    """What the policy says of this clock; nothing for a date of our own."""
    pack = pack_of(deadline.complaint)
    rule = next((rule for rule in pack.clocks if rule.code == deadline.clock), None)
    return rule.as_for(pack.situated(facts_of(deadline.complaint))) if rule else None


def pack_at(complaint: Complaint, moment: datetime) -> Pack:
    """The policy it came under then."""
    changes = complaint.entries.filter(kind=EntryKind.RULES, facts__has_key="pack_before", at__gt=moment)
    since = changes.order_by("at", "pk").first()
    return library.pack(*since.facts["pack_before"]) if since else pack_of(complaint)


def nearest(complaint: Complaint) -> Deadline | None:
    return complaint.deadlines.running().filter(paused_at__isnull=True).first()
