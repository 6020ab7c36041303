"""Which order the numeric dates of a column are in, decided from evidence and never from habit."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from complaints.intake.reading.exceptions import AmbiguousDates, BadDate
from complaints.intake.reading.moments import FIXED, Written, day_of, orders_of, written

Orders = Mapping[str, str]
_ODDS = 19  # one slip in twenty does not overturn what the rest of a column says
_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Sighting:
    """A date as written, with the same day as another column of the same row has it, where that is beyond doubt."""

    raw: str
    found: Written
    witness: date | None = None

    def readings(self, latest: date | None) -> dict[str, date]:
        readings: dict[str, date] = {}
        for order in orders_of(self.found.shape):
            with suppress(BadDate):
                day = day_of(self.found, order)
                if latest is None or day <= latest:
                    readings[order] = day
        return readings


class _Evidence:
    """What the dates of one shape say about their order.

    A two-digit year in front is so rare that it needs proof; the other orders need only not be disproved.
    """

    def __init__(self, sightings: Sequence[Sighting], latest: date | None) -> None:
        self.seen: list[tuple[str, dict[str, date]]] = []
        self.open_questions: list[tuple[str, dict[str, date]]] = []
        self.against: Counter[str] = Counter()
        self.witnessed: Counter[str] = Counter()
        self.orders = orders_of(sightings[0].found.shape)
        for sighting in sightings:
            self._weigh(sighting, sighting.readings(latest))

    def _weigh(self, sighting: Sighting, readings: dict[str, date]) -> None:
        if not readings:
            return
        self.seen.append((sighting.raw, readings))
        self.against.update(order for order in self.orders if order not in readings)
        if sighting.witness in readings.values() and len(set(readings.values())) > 1:
            self.witnessed.update(order for order in self.orders if readings.get(order) != sighting.witness)
            self.witnessed[""] += 1
        if len({readings.get("dmy"), readings.get("mdy")} - {None}) > 1:
            self.open_questions.append((sighting.raw, readings))

    def verdict(self) -> str | None:
        """None where day and month cannot be told apart."""
        against = self.witnessed if self.witnessed[""] else self.against
        standing = [order for order in self.orders if self._survives(order, against)]
        if "ymd" in standing and len(standing) > 1:
            standing.remove("ymd")
        if len(standing) == 1 or (standing and not self.open_questions):
            return standing[0]
        return None

    def _survives(self, order: str, against: Counter[str]) -> bool:
        rivals = [against[rival] for rival in self.orders if rival != order]
        return against[order] == 0 or (
            bool(rivals) and against[order] * _ODDS <= max(rivals) and self._best(order, against)
        )

    def _best(self, order: str, against: Counter[str]) -> bool:
        return against[order] == min(against[rival] for rival in self.orders)

    def examples(self) -> list[tuple[str, dict[str, date]]]:
        return list({raw: (raw, readings) for raw, readings in self.open_questions or self.seen}.values())[
            :_EXAMPLES
        ]


def sightings_of(cells: Iterable[tuple[str, date | None]]) -> list[Sighting]:
    seen: list[Sighting] = []
    for raw, witness in cells:
        with suppress(BadDate):
            seen.append(Sighting(raw.strip(), written(raw), witness))
    return seen


def decide(
    column: str,
    sightings: Sequence[Sighting],
    *,
    order: str | None = None,
    latest: date | None = None,
    known: Orders | None = None,
) -> dict[str, str]:
    """The order of every shape in the column: told, proved, or carried over from a sister; else AmbiguousDates.

    A few odd cells in a column that is otherwise clear are no reason to ask: their shape stays unsettled, and they are
    refused one by one.
    """
    by_shape: dict[str, list[Sighting]] = defaultdict(list)
    for sighting in sightings:
        if sighting.found.shape != FIXED:
            by_shape[sighting.found.shape].append(sighting)
    evidence = {shape: _Evidence(members, latest) for shape, members in by_shape.items()}
    decided = {
        shape: told if (told := _told(shape, order)) else found.verdict() for shape, found in evidence.items()
    }
    settled = {shape: verdict for shape, verdict in decided.items() if verdict}
    for shape in evidence.keys() - settled.keys():
        carried = (known or {}).get(shape) or _carried_over(shape, by_shape, settled)
        if carried and not evidence[shape].against[carried]:
            settled[shape] = carried
        elif len(by_shape[shape]) * (_ODDS + 1) > len(sightings):
            raise AmbiguousDates(column, evidence[shape].examples())
    return settled


def _told(shape: str, order: str | None) -> str | None:
    return order if order in orders_of(shape) else None


def _carried_over(shape: str, by_shape: Mapping[str, Sequence[Sighting]], settled: Orders) -> str | None:
    """A spreadsheet that meets `22-04-15` and `04-08-15` rewrites only those it takes for dates, as `4/8/2015`.

    So where a settled sister never has a day up to twelve, and this one never has one above, they are one column that
    was torn in two, and the order of the one is the order of the other. A sister that differs only in the width of
    its year is the same hand as well.
    """
    for sister, order in settled.items():
        same_hand = sister[0] == shape[0]
        if order in orders_of(shape) and (
            same_hand or (order != "mdy" and _never_doubtful(by_shape[sister], order))
        ):
            return order
    return None


def _never_doubtful(sightings: Sequence[Sighting], order: str) -> bool:
    days = {sighting.found.parts[order.index("d")] for sighting in sightings}
    return len(days) > 3 and min(days) > 12  # noqa: PLR2004 - no month is above twelve; a few days prove nothing
