"""FCA DISP 1: 8 weeks, 15 and 35 business days, the third business day, six months."""

import pytest

from complaints.policies.extending import Notice
from complaints.policies.facts import Dispute, Facts
from complaints.policies.schema import OnExpiry
from complaints.policies.simulator import simulate
from tests.complaints.policies.calendars import london
from tests.complaints.policies.lives import HOUSE, Told, assert_told, midnight, pack_of, waiting

MAY = london(2026, 5, 1, 10)  # Friday; bank holidays on Monday 4 and Monday 25 May
CHRISTMAS = london(2026, 12, 19, 11)  # a Saturday: received that day, day one is Monday 21
PACK = pack_of("uk_disp", MAY)

GENERAL: Told = {
    "acknowledgement": (london(2026, 5, 5, 17), "DISP 1.6.1"),
    "summary_window": (london(2026, 5, 7, 17), "DISP 1.5"),  # 5, 6, 7
    "update": (london(2026, 5, 11, 17), "DISP 1.6.1"),
    "resolve": (london(2026, 6, 2, 17), HOUSE),  # 4 to 8 May, 9, 14, 18 to 29, 1 and 2 June
    "final_response": (midnight(london(2026, 6, 26)), "DISP 1.6.2 R"),  # 30 days to 31 May, 26 more
}
PAYMENT: Told = {
    "acknowledgement": (london(2026, 12, 21, 17), "DISP 1.6.1"),
    "summary_window": (london(2026, 12, 23, 17), "DISP 1.5"),
    "update": (london(2026, 12, 29, 17), "DISP 1.6.1"),  # 21 to 24, 29: Christmas and its Monday are skipped
    # 4 to 24 December, 7 to 31, 12 to 8 January, 11, 12, 13
    "payment_response": (midnight(london(2027, 1, 13)), "DISP 1.6.2A"),
}


def test_a_general_complaint_over_two_bank_holidays() -> None:
    assert_told(simulate(PACK, MAY), GENERAL)


def test_the_ombudsman_is_open_for_six_months_after_the_final_response() -> None:
    answered = simulate(PACK, MAY, answered_at=london(2026, 6, 26, 16))
    assert_told(answered, GENERAL | {"referral": (midnight(london(2026, 12, 26)), "DISP 2.8.2")})
    at_month_end = simulate(PACK, MAY, answered_at=london(2026, 8, 31, 12))
    assert at_month_end[-1].due_at == midnight(london(2027, 2, 28))  # there is no 31 February


@pytest.mark.parametrize("dispute", [Dispute.PAYMENT, Dispute.EMONEY])
def test_a_payment_or_emoney_complaint_over_christmas(dispute: Dispute) -> None:
    assert_told(simulate(PACK, CHRISTMAS, facts=Facts(dispute)), PAYMENT)


def test_a_holding_response_in_time_gives_thirty_five_business_days() -> None:
    held = [Notice("payment_response", london(2027, 1, 13, 18))]
    # 15 to 13 January, 17 to 15, 22, 27 to 29 January, 32 to 5 February, 8, 9, 10
    expected = PAYMENT | {"payment_response": (midnight(london(2027, 2, 10)), "DISP 1.6.2A")}
    found = simulate(PACK, CHRISTMAS, facts=Facts(Dispute.PAYMENT), notices=held)
    assert_told(found, expected)
    assert found[-1].first_due_at == PAYMENT["payment_response"][0]


def test_a_holding_response_after_the_fifteenth_day_gives_nothing() -> None:
    late = [Notice("payment_response", london(2027, 1, 14, 9))]
    found = simulate(PACK, CHRISTMAS, facts=Facts(Dispute.PAYMENT), notices=late)
    assert_told(found, PAYMENT)
    assert found[-1].reasons[-1] == (
        "The notice of Thursday 14 Jan 2027, 09:00 came when the time was up: it moves nothing."
    )


def test_a_question_to_the_customer_never_stops_the_regulator() -> None:
    asked = waiting(london(2026, 5, 6, 9), london(2026, 5, 13, 9))  # over the closes of 6, 7, 8, 11, 12
    moved = GENERAL | {
        "update": (london(2026, 5, 18, 17), "DISP 1.6.1"),  # 5, then 13, 14, 15, 18
        "resolve": (london(2026, 6, 9, 17), HOUSE),  # five later: 3, 4, 5, 8, 9 June
    }
    assert_told(simulate(PACK, MAY, pauses=[asked]), moved)


def test_nobody_is_late_when_a_window_ends() -> None:
    windows = {one.clock for one in simulate(PACK, MAY, answered_at=MAY) if one.on_expiry is OnExpiry.NONE}
    assert windows == {"summary_window", "referral"}
