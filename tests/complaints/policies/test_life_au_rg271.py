"""ASIC RG 271: one business day, five business days, 30 days, 45 for superannuation. Holidays of New South Wales."""

import pytest

from complaints.policies.facts import Dispute, Facts
from complaints.policies.simulator import simulate
from tests.complaints.policies.lives import HOUSE, Told, assert_told, midnight, pack_of, sydney

# Thursday. Closed: Friday 25, Monday 28 for Boxing Day, Friday 1 January, Tuesday 26 January.
CHRISTMAS_EVE = sydney(2026, 12, 24, 10)
# Friday. Closed: Good Friday 3 April, Monday 6; summer time ends on 5 April; Anzac Day on a Saturday, 27 April instead.
BEFORE_EASTER = sydney(2026, 3, 27, 12)
PACK = pack_of("au_rg271", CHRISTMAS_EVE)
COMMON: Told = {
    "acknowledgement": (midnight(sydney(2026, 12, 29)), "RG 271"),
    "update": (sydney(2027, 1, 5, 17), HOUSE),  # 29, 30, 31, 4, 5
    "closing_window": (midnight(sydney(2027, 1, 5)), "RG 271"),
    "resolve": (sydney(2027, 1, 27, 17), HOUSE),  # 3, 8 to 8 January, 13, 18 to 22, 25, 27
}


def test_a_complaint_on_christmas_eve() -> None:
    expected = COMMON | {"final_response": (midnight(sydney(2027, 1, 23)), "RG 271")}  # 7 + 23
    assert_told(simulate(PACK, CHRISTMAS_EVE), expected)


def test_superannuation_has_forty_five_days() -> None:
    expected = COMMON | {"super_response": (midnight(sydney(2027, 2, 7)), "RG 271")}  # 7 + 31 + 7
    assert_told(simulate(PACK, CHRISTMAS_EVE, facts=Facts(Dispute.SUPERANNUATION)), expected)


def test_a_complaint_before_easter_and_the_change_of_the_clocks() -> None:
    expected: Told = {
        "acknowledgement": (midnight(sydney(2026, 3, 30)), "RG 271"),
        "update": (sydney(2026, 4, 7, 17), HOUSE),  # 30, 31, 1, 2, 7
        "closing_window": (midnight(sydney(2026, 4, 7)), "RG 271"),
        "resolve": (sydney(2026, 4, 29, 17), HOUSE),  # 4, 8 to 10 April, 13 to 17, 18 to 24, 28, 29
        "final_response": (midnight(sydney(2026, 4, 26)), "RG 271"),  # 4 + 26
    }
    assert_told(simulate(PACK, BEFORE_EASTER), expected)


@pytest.mark.parametrize(
    ("answered", "until"), [((2027, 1, 23, 9), (2029, 1, 23)), ((2028, 2, 29, 9), (2030, 2, 28))]
)
def test_the_authority_is_open_for_two_years(answered: tuple[int, ...], until: tuple[int, ...]) -> None:
    found = simulate(PACK, CHRISTMAS_EVE, answered_at=sydney(*answered))
    assert {one.clock: one.due_at for one in found}["referral"] == midnight(sydney(*until))
