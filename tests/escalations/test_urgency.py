from dataclasses import replace
from datetime import timedelta

import pytest

from escalations.urgency import Circumstances, factors, in_words, score
from tests.factories import NOW

CALM = Circumstances(
    vulnerable=False,
    serious=False,
    media=False,
    contacts=1,
    often=3,
    next_due_at=None,
    answer_due_at=NOW + timedelta(hours=8),
)


def test_a_calm_matter_weighs_nothing() -> None:
    assert score(CALM, now=NOW) == 0
    assert in_words(CALM, now=NOW) == ""


def test_the_weight_explains_itself() -> None:
    seen = replace(CALM, vulnerable=True, contacts=3, next_due_at=NOW + timedelta(hours=20))
    assert in_words(seen, now=NOW) == "Vulnerable customer +3 · deadline near +2 · third contact +2"
    assert score(seen, now=NOW) == 7


@pytest.mark.parametrize(
    ("change", "points"),
    [
        ({"vulnerable": True}, 3),
        ({"serious": True}, 3),
        ({"media": True}, 2),
        ({"contacts": 2}, 0),
        ({"contacts": 3}, 2),
        ({"contacts": 40}, 2),
        ({"next_due_at": NOW - timedelta(seconds=1)}, 3),
        ({"next_due_at": NOW}, 2),
        ({"next_due_at": NOW + timedelta(days=2)}, 0),
        ({"answer_due_at": NOW - timedelta(seconds=1)}, 2),
    ],
)
def test_each_thing_has_its_weight(change: dict[str, object], points: int) -> None:
    assert score(replace(CALM, **change), now=NOW) == points  # type: ignore[arg-type]


def test_the_sum_is_of_what_is_shown() -> None:
    seen = replace(CALM, vulnerable=True, serious=True, media=True, contacts=12)
    assert score(seen, now=NOW) == sum(factor.points for factor in factors(seen, now=NOW)) == 10
    assert "12th contact +2" in in_words(seen, now=NOW)
