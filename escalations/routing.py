"""Which queue a question goes to: the lowest that fits. Pure; `seats` gathers what must be known."""

from collections.abc import Iterable
from dataclasses import dataclass

from escalations.models import Queue


@dataclass(frozen=True, slots=True)
class Seat:
    """A queue, and what it could do with the question at hand.

    `has_hands`: somebody works it who may see the complaint and did not ask the question. `may_grant`: its group's
    authority holds what is asked; true where nothing is.
    """

    queue: Queue
    reasons: frozenset[str]
    categories: frozenset[int]
    has_hands: bool = True
    may_grant: bool = True

    def takes(self, reason: str, category: int | None) -> bool:
        return (not self.reasons or reason in self.reasons) and (
            not self.categories or category in self.categories
        )


def route(seats: Iterable[Seat], *, reason: str, category: int | None, above: int = 0) -> Queue | None:
    """The lowest queue above this level that fits; else the highest, which may be asked anything.

    Between two of one level the more particular one is meant. None where nothing stands above.
    """
    higher = [seat for seat in seats if seat.queue.level > above]
    fitting = [seat for seat in higher if seat.takes(reason, category)]
    able = [seat for seat in fitting if seat.has_hands and seat.may_grant]
    if able:
        return min(able, key=_lowest_first).queue
    for choice in ([seat for seat in fitting if seat.has_hands], [s for s in higher if s.has_hands], higher):
        if choice:
            return min(choice, key=_highest_first).queue
    return None


def _lowest_first(seat: Seat) -> tuple[int, bool, bool, str]:
    return (seat.queue.level, not seat.reasons, not seat.categories, seat.queue.name)


def _highest_first(seat: Seat) -> tuple[int, bool, bool, str]:
    level, any_reason, any_category, name = _lowest_first(seat)
    return (-level, any_reason, any_category, name)
