"""LGSCO Complaint Handling Code: 5, 10 (and 10), 5, 20 (and 20) working days; another person at stage 2."""

from datetime import datetime
from typing import Unpack

import pytest

from complaints.policies.deadlines import Moments
from complaints.policies.extending import Notice
from complaints.policies.facts import Facts
from complaints.policies.simulator import not_started, simulate
from tests.complaints.policies.calendars import london
from tests.complaints.policies.lives import HOUSE, Told, assert_told, midnight, pack_of

# Wednesday. Closed: Friday 25, Monday 28 December, Friday 1 January.
RECEIVED = london(2026, 12, 23, 14)
ACKNOWLEDGED = london(2026, 12, 29, 10)
# Wednesday. Closed: Good Friday 26, Monday 29 March, Monday 3 May; summer time begins on 28 March.
REQUESTED = london(2027, 3, 24, 9)
REQUEST_ACKNOWLEDGED = london(2027, 4, 1, 12)
PACK = pack_of("uk_council", RECEIVED)
STAGE_1 = (midnight(london(2027, 1, 13)), "Code, 6.3")  # 2 to 31 December, 7 to 8 January, 11, 12, 13
BEFORE: Told = {
    "acknowledgement": (midnight(london(2027, 1, 4)), "Code, 6.2"),  # 24, 29, 30, 31, 4
    "update": (london(2027, 1, 4, 17), HOUSE),
}


def test_stage_one_has_no_date_before_the_acknowledgement() -> None:
    assert_told(simulate(PACK, RECEIVED), BEFORE)
    waits = [(one.clock.code, one.waits_for) for one in not_started(PACK, RECEIVED)]
    assert waits == [("stage1_response", "the acknowledgement")]


def test_stage_one_counts_from_the_acknowledgement() -> None:
    assert_told(simulate(PACK, RECEIVED, acknowledged_at=ACKNOWLEDGED), BEFORE | {"stage1_response": STAGE_1})


@pytest.mark.parametrize(
    ("until", "due"),
    [
        (None, midnight(london(2027, 1, 27))),  # 12 to 15 January, 17 to 22, 25, 26, 27
        (london(2027, 1, 20, 17), london(2027, 1, 20, 17)),  # what the notice promised
        (london(2027, 2, 5, 17), midnight(london(2027, 1, 27))),  # more than ten days is not computed
        (london(2027, 1, 4, 17), STAGE_1[0]),  # a notice takes nothing away
    ],
)
def test_one_extension_of_up_to_ten_working_days(until: datetime | None, due: datetime) -> None:
    notice = Notice("stage1_response", london(2027, 1, 12, 9), until)
    expected = BEFORE | {"stage1_response": (due, "Code, 6.3")}
    assert_told(simulate(PACK, RECEIVED, acknowledged_at=ACKNOWLEDGED, notices=[notice]), expected)


def stage_two(*notices: Notice, **moments: Unpack[Moments]) -> dict[str, tuple[datetime, str]]:
    moments["last_message_at"] = REQUEST_ACKNOWLEDGED
    found = simulate(PACK, RECEIVED, facts=Facts(stage="stage2"), notices=notices, **moments)
    return {one.clock: (one.due_at, one.source) for one in found if one.clock != "update"}


def test_stage_two_counts_from_the_request_and_then_from_its_acknowledgement() -> None:
    asked = stage_two(stage_requested_at=REQUESTED)
    assert {code: due for code, (due, _) in asked.items()} == {
        "stage2_acknowledgement": midnight(london(2027, 4, 2)),  # 25, 30, 31, 1, 2
    }
    both = stage_two(stage_requested_at=REQUESTED, stage_acknowledged_at=REQUEST_ACKNOWLEDGED)
    # 1 on 2 April, 6 to 9, 11, 16, 20 from 26 to 29
    assert both["stage2_response"][0] == midnight(london(2027, 4, 29))
    assert "stage 2" in both["stage2_response"][1]
    # 21 on 30 April, 25 to 7 May, 30, 35, 40 from 24 to 28
    notice = Notice("stage2_response", london(2027, 4, 28, 9))
    longer = stage_two(notice, stage_requested_at=REQUESTED, stage_acknowledged_at=REQUEST_ACKNOWLEDGED)
    assert longer["stage2_response"][0] == midnight(london(2027, 5, 28))


def test_who_decided_stage_one_may_not_decide_stage_two() -> None:
    assert PACK.stage("stage2").reviewer_not == ("stage1",)
    assert PACK.stage("stage1").reviewer_not == ()
