"""When an answer is due, and since when silence is long. By the policy each complaint was received under."""

from datetime import datetime, timedelta

from complaints.policies import clock
from complaints.policies.limits import Limit, limit_from
from complaints.policies.schema import Pack
from complaints.resolution import timing
from complaints.resolution.models import Complaint
from escalations.models import Queue

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
#: What is noticed later than this after its moment is marked as late.
LATE = timedelta(hours=1)


def answer_due(queue: Queue, complaint: Complaint, *, now: datetime) -> datetime:
    pack = timing.pack_of(complaint)
    return clock.due(now, answer_within(queue, pack), pack.calendar)


def answer_within(queue: Queue, pack: Pack) -> Limit:
    """What the firm says of the queue; else what the policy says of its level; else of any."""
    if queue.answer_within:
        return limit_from(queue.answer_within)
    of_level = (rung.answer_within for rung in pack.ladder if rung.level == queue.level)
    return next(of_level, pack.escalation.answer_within)


def if_late(moment: datetime, now: datetime) -> datetime | None:
    """The moment, where so much time has gone since that whoever reads of it must be told."""
    return moment if now - moment > LATE else None


def silent_since(pack: Pack, *, now: datetime) -> datetime:
    """To the minute, the last moment after which no word from us is now a long silence."""

    def is_long(since: datetime) -> bool:
        return clock.due(since, pack.escalation.silence_after, pack.calendar) <= now

    later, earlier = now, now - DAY
    while not is_long(earlier):
        later, earlier = earlier, earlier - 2 * (later - earlier)
    while later - earlier > MINUTE:
        middle = earlier + (later - earlier) / 2
        earlier, later = (middle, later) if is_long(middle) else (earlier, middle)
    return earlier
