"""The verbs of the post."""

from complaints.mailroom.actions.comparing import compare, compare_all
from complaints.mailroom.actions.delivery import deliver_due
from complaints.mailroom.actions.fates import conclude, conclude_all, read_again
from complaints.mailroom.actions.keeping import Parcel, Place, keep, keep_all
from complaints.mailroom.actions.posting import cancel, post
from complaints.mailroom.actions.receiving import fetch, fetch_all, keep_file, take_in_files
from complaints.mailroom.actions.recovery import recover
from complaints.mailroom.actions.second_chances import came_back, count_as_sent, send_again, take_back
from complaints.mailroom.actions.understanding import understand, understand_due

__all__ = [
    "Parcel",
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
    "keep_all",
    "keep_file",
    "post",
    "read_again",
    "recover",
    "send_again",
    "take_back",
    "take_in_files",
    "understand",
    "understand_due",
]
