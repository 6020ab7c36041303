from escalations.models.escalations import (
    UNANSWERED,
    WORK,
    Decision,
    Escalation,
    EscalationQuerySet,
    Mood,
    Ruling,
    State,
)
from escalations.models.queues import Queue
from escalations.models.reasons import Reason

__all__ = [
    "UNANSWERED",
    "WORK",
    "Decision",
    "Escalation",
    "EscalationQuerySet",
    "Mood",
    "Queue",
    "Reason",
    "Ruling",
    "State",
]
