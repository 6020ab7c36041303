"""The verbs of the supervisors' desk: raise, claim, decide. Always lock, guard, change, save, record, announce.

The complaint is locked before the question, as the file's own verbs do, so that the two never wait for each other.
What is decided about an offer is decided in the file; these verbs call down. The ledger entry is the announcement.
"""

from escalations.actions.claiming import claim, claim_next, release
from escalations.actions.deciding import answer, approve, refuse, send_back
from escalations.actions.founding import set_up_queues
from escalations.actions.handing_over import (
    go_on_handing_over,
    hand_over_piece,
    hand_over_rest,
    plan_handover,
)
from escalations.actions.ladder import pass_up
from escalations.actions.milestones import pass_milestones
from escalations.actions.missed import raise_missed
from escalations.actions.notices import tell_queue
from escalations.actions.raising import raise_escalation
from escalations.actions.settling import settle_by_move, settle_moot
from escalations.actions.substituting import end_substitution, name_substitute
from escalations.actions.sweeping import raise_long_silence
from escalations.actions.tending import pass_up_unanswered, refresh_urgency, settle_all_moot, tell_queues
from escalations.actions.weighing import watch

__all__ = [
    "answer",
    "approve",
    "claim",
    "claim_next",
    "end_substitution",
    "go_on_handing_over",
    "hand_over_piece",
    "hand_over_rest",
    "name_substitute",
    "pass_milestones",
    "pass_up",
    "pass_up_unanswered",
    "plan_handover",
    "raise_escalation",
    "raise_long_silence",
    "raise_missed",
    "refresh_urgency",
    "refuse",
    "release",
    "send_back",
    "set_up_queues",
    "settle_all_moot",
    "settle_by_move",
    "settle_moot",
    "tell_queue",
    "tell_queues",
    "watch",
]
