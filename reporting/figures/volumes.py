"""What came in, what went out, and what is still there."""

from datetime import timedelta

from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Q, Value

from complaints.resolution.models import OPEN_STATES, State
from reporting.figures.figure import Condition, Figure, Rate, Rows, Source, always, everything
from reporting.scope import Scope

REPEAT_WITHIN = timedelta(days=90)

COMPLAINTS = Source("complaints", Scope.complaints, complaint="")
KNOWN = Q(customer__isnull=False) & ~Q(state=State.MERGED)


def _repeated(scope: Scope) -> Rows:
    """A hidden earlier complaint must not show through, so the look back is through the same eyes."""
    since = ExpressionWrapper(OuterRef("received_at") - Value(REPEAT_WITHIN), output_field=DateTimeField())
    earlier = (
        scope.seen()
        .exclude(state=State.MERGED)
        .filter(
            customer=OuterRef("customer"), received_at__lt=OuterRef("received_at"), received_at__gte=since
        )
    )
    return scope.complaints().filter(KNOWN, Exists(earlier))


REPEATS = Source("repeats", _repeated, complaint="")


def _received(code: str, title: str, says: str, condition: Q = Q()) -> Figure:  # noqa: B008  # Q is not mutated
    return Figure(code, title, says, COMPLAINTS, "received_at", "date received", always(condition))


def _ended(code: str, title: str, says: str, state: State) -> Figure:
    return Figure(code, title, says, COMPLAINTS, "closed_at", f"date {state}", always(Q(state=state)))


received = _received("received", "Received", "complaints received")
known = _received(
    "known", "From known customers", "complaints of customers we know, merged ones left out", KNOWN
)
caused = _received(
    "caused",
    "With a root cause",
    "complaints received whose root cause has been named",
    Q(finding__root_cause__isnull=False),
)
repeats = Figure(
    "repeats",
    "Same customer again",
    f"complaints of a customer who had complained in the {REPEAT_WITHIN.days} days before",
    REPEATS,
    "received_at",
    "date received",
)
closed = _ended("closed", "Closed", "complaints closed and not taken up again since", State.CLOSED)
withdrawn = _ended("withdrawn", "Withdrawn", "complaints the customer took back", State.WITHDRAWN)
merged = _ended("merged", "Merged", "complaints merged into another about the same matter", State.MERGED)


def _open(scope: Scope) -> Rows:
    return scope.complaints().open()


OPEN = Source("open", _open, complaint="")


def _standing(code: str, title: str, says: str, condition: Condition = everything) -> Figure:
    return Figure(code, title, says, OPEN, "received_at", "date received", condition, standing=True)


def _aged(least: int, most: int | None) -> Condition:
    """Received at least so many days ago but less than so many."""

    def condition(scope: Scope) -> Q:
        aged = Q(received_at__lte=scope.now - timedelta(days=least)) if least else Q()
        return aged & Q(received_at__gt=scope.now - timedelta(days=most)) if most else aged

    return condition


open_now = _standing("open", "Open now", "complaints open now")
AGES = (
    ("open_1_week", "Up to 1 week", 0, 7),
    ("open_2_weeks", "1 to 2 weeks", 7, 14),
    ("open_4_weeks", "2 to 4 weeks", 14, 28),
    ("open_8_weeks", "4 to 8 weeks", 28, 56),
    ("open_older", "Over 8 weeks", 56, None),
)
open_by_age = tuple(
    _standing(code, title, f"complaints open now, received {title.lower()} ago", _aged(least, most))
    for code, title, least, most in AGES
)
open_by_state = tuple(
    _standing(
        f"open_{state}",
        State(state).label,
        f"complaints open now, {State(state).label.lower()}",
        always(Q(state=state)),
    )
    for state in OPEN_STATES
)

repeat_rate = Rate("repeat_rate", "Same customer again", repeats, known)

FIGURES = (
    received,
    known,
    caused,
    repeats,
    closed,
    withdrawn,
    merged,
    open_now,
    *open_by_age,
    *open_by_state,
)
RATES = (repeat_rate,)
