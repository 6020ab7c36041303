import json
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from complaints.policies.deadlines import Beginnings, ComputedDeadline, deadline_of, deadlines_for, started
from complaints.policies.exceptions import NaiveMoment
from complaints.policies.limits import Limit, Pause, StartRule, limit_from
from complaints.policies.packs import in_force
from complaints.policies.schema import Clock, ClockKind
from tests.complaints.policies.calendars import ENGLAND, ENGLAND_SAME_DAY, london

HOUSE = in_force("house", date(2026, 12, 18))
RECEIVED = london(2026, 12, 18, 18, 20)
WAITED = Pause(london(2026, 12, 29, 10), london(2027, 1, 4, 12), "we asked the customer", "waiting")


def by_clock(received_at: datetime = RECEIVED, **more: object) -> dict[str, ComputedDeadline]:
    return {one.clock: one for one in deadlines_for(HOUSE, received_at, **more)}  # type: ignore[arg-type]


def clock(start: StartRule, limit: str) -> Clock:
    return replace(HOUSE.clock("resolve"), start=start, limit=limit_from(limit))


def test_a_complaint_gets_the_deadlines_of_its_pack_soonest_first() -> None:
    found = [(one.clock, one.due_at) for one in deadlines_for(HOUSE, RECEIVED)]
    assert found == [
        ("acknowledgement", london(2026, 12, 22, 17)),
        ("update", london(2026, 12, 30, 17)),
        ("resolve", london(2027, 1, 21, 17)),
        ("final_response", london(2027, 2, 12, 23, 59, 59)),
    ]


def test_a_pause_moves_the_service_clocks_and_never_a_statutory_one() -> None:
    plain, paused = by_clock(), by_clock(pauses=[WAITED])
    assert plain["resolve"].due_at == london(2027, 1, 21, 17)
    assert paused["resolve"].due_at == london(2027, 1, 26, 17)  # without 29, 30 and 31 December
    assert paused["acknowledgement"].due_at == plain["acknowledgement"].due_at
    assert paused["final_response"] == plain["final_response"]
    elsewhere = replace(WAITED, state="referred")
    assert by_clock(pauses=[elsewhere]) == plain


def test_a_message_to_the_customer_starts_the_update_clock_anew() -> None:
    update = by_clock(last_message_at=london(2027, 1, 6, 11))["update"]
    assert update.due_at == london(2027, 1, 13, 17)
    assert update.reasons[0] == "Last message to the customer Wednesday 6 Jan 2027, 11:00."
    assert by_clock()["update"].reasons[0].startswith("Received Friday 18 Dec 2026")


def test_the_warning_comes_when_its_part_of_the_working_time_is_used_up() -> None:
    acknowledgement = by_clock(london(2026, 6, 1, 9))["acknowledgement"]
    # 16 working hours to Tuesday's close; four fifths are 12 h 48 min
    assert acknowledgement.warn_at == london(2026, 6, 2, 13, 48)
    for one in deadlines_for(HOUSE, RECEIVED, pauses=[WAITED]):
        assert one.started_at < one.warn_at < one.due_at


def test_reasons_are_sentences_that_can_be_stored() -> None:
    for one in deadlines_for(HOUSE, RECEIVED, pauses=[WAITED]):
        assert json.loads(json.dumps(one.reasons)) == list(one.reasons)
        assert all(reason.endswith(".") for reason in one.reasons)
        assert one.rule
        assert one.source
        assert one.label


def test_unexplained_deadlines_are_the_same_without_the_words() -> None:
    plain = deadlines_for(HOUSE, RECEIVED, pauses=[WAITED], explained=False)
    told = deadlines_for(HOUSE, RECEIVED, pauses=[WAITED])
    assert plain == tuple(replace(one, steps=()) for one in told)


def test_a_clock_whose_start_has_not_come_has_no_deadline() -> None:
    stage_one = clock(StartRule.ACKNOWLEDGED, "10 business days")
    assert deadline_of(stage_one, HOUSE, Beginnings(RECEIVED)) is None
    found = deadline_of(stage_one, HOUSE, Beginnings(RECEIVED, acknowledged_at=london(2026, 12, 22, 9)))
    assert found
    assert found.due_at == london(2027, 1, 8, 17)


def test_an_outside_date_starts_its_own_clock() -> None:
    portal = clock(StartRule.EXTERNAL, "15 days, end of day")
    found = deadline_of(portal, HOUSE, Beginnings(RECEIVED, external_at=london(2026, 12, 1, 8)))
    assert found
    assert found.due_at == london(2026, 12, 16, 23, 59, 59)


@pytest.mark.parametrize(
    ("limit", "end"),
    [
        ("1 business day", london(2026, 12, 22, 17)),
        ("3 business days", london(2026, 12, 24, 17)),
        ("14 days", london(2027, 1, 4, 23, 59, 59)),
        ("4 business hours", london(2026, 12, 22, 13)),
    ],
)
def test_the_business_day_after_receipt_is_day_one(limit: str, end: datetime) -> None:
    found = deadline_of(clock(StartRule.NEXT_BUSINESS_DAY, limit), HOUSE, Beginnings(RECEIVED))
    assert found
    assert found.due_at == end


def test_the_business_day_after_a_friday_evening_depends_on_what_the_evening_counts_as() -> None:
    rule = StartRule.NEXT_BUSINESS_DAY
    assert started(rule, Beginnings(RECEIVED), ENGLAND_SAME_DAY) == london(2026, 12, 21, 9)
    assert started(rule, Beginnings(RECEIVED), ENGLAND) == london(2026, 12, 22, 9)


def test_a_receipt_without_a_zone_is_refused() -> None:
    with pytest.raises(NaiveMoment):
        deadlines_for(HOUSE, datetime(2026, 12, 18, 18, 20))  # noqa: DTZ001


def test_statutory_deadlines_do_not_depend_on_the_hours_of_the_firm() -> None:
    other = replace(HOUSE, calendar=ENGLAND_SAME_DAY)
    statutory = [one for one in deadlines_for(other, RECEIVED) if one.kind is ClockKind.STATUTORY]
    assert [one.due_at for one in statutory] == [by_clock()["final_response"].due_at]


def test_an_old_complaint_that_is_imported_has_deadlines_too(tmp_path: Path) -> None:
    old = in_force("house", date(2011, 12, 1))
    assert deadlines_for(old, london(2011, 12, 1, 0, 0))[-1].due_at == london(2012, 1, 26, 23, 59, 59)
    assert isinstance(old.timings.follow_up_after, Limit)
