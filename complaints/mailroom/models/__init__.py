from complaints.mailroom.models.lanes import Lane, LaneQuerySet
from complaints.mailroom.models.outgoing import (
    GRAPH,
    PENDING,
    STUCK,
    OutgoingMail,
    OutgoingMailQuerySet,
    State,
    arriving_at,
)

__all__ = [
    "GRAPH",
    "PENDING",
    "STUCK",
    "Lane",
    "LaneQuerySet",
    "OutgoingMail",
    "OutgoingMailQuerySet",
    "State",
    "arriving_at",
]
