"""The verbs: plan a letter, send it when its moment comes, take the customer's answer.

Those that take `now` alone are sweeps: they work through all that is due, one transaction each, and any number of them
may run at once. One that fails is logged and never stops the others.
"""

from complaints.followups.actions.answers import (
    open_follow_up,
    open_survey,
    take_follow_up_answer,
    take_survey,
)
from complaints.followups.actions.endings import close_due, report_unanswered
from complaints.followups.actions.planning import plan_for, plan_missing
from complaints.followups.actions.sending import send_due, send_planned

__all__ = [
    "close_due",
    "open_follow_up",
    "open_survey",
    "plan_for",
    "plan_missing",
    "report_unanswered",
    "send_due",
    "send_planned",
    "take_follow_up_answer",
    "take_survey",
]
