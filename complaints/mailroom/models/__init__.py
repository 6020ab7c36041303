from complaints.mailroom.models.lanes import Lane, LaneQuerySet
from complaints.mailroom.models.outgoing import (
    GRAPH,
    PENDING,
    OutgoingMail,
    OutgoingMailQuerySet,
    State,
    arriving_at,
)

__all__ = [
    "GRAPH",
    "PENDING",
    "Lane",
    "LaneQuerySet",
    "OutgoingMail",
    "OutgoingMailQuerySet",
    "State",
    "arriving_at",
]
