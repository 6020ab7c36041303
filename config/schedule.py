"""The timetable: all periodic work, in one place, in the order in which one sweep by hand runs it.

A tick only says "look": what is due is a query in the database, so a missed tick is repaired by the next
one and a doubled tick finds nothing left to do.
"""

from typing import TypedDict

MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Tick(TypedDict):
    task: str
    schedule: float


SCHEDULE: dict[str, Tick] = {
    # Every minute: what a customer or a colleague may be waiting for.
    "post that arrives": {"task": "complaints.mailroom.tasks.fetch", "schedule": MINUTE},
    "post to be understood": {"task": "complaints.mailroom.tasks.understand", "schedule": MINUTE},
    "letters that fall due": {"task": "complaints.followups.tasks.send_due", "schedule": MINUTE},
    "post that is due": {"task": "complaints.mailroom.tasks.deliver", "schedule": MINUTE},
    "offers that ran out": {"task": "complaints.resolution.tasks.lapse_offers", "schedule": MINUTE},
    "parts of deadlines used up": {"task": "escalations.tasks.pass_milestones", "schedule": MINUTE},
    "notices to the queues": {"task": "escalations.tasks.tell_queues", "schedule": MINUTE},
    "handovers to go on with": {"task": "escalations.tasks.go_on_handing_over", "schedule": MINUTE},
    "imports nobody reads": {"task": "complaints.intake.tasks.resume", "schedule": MINUTE},
    # Every five minutes: clocks.
    "complaints that look like trouble": {"task": "escalations.tasks.watch", "schedule": 5 * MINUTE},
    "escalations nobody answered": {"task": "escalations.tasks.pass_up_unanswered", "schedule": 5 * MINUTE},
    "escalations that are over": {"task": "escalations.tasks.settle_moot", "schedule": 5 * MINUTE},
    "promises that were not kept": {
        "task": "complaints.resolution.tasks.announce_broken_promises",
        "schedule": 5 * MINUTE,
    },
    # Every hour: what can wait a little.
    "customers who do not answer": {"task": "complaints.followups.tasks.report_unanswered", "schedule": HOUR},
    "complaints that may be closed": {"task": "complaints.followups.tasks.close_due", "schedule": HOUR},
    "customers who heard nothing": {"task": "escalations.tasks.raise_long_silence", "schedule": HOUR},
    "urgency that changed": {"task": "escalations.tasks.refresh_urgency", "schedule": HOUR},
    "uploads nobody imports": {"task": "complaints.intake.tasks.discard_uploads", "schedule": HOUR},
    "forms sent long ago": {"task": "complaints.resolution.tasks.forget_sent_forms", "schedule": HOUR},
    "letters taken back for good": {
        "task": "complaints.resolution.tasks.chase_taken_back",
        "schedule": HOUR,
    },
    # Every quarter of an hour: the repair behind each announcement.
    "letters nobody planned": {"task": "complaints.followups.tasks.plan_missing", "schedule": 15 * MINUTE},
    "ends of letters nobody heard": {
        "task": "complaints.resolution.tasks.settle_letters",
        "schedule": 15 * MINUTE,
    },
    "escalations nobody raised": {"task": "escalations.tasks.raise_missed", "schedule": 15 * MINUTE},
    # Every day: is everything that lies in the mailboxes in the store?
    "mailboxes against the store": {"task": "complaints.mailroom.tasks.compare", "schedule": DAY},
}
