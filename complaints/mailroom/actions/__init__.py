"""The verbs of the post."""

from complaints.mailroom.actions.comparing import compare, compare_all
from complaints.mailroom.actions.delivery import deliver_due
from complaints.mailroom.actions.fates import conclude, conclude_all, read_again
from complaints.mailroom.actions.posting import cancel, post
from complaints.mailroom.actions.receiving import Place, fetch, fetch_all, keep, take_in_files
from complaints.mailroom.actions.recovery import recover
from complaints.mailroom.actions.second_chances import came_back, count_as_sent, send_again, take_back
from complaints.mailroom.actions.understanding import understand, understand_due

__all__ = [
    "Place",
    "came_back",
    "cancel",
    "compare",
    "compare_all",
    "conclude",
    "conclude_all",
    "count_as_sent",
    "deliver_due",
    "fetch",
    "fetch_all",
    "keep",
    "post",
    "read_again",
    "recover",
    "send_again",
    "take_back",
    "take_in_files",
    "understand",
    "understand_due",
]
