from complaints.mailroom.models.errands import Errand
from complaints.mailroom.models.incoming import (
    PATIENCE,
    DeliveryReport,
    Fate,
    IncomingMail,
    IncomingMailQuerySet,
    Mailbox,
    MailboxQuerySet,
)
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
    "PATIENCE",
    "PENDING",
    "STUCK",
    "DeliveryReport",
    "Errand",
    "Fate",
    "IncomingMail",
    "IncomingMailQuerySet",
    "Lane",
    "LaneQuerySet",
    "Mailbox",
    "MailboxQuerySet",
    "OutgoingMail",
    "OutgoingMailQuerySet",
    "State",
    "arriving_at",
]
