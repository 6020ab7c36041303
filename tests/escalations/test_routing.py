from itertools import permutations
from typing import Any

from django.contrib.auth.models import Group

from escalations.models import Queue
from escalations.routing import Seat, route


def seat(name: str, level: int = 1, **details: Any) -> Seat:
    queue = Queue(name=name, level=level, group=Group(name=name))
    queue.pk = hash(name) % 10_000 + level
    return Seat(
        queue=queue,
        reasons=frozenset(details.pop("reasons", ())),
        categories=frozenset(details.pop("categories", ())),
        **details,
    )


def name(*seats: Seat, reason: str = "overdue", category: int | None = None, above: int = 0) -> str | None:
    """The same whatever the order in which the queues are looked at."""
    found = {route(order, reason=reason, category=category, above=above) for order in permutations(seats)}
    assert len(found) == 1
    queue = found.pop()
    return queue.name if queue else None


def test_the_lowest_queue_is_asked_first() -> None:
    assert name(seat("top", 3), seat("low", 1), seat("middle", 2)) == "low"


def test_a_queue_takes_only_its_reasons() -> None:
    assert name(seat("media", 1, reasons=["media"]), seat("all", 2)) == "all"
    assert name(seat("media", 1, reasons=["media"]), seat("all", 2), reason="media") == "media"


def test_a_queue_takes_only_its_categories() -> None:
    assert name(seat("billing", 1, categories=[7]), seat("all", 2), category=7) == "billing"
    assert name(seat("billing", 1, categories=[7]), seat("all", 2), category=8) == "all"
    assert name(seat("billing", 1, categories=[7]), seat("all", 2), category=None) == "all"


def test_of_one_level_the_more_particular_queue_is_meant() -> None:
    assert name(seat("all"), seat("billing", categories=[7]), category=7) == "billing"
    assert (
        name(seat("all"), seat("late", reasons=["overdue"]), seat("billing", categories=[1]), category=1)
        == "late"
    )


def test_a_queue_that_may_not_grant_it_is_stepped_over() -> None:
    assert name(seat("low", 1, may_grant=False), seat("high", 2)) == "high"


def test_where_nobody_may_grant_it_the_highest_is_asked() -> None:
    assert name(seat("low", 1, may_grant=False), seat("high", 2, may_grant=False)) == "high"


def test_a_queue_without_hands_is_stepped_over() -> None:
    assert name(seat("low", 1, has_hands=False), seat("high", 2)) == "high"


def test_a_queue_without_hands_is_better_than_none() -> None:
    assert name(seat("only", 1, has_hands=False)) == "only"


def test_what_no_queue_takes_goes_to_the_highest() -> None:
    assert name(seat("billing", 1, categories=[7]), seat("media", 2, reasons=["media"])) == "media"


def test_passing_up_never_stays_on_the_level() -> None:
    assert name(seat("low", 1), seat("other", 1), seat("high", 2), above=1) == "high"
    assert name(seat("low", 1), seat("high", 2), above=2) is None


def test_without_queues_there_is_nowhere_to_go() -> None:
    assert route([], reason="overdue", category=None) is None
