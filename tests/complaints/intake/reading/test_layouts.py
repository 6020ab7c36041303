from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from complaints.intake.reading.dates import certain_day
from complaints.intake.reading.exceptions import AmbiguousDates
from complaints.intake.reading.layouts import decide, sightings_of

TODAY = date(2026, 3, 1)


def orders(raws: Sequence[str], checks: Sequence[str] | None = None, **told: Any) -> dict[str, str]:
    witnesses = [certain_day(check) for check in checks] if checks else [None] * len(raws)
    return decide("Date", sightings_of(zip(raws, witnesses, strict=True)), **told)


def test_one_impossible_month_settles_the_order() -> None:
    assert orders(["3/4/2020", "3/18/2020"]) == {"/4": "mdy"}
    assert orders(["3/4/2020", "18/3/2020"]) == {"/4": "dmy"}
    assert orders(["3/4/20", "3/18/20"]) == {"/2": "mdy"}


def test_when_nothing_settles_it_the_question_carries_examples_in_both_readings() -> None:
    with pytest.raises(AmbiguousDates) as question:
        orders(["3/4/2020", "3/4/2020", "5/6/2020"])
    assert question.value.column == "Date"
    assert question.value.orders == ("dmy", "mdy")
    assert question.value.examples[0] == ("3/4/2020", {"dmy": date(2020, 4, 3), "mdy": date(2020, 3, 4)})
    assert len(question.value.examples) == 2


def test_the_answer_settles_it() -> None:
    assert orders(["3/4/2020"], order="dmy") == {"/4": "dmy"}
    assert orders(["15-04-22"], order="ymd") == {"-2": "ymd"}


def test_an_answer_that_cannot_apply_leaves_the_question_open() -> None:
    with pytest.raises(AmbiguousDates):
        orders(["3/4/2020"], order="ymd")


def test_dates_that_read_the_same_either_way_raise_no_question() -> None:
    assert orders(["4/4/2020", "5/5/2020"])["/4"] in {"dmy", "mdy"}


def test_iso_and_named_dates_need_no_order() -> None:
    assert orders(["2020-03-04", "4 March 2020", "20200304"]) == {}


def test_one_slip_in_a_long_column_overturns_nothing_but_two_camps_are_a_question() -> None:
    assert orders([*(f"3/{day}/2020" for day in range(1, 32)), "31/3/2020"] * 2) == {"/4": "mdy"}
    with pytest.raises(AmbiguousDates):
        orders(["3/18/2020", "18/3/2020"])


def test_a_witness_in_the_same_row_outweighs_everything() -> None:
    assert orders(["4/8/2015", "5/8/2015"], ["4-Aug-15", "5-Aug-15"]) == {"/4": "dmy"}
    assert orders(["4/8/2015", "5/8/2015"], ["8-Apr-15", "8-May-15"]) == {"/4": "mdy"}


def test_two_digit_years_come_last_unless_the_column_proves_otherwise() -> None:
    assert orders(["22-04-15", "18-04-15"]) == {"-2": "dmy"}
    assert orders(["22-04-15", "28-06-15"], latest=TODAY) == {"-2": "dmy"}
    assert orders(["15-04-22", "15-04-28", "15-11-30"], latest=TODAY) == {"-2": "ymd"}
    assert orders(["99-04-22", "98-04-02"]) == {"-2": "ymd"}


def test_a_reading_that_would_lie_in_the_future_counts_against_its_order() -> None:
    assert orders(["3/4/2026", "1/2/2026", "2/1/2026"], latest=date(2026, 3, 10)) == {"/4": "mdy"}


def test_a_column_torn_in_two_by_a_spreadsheet_is_read_by_its_unhurt_half() -> None:
    hurt = ["4/8/2015", "5/7/2015", "6/12/2015"]
    assert orders(["22-04-15", "18-04-15", "13-06-15", "26-05-15", *hurt]) == {"-2": "dmy", "/4": "dmy"}


def test_two_layouts_that_both_have_early_days_are_two_hands_and_a_question() -> None:
    with pytest.raises(AmbiguousDates):
        orders(["22-04-15", "05-04-15", "13-06-15", "26-05-15", "4/8/2015", "5/7/2015"])


def test_short_and_long_years_with_the_same_separator_are_one_hand() -> None:
    assert orders(["3/18/2020", "3/4/20"]) == {"/4": "mdy", "/2": "mdy"}


def test_every_shape_in_a_column_has_its_own_order() -> None:
    raws = ["18.03.2020", "3/18/2020", "2020-03-18"]
    assert orders(raws) == {".4": "dmy", "/4": "mdy"}


def test_what_is_no_date_at_all_is_no_evidence() -> None:
    assert orders(["", "n/a", "99/99/2020", "3/18/2020"]) == {"/4": "mdy"}


def test_a_few_odd_cells_in_a_clear_column_are_no_reason_to_ask() -> None:
    assert orders(["2020-03-18"] * 19 + ["4/8/2015"]) == {}
    with pytest.raises(AmbiguousDates):
        orders(["2020-03-18"] * 18 + ["4/8/2015"])
