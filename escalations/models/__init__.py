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
from escalations.models.handovers import Handover, HandoverQuerySet, Which
from escalations.models.queues import Queue
from escalations.models.reasons import Reason
from escalations.models.substitutions import ARRANGE, Substitution, SubstitutionQuerySet, day_of
from escalations.models.weighings import Look, Weighing, WeighingQuerySet

__all__ = [
    "ARRANGE",
    "UNANSWERED",
    "WORK",
    "Decision",
    "Escalation",
    "EscalationQuerySet",
    "Handover",
    "HandoverQuerySet",
    "Look",
    "Mood",
    "Queue",
    "Reason",
    "Ruling",
    "State",
    "Substitution",
    "SubstitutionQuerySet",
    "Weighing",
    "WeighingQuerySet",
    "Which",
    "day_of",
]
