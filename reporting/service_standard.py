"""What anybody may know of how we do: our targets, and last quarter's results where there are enough of them."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache

from complaints.policies import library
from complaints.policies.facts import NOTHING_SPECIAL
from complaints.policies.schema import Clock, Pack
from complaints.resolution.models import Complaint
from complaints.resolution.models.complaints import ComplaintQuerySet
from reporting import periods
from reporting.counting import counts
from reporting.durations import durations
from reporting.figures import Rate, clocks, ledger, satisfaction, volumes
from reporting.periods import Period
from reporting.scope import Scope
from reporting.shown import per_cent, spoken

PERIOD = "last-quarter"
KEPT_FOR = 60 * 60 * 12
#: The rates in the words of those they are about.
RATES: tuple[tuple[Rate, str], ...] = (
    (clocks.thanked_on_time, "Complaints acknowledged on time"),
    (clocks.answered_on_time, "Complaints answered within our own standard"),
    (clocks.answered_in_law, "Complaints answered within the limit of the law"),
    (ledger.upheld_rate, "Complaints in which you were right, wholly or in part"),
    (satisfaction.satisfaction, "Customers satisfied, of those who told us"),
)


@dataclass(frozen=True, slots=True)
class Result:
    """`shown` is empty where there were too few to say without pointing at somebody."""

    title: str
    shown: str


@dataclass(frozen=True, slots=True)
class Everyone(Scope):
    """All complaints, whoever may see them: only for numbers too large to point at anybody."""

    def seen(self) -> ComplaintQuerySet:
        return Complaint.objects.all()


def targets(pack: Pack) -> list[Clock]:
    """What a customer without a special dispute may expect; windows that merely end promise nothing."""
    return [clock for clock in pack.clocks_for(NOTHING_SPECIAL) if clock.can_be_missed]


def rules(now: datetime) -> Pack:
    return library.in_force(settings.FIRM_POLICY_PACK, now.astimezone(periods.zone()).date())


def period(now: datetime) -> Period:
    return periods.named(PERIOD, now)


def results(now: datetime, *, at_least: int) -> list[Result]:
    """Last quarter's, worked out twice a day at most: anybody may open this page as often as they like."""
    key = f"service-standard:{period(now).first:%Y-%m-%d}:{at_least}"
    kept: list[dict[str, Any]] | None = cache.get(key)
    if kept is None:
        kept = [asdict(result) for result in _results(now, at_least)]
        cache.set(key, kept, KEPT_FOR)
    return [Result(**one) for one in kept]


def _results(now: datetime, at_least: int) -> Iterable[Result]:
    scope = Everyone(AnonymousUser(), now, period(now), without_imported=True)
    figures = [volumes.received, *(figure for rate, _ in RATES for figure in (rate.part, rate.whole))]
    numbers = counts({figure.code: figure for figure in figures}.values(), scope)
    received = numbers[volumes.received.code]
    yield Result("Complaints received", f"{received:,}" if received >= at_least else "")
    yield Result("Half of them answered within", _half_within(scope, at_least))
    for rate, title in RATES:
        yield Result(title, _share(numbers[rate.part.code], numbers[rate.whole.code], at_least))


def _half_within(scope: Scope, at_least: int) -> str:
    took = durations(ledger.to_answer, scope)
    return spoken(took.median) if took and took.number >= at_least else ""


def _share(part: int, whole: int, at_least: int) -> str:
    return f"{per_cent(part, whole)}%" if whole >= at_least else ""
