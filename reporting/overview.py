"""The first page: what came in, what went out, how well, and what it was about."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, F, Sum

from reporting.counting import counts, grouped
from reporting.dimensions import CAUSE
from reporting.durations import durations
from reporting.figures import (
    FIGURES,
    Figure,
    Rate,
    clocks,
    ledger,
    redress,
    satisfaction,
    supervision,
    volumes,
)
from reporting.scope import Scope
from reporting.shown import Number, Share, Took, number, share

MOST_CAUSES = 10
PENNY = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Bars:
    """A short table with a bar to each row."""

    title: str
    dated: str
    rows: list[Number]
    about: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(row.value for row in self.rows)


@dataclass(frozen=True, slots=True)
class OnTime:
    """A rate on its clocks, with what was left out of it."""

    share: Share
    missed: Number
    running: Number
    let_go: Number

    @property
    def all(self) -> int:
        return self.share.whole.value + self.running.value

    @property
    def widths(self) -> tuple[float, float, float]:
        """Kept, missed and running, in hundredths of the bar."""
        parts = (self.share.part.value, self.missed.value, self.running.value)
        kept, missed, running = (100 * part / self.all if self.all else 0.0 for part in parts)
        return round(kept, 2), round(missed, 2), round(running, 2)


@dataclass(frozen=True, slots=True)
class Paid:
    """Payments of one kind in one currency."""

    number: Number
    currency: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Overview:
    scope: Scope
    volumes: list[Number] = field(default_factory=list)
    on_time: list[OnTime] = field(default_factory=list)
    took: list[Took] = field(default_factory=list)
    backlog: list[Bars] = field(default_factory=list)
    outcomes: Share | None = None
    verdicts: list[Bars] = field(default_factory=list)
    causes: Bars | None = None
    coming_back: list[Share] = field(default_factory=list)
    offers: list[Number] = field(default_factory=list)
    acceptance: Share | None = None
    paid: list[Paid] = field(default_factory=list)
    totals: list[tuple[str, Decimal, int]] = field(default_factory=list)
    escalations: list[Number] = field(default_factory=list)
    reasons: Bars | None = None
    satisfaction: list[Share] = field(default_factory=list)
    scores: Bars | None = None


VOLUMES = (
    volumes.received,
    ledger.acknowledged,
    ledger.answered,
    volumes.closed,
    ledger.reopened,
    volumes.withdrawn,
    volumes.merged,
    volumes.open_now,
)
OFFERS = (ledger.offers_sent, ledger.offers_accepted, ledger.offers_declined, ledger.offers_lapsed)
ESCALATIONS = (supervision.raised, supervision.answered, supervision.passed_up, supervision.moot)
CLOCKS = (
    (clocks.thanked_on_time, clocks.thanks),
    (clocks.answered_on_time, clocks.service),
    (clocks.answered_in_law, clocks.statutory),
)


def overview(scope: Scope) -> Overview:
    numbers = counts(FIGURES.values(), scope)
    paid = _paid(scope)

    def each(figures: Iterable[Figure]) -> list[Number]:
        return [number(figure, numbers[figure.code], scope) for figure in figures]

    def shares(*rates: Rate) -> list[Share]:
        return [share(rate, numbers, scope) for rate in rates]

    return Overview(
        scope,
        volumes=each(VOLUMES),
        on_time=[_on_time(rate, ends, numbers, scope) for rate, ends in CLOCKS],
        took=[
            Took(span, number(span.figure, numbers[span.figure.code], scope), durations(span, scope))
            for span in (ledger.to_acknowledge, ledger.to_answer)
        ],
        backlog=[
            _bars("By age since receipt", volumes.open_by_age, numbers, scope),
            _bars("By state", volumes.open_by_state, numbers, scope, skip_empty=True),
        ],
        outcomes=share(ledger.upheld_rate, numbers, scope),
        verdicts=[
            _bars("By outcome", ledger.outcomes, numbers, scope),
            _bars("By fault found", ledger.faults, numbers, scope),
        ],
        causes=_causes(scope),
        coming_back=shares(ledger.first_contact, ledger.reopen_rate, volumes.repeat_rate),
        offers=each(OFFERS),
        acceptance=share(ledger.acceptance, numbers, scope),
        paid=paid,
        totals=_totals(paid),
        escalations=each(ESCALATIONS),
        reasons=_bars("By reason", supervision.by_reason, numbers, scope, skip_empty=True),
        satisfaction=shares(satisfaction.satisfaction, satisfaction.response),
        scores=_bars("By score", satisfaction.by_score, numbers, scope),
    )


def _bars(
    title: str, figures: Iterable[Figure], numbers: dict[str, int], scope: Scope, *, skip_empty: bool = False
) -> Bars:
    shown = [figure for figure in figures if numbers[figure.code] or not skip_empty]
    most = max((numbers[figure.code] for figure in shown), default=0)
    dated = shown[0].dated_words if shown else ""
    return Bars(title, dated, [number(one, numbers[one.code], scope, most=most) for one in shown])


def _on_time(rate: Rate, ends: dict[str, Figure], numbers: dict[str, int], scope: Scope) -> OnTime:
    missed, running, let_go = (
        number(ends[end], numbers[ends[end].code], scope) for end in ("missed", "running", "let_go")
    )
    return OnTime(share(rate, numbers, scope), missed, running, let_go)


def _causes(scope: Scope) -> Bars:
    figure, names = volumes.caused, CAUSE.names()
    found = grouped([figure], CAUSE, scope)
    ranked = sorted(
        ((value, numbers[figure.code]) for value, numbers in found.items()),
        key=lambda one: (-one[1], names.get(one[0], "")),
    )[:MOST_CAUSES]
    most = ranked[0][1] if ranked else 0
    rows = [
        number(
            figure,
            found,
            scope,
            title=names.get(value, str(value)),
            most=most,
            narrowing={"cause": str(value)},
        )
        for value, found in ranked
    ]
    return Bars("Root causes", figure.dated_words, rows, about=figure.says)


def _paid(scope: Scope) -> list[Paid]:
    rows = redress.paid.rows(scope).order_by().values("amount_currency", kind=F("line__kind"))
    summed = rows.annotate(payments=Count("pk"), total=Sum("amount")).order_by("amount_currency", "-total")
    return [
        Paid(
            number(
                redress.by_kind[row["kind"]], row["payments"], scope, {"currency": row["amount_currency"]}
            ),
            row["amount_currency"],
            row["total"].quantize(PENNY),
        )
        for row in summed
    ]


def _totals(paid: list[Paid]) -> list[tuple[str, Decimal, int]]:
    """By currency: the sum, and of how many payments."""
    currencies = sorted({one.currency for one in paid})
    return [
        (
            currency,
            sum((one.amount for one in paid if one.currency == currency), Decimal(0)),
            sum(one.number.value for one in paid if one.currency == currency),
        )
        for currency in currencies
    ]
