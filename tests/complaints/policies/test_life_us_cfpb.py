"""CFPB portal: 15 and 60 calendar days from the day the complaint was sent there."""

from complaints.policies.extending import Notice
from complaints.policies.simulator import not_started, simulate
from tests.complaints.policies.lives import HOUSE, Told, assert_told, midnight, new_york, pack_of

RECEIVED = new_york(
    2026, 12, 18, 16
)  # Friday; Christmas and New Year's Day are Fridays, 18 January is Dr King's
SPRING = new_york(2026, 3, 2, 9)  # Monday; summer time begins on 8 March, there is no holiday in March
PACK = pack_of("us_cfpb", RECEIVED)
SERVICE: Told = {
    "acknowledgement": (new_york(2026, 12, 21, 17), HOUSE),
    "update": (new_york(2026, 12, 28, 17), HOUSE),  # 21 to 24, 28
    "resolve": (new_york(2027, 1, 20, 17), HOUSE),  # 4, 8 to 31 December, 13 to 8 January, 18 to 15, 19, 20
}


def test_a_complaint_from_the_portal_over_new_year() -> None:
    expected = SERVICE | {"portal_response": (midnight(new_york(2027, 1, 2)), "Portal Manual")}  # 13 + 2
    assert_told(simulate(PACK, RECEIVED, external_at=RECEIVED), expected)


def test_the_day_it_was_sent_counts_and_not_the_day_we_saw_it() -> None:
    found = simulate(PACK, SPRING, external_at=new_york(2026, 2, 27, 18))
    assert {one.clock: one.due_at for one in found}["portal_response"] == midnight(new_york(2026, 3, 14))


def test_in_progress_in_time_gives_sixty_days_from_the_same_start() -> None:
    interim = Notice("portal_response", new_york(2026, 3, 16, 12))
    expected: Told = {
        "acknowledgement": (new_york(2026, 3, 3, 17), HOUSE),
        "update": (new_york(2026, 3, 9, 17), HOUSE),
        "resolve": (new_york(2026, 3, 30, 17), HOUSE),
        "portal_response": (midnight(new_york(2026, 5, 1)), "Portal Manual"),  # 29 + 30 + 1
    }
    assert_told(simulate(PACK, SPRING, external_at=SPRING, notices=[interim]), expected)


def test_a_complaint_that_came_straight_to_us_has_no_portal_date() -> None:
    assert_told(simulate(PACK, RECEIVED), SERVICE)
    waits = [(one.clock.code, one.waits_for) for one in not_started(PACK, RECEIVED)]
    assert waits == [("portal_response", "the date set by somebody else")]
