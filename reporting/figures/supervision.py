"""Questions put before supervisors, and what became of them."""

from django.db.models import Q

from escalations.models import Escalation, Reason, State
from reporting.figures.figure import Column, Figure, Rows, Source, always
from reporting.scope import Scope


def _questions(_scope: Scope) -> Rows:
    return Escalation.objects.all()


QUESTIONS = Source("escalations", _questions, columns=(Column("Reason", "reason", dict(Reason.choices)),))
#: Passed up, a question goes on as a new row: asked once, it counts once.
FIRST_ASKED = Q(passed_up_from__isnull=True)


def _raised(code: str, title: str, says: str, condition: Q) -> Figure:
    return Figure(code, title, says, QUESTIONS, "raised_at", "date raised", always(FIRST_ASKED & condition))


def _ended(code: str, title: str, says: str, *states: State) -> Figure:
    return Figure(code, title, says, QUESTIONS, "decided_at", "date decided", always(Q(state__in=states)))


raised = _raised("escalated", "Raised", "escalations raised", Q())
by_reason = tuple(
    _raised(
        f"escalated_{reason}",
        Reason(reason).label,
        f"escalations raised: {Reason(reason).label.lower()}",
        Q(reason=reason),
    )
    for reason in Reason.values
)
answered = _ended(
    "escalations_decided",
    "Decided",
    "escalations decided or sent back with advice",
    State.DECIDED,
    State.RETURNED,
)
passed_up = _ended(
    "escalations_passed_up", "Passed up", "escalations passed up to the next level", State.PASSED_UP
)
moot = _ended("escalations_moot", "No longer needed", "escalations that were no longer needed", State.MOOT)

FIGURES = (raised, answered, passed_up, moot, *by_reason)
