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
from escalations.models.weighings import Look, Weighing, WeighingQuerySet

__all__ = [
    "UNANSWERED",
    "WORK",
    "Decision",
    "Escalation",
    "EscalationQuerySet",
    "Look",
    "Mood",
    "Queue",
    "Reason",
    "Ruling",
    "State",
    "Weighing",
    "WeighingQuerySet",
]
