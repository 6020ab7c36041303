"""Ofcom General Condition C4: eight weeks until 7 April 2026, six from then. Easter Monday 2026 is 6 April."""

from datetime import datetime

import pytest

from complaints.policies.simulator import simulate
from tests.complaints.policies.calendars import london
from tests.complaints.policies.lives import HOUSE, Told, assert_told, midnight, pack_of

LAST_OF_EIGHT = london(2026, 4, 7, 23, 30)
FIRST_OF_SIX = london(2026, 4, 8, 0, 5)


def test_the_last_complaint_under_eight_weeks() -> None:
    pack = pack_of("uk_telecom", LAST_OF_EIGHT)
    assert pack.version == 1
    expected: Told = {
        "acknowledgement": (london(2026, 4, 8, 17), HOUSE),
        "update": (london(2026, 4, 14, 17), HOUSE),  # 8, 9, 10, 13, 14
        "resolve": (london(2026, 5, 6, 17), HOUSE),  # 18 to 1 May, bank holiday on the 4th, 5, 6
        "final_response": (midnight(london(2026, 6, 2)), "C4, as told in Ofcom's news"),  # 23 + 31 + 2
    }
    assert_told(simulate(pack, LAST_OF_EIGHT), expected)


def test_the_first_complaint_under_six_weeks_is_due_before_it() -> None:
    pack = pack_of("uk_telecom", FIRST_OF_SIX)
    assert pack.version == 2
    expected: Told = {
        "acknowledgement": (london(2026, 4, 9, 17), HOUSE),
        "update": (london(2026, 4, 15, 17), HOUSE),
        "resolve": (london(2026, 5, 7, 17), HOUSE),
        "final_response": (midnight(london(2026, 5, 20)), "C4 as amended"),  # 22 days to 30 April, 20 more
    }
    assert_told(simulate(pack, FIRST_OF_SIX), expected)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (london(2026, 10, 14, 9), london(2026, 11, 25)),  # 17 + 25; the clocks go back on 25 October
        (london(2028, 1, 18, 9), london(2028, 2, 29)),  # 13 + 29: leap day itself
        (london(2026, 12, 31, 23, 59), london(2027, 2, 11)),  # 31 + 11
        (london(2025, 12, 31, 9), london(2026, 2, 25)),  # eight weeks: 31 + 25
    ],
)
def test_the_weeks_run_over_leap_day_new_year_and_clock_change(received: datetime, due: datetime) -> None:
    found = simulate(pack_of("uk_telecom", received), received)
    assert {one.clock: one.due_at for one in found}["final_response"] == midnight(due)
