"""What was paid to put things right. Currencies are never added up."""

from django.db.models import Q

from complaints.resolution.models import Fulfilment, RemedyKind
from reporting.figures.figure import Column, Condition, Figure, Rows, Source
from reporting.scope import Scope


def _payments(_scope: Scope) -> Rows:
    return Fulfilment.objects.filter(amount__isnull=False)


KINDS = dict(RemedyKind.choices)
PAYMENTS = Source(
    "payments",
    _payments,
    complaint="line__offer__complaint",
    columns=(
        Column("Kind", "line__kind", KINDS),
        Column("Amount", "amount"),
        Column("Currency", "amount_currency"),
    ),
)


def _of_kind(kind: str) -> Condition:
    def condition(scope: Scope) -> Q:
        of_kind = Q(line__kind=kind) if kind else Q()
        return of_kind & Q(amount_currency=scope.currency) if scope.currency else of_kind

    return condition


def _paid(code: str, title: str, says: str, kind: str) -> Figure:
    return Figure(code, title, says, PAYMENTS, "done_at", "date paid", _of_kind(kind))


paid = _paid("redress", "Payments", "payments made", "")
by_kind = {
    kind: _paid(f"redress_{kind}", label, f"payments made: {label.lower()}", kind)
    for kind, label in KINDS.items()
}

FIGURES = (paid, *by_kind.values())
