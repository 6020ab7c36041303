"""House rules. Christmas 2026: 25 December a Friday, Boxing Day kept on Monday 28; New Year's Day a Friday."""

from complaints.policies.simulator import simulate
from tests.complaints.policies.calendars import london
from tests.complaints.policies.lives import HOUSE, Told, assert_told, pack_of, waiting

RECEIVED = london(2026, 12, 18, 18, 20)  # Friday after closing: counts as Monday 21
PACK = pack_of("house", RECEIVED)
EXPECTED: Told = {
    "acknowledgement": (london(2026, 12, 22, 17), HOUSE),
    "update": (london(2026, 12, 30, 17), HOUSE),  # 22, 23, 24, 29, 30
    "resolve": (london(2027, 1, 21, 17), HOUSE),  # 6 to 31 Dec, 11 to 8 Jan, 16 to 15 Jan, 18 to 21
    "final_response": (london(2027, 2, 12, 23, 59, 59), HOUSE),  # 56 days after 18 December
}


def test_a_complaint_over_christmas() -> None:
    assert_told(simulate(PACK, RECEIVED), EXPECTED)


def test_a_question_to_the_customer_holds_what_the_house_may_hold() -> None:
    asked = waiting(london(2026, 12, 29, 10), london(2027, 1, 4, 12))  # over the closes of 29, 30 and 31
    moved = EXPECTED | {
        "update": (london(2027, 1, 5, 17), HOUSE),  # 22, 23, 24, then 4 and 5 January
        "resolve": (london(2027, 1, 26, 17), HOUSE),  # three business days later: 22, 25, 26
    }
    assert_told(simulate(PACK, RECEIVED, pauses=[asked]), moved)


def test_eight_weeks_run_over_leap_day_and_over_the_change_of_the_clocks() -> None:
    def final(received: tuple[int, ...]) -> object:
        found = simulate(pack_of("house", london(*received)), london(*received))
        return next(one.due_at for one in found if one.clock == "final_response")

    assert final((2028, 1, 4, 9)) == london(2028, 2, 29, 23, 59, 59)  # 27 days to 31 January, 29 more
    assert final((2026, 3, 6, 9)) == london(2026, 5, 1, 23, 59, 59)  # 25 + 30 + 1; summer time since 29 March
