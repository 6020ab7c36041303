"""The verbs of the post."""

from complaints.mailroom.actions.delivery import deliver_due, deliver_next, recover
from complaints.mailroom.actions.posting import cancel, post
from complaints.mailroom.actions.second_chances import came_back, count_as_sent, send_again

__all__ = [
    "came_back",
    "cancel",
    "count_as_sent",
    "deliver_due",
    "deliver_next",
    "post",
    "recover",
    "send_again",
]
