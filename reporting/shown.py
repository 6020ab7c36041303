"""Numbers as a reader sees them: each with the way to its list, and no percentage of too few."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

from django.urls import reverse

from reporting.durations import Durations
from reporting.figures import Figure, Rate, Span
from reporting.scope import Scope

#: Of fewer than these a percentage says more than is known; the counts are shown instead.
FEWEST = 5
NOTHING = "–"
#: What an address says beside its scope to mean one row of a table.
Narrowing = Mapping[str, str]
EVERYWHERE: Narrowing = MappingProxyType({})
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def list_address(figure: Figure, scope: Scope, narrowing: Narrowing = EVERYWHERE) -> str:
    return f"{reverse('reporting:list')}?{scope.address(**narrowing, figure=figure.code)}"


def per_cent(part: int, whole: int) -> int:
    """Rounded half up to a whole."""
    share = Decimal(100 * part) / Decimal(whole)
    return int(share.quantize(Decimal(1), rounding=ROUND_HALF_UP))


@dataclass(frozen=True, slots=True)
class Number:
    """A figure's number, by which address its list opens, and how long its bar is beside its neighbours."""

    figure: Figure
    value: int
    address: str
    title: str = ""
    most: int = 0

    @property
    def name(self) -> str:
        return self.title or self.figure.title

    @property
    def width(self) -> int:
        return per_cent(self.value, self.most) if self.most else 0


@dataclass(frozen=True, slots=True)
class Share:
    """A rate's two counts, and the percentage where there are enough of them."""

    rate: Rate
    part: Number
    whole: Number

    @property
    def shown(self) -> str:
        if self.whole.value >= FEWEST:
            return f"{per_cent(self.part.value, self.whole.value)}%"
        return self.counts if self.whole.value else NOTHING

    @property
    def counts(self) -> str:
        return f"{self.part.value:,} of {self.whole.value:,}"

    @property
    def is_small(self) -> bool:
        return 0 < self.whole.value < FEWEST


@dataclass(frozen=True, slots=True)
class Took:
    """How long it took: middle and ninth tenth, where there are enough of them."""

    span: Span
    number: Number
    durations: Durations | None

    @property
    def is_enough(self) -> bool:
        return self.durations is not None and self.durations.number >= FEWEST

    @property
    def median(self) -> str:
        return spoken(self.durations.median) if self.durations and self.is_enough else NOTHING

    @property
    def ninth_tenth(self) -> str:
        return spoken(self.durations.ninth_tenth) if self.durations and self.is_enough else NOTHING


def spoken(took: timedelta) -> str:
    """`40 min`, `5.5 hours`, `9.3 days`: as exact as anybody can use."""
    if took < HOUR:
        return f"{round(took / MINUTE)} min"
    if took < 2 * DAY:
        return f"{took / HOUR:.1f} hours"
    return f"{took / DAY:.1f} days"


def number(
    figure: Figure,
    value: int,
    scope: Scope,
    narrowing: Narrowing = EVERYWHERE,
    *,
    title: str = "",
    most: int = 0,
) -> Number:
    return Number(figure, value, list_address(figure, scope, narrowing), title, most)


def share(rate: Rate, numbers: Mapping[str, int], scope: Scope, narrowing: Narrowing = EVERYWHERE) -> Share:
    part, whole = numbers.get(rate.part.code, 0), numbers.get(rate.whole.code, 0)
    return Share(rate, number(rate.part, part, scope, narrowing), number(rate.whole, whole, scope, narrowing))
