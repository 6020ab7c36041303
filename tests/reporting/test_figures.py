from datetime import timedelta
from decimal import Decimal

import pytest

from reporting.counting import counts
from reporting.drill import rows_behind
from reporting.durations import durations
from reporting.figures import FIGURES, RATES, ledger
from reporting.overview import overview
from reporting.scope import Scope
from tests.reporting.march import COUNTED, March


def test_every_figure_equals_the_number_counted_by_hand(story: March, scope: Scope) -> None:
    assert {code: number for code, number in counts(FIGURES.values(), scope).items() if number} == COUNTED


def test_every_list_is_as_long_as_its_figure(story: March, scope: Scope) -> None:
    listed = {code: len(list(rows_behind(figure, scope))) for code, figure in FIGURES.items()}
    assert {code: number for code, number in listed.items() if number} == COUNTED


def test_what_a_clock_came_to_is_exactly_one_thing(story: March, scope: Scope) -> None:
    numbers = counts(FIGURES.values(), scope)
    for clock in ("thanks", "service", "statutory"):
        ends = [numbers[f"{clock}_{end}"] for end in ("kept", "missed", "running", "let_go")]
        assert sum(ends) == 13, clock  # fourteen received, less the imported one


@pytest.mark.parametrize("rate", RATES.values(), ids=RATES)
def test_the_part_of_a_rate_is_part_of_its_whole(story: March, scope: Scope, rate: object) -> None:
    numbers = counts(FIGURES.values(), scope)
    assert numbers[rate.part.code] <= numbers[rate.whole.code]  # type: ignore[attr-defined]


def test_time_to_answer_is_interpolated_between_the_neighbours(story: March, scope: Scope) -> None:
    took = durations(ledger.to_answer, scope)  # 3, 5, 5, 49 and 50 hours
    assert took is not None
    assert (took.number, took.median) == (5, timedelta(hours=5))
    assert took.ninth_tenth == timedelta(hours=49, minutes=36)


def test_time_to_acknowledge_is_an_hour_for_all(story: March, scope: Scope) -> None:
    took = durations(ledger.to_acknowledge, scope)
    assert took is not None
    assert (took.number, took.median, took.ninth_tenth) == (8, timedelta(hours=1), timedelta(hours=1))


def test_currencies_are_never_added_up(story: March, scope: Scope) -> None:
    page = overview(scope)
    assert [(one.currency, one.number.figure.code, one.amount) for one in page.paid] == [
        ("EUR", "redress_compensation", Decimal(80)),
        ("GBP", "redress_refund", Decimal(100)),
        ("GBP", "redress_goodwill", Decimal(50)),
    ]
    assert page.totals == [("EUR", Decimal(80), 1), ("GBP", Decimal(150), 2)]
