"""The pages of the admin, one file a subject. Those of a complaint and of an escalation are made of our own parts."""

from complaints.desk.admin import (
    authority,
    catalogue,
    complaints,
    customers,
    escalations,
    handovers,
    imports,
    incoming,
    people,
    plans,
    post,
    queues,
    substitutes,
)

__all__ = [
    "authority",
    "catalogue",
    "complaints",
    "customers",
    "escalations",
    "handovers",
    "imports",
    "incoming",
    "people",
    "plans",
    "post",
    "queues",
    "substitutes",
]
