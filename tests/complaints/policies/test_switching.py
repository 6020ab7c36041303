"""A change of facts changes which clocks run and never what has been used up. Nightly: HYPOTHESIS_PROFILE=nightly."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.policies import packs
from complaints.policies.calendars import in_utc
from complaints.policies.clock import elapsed
from complaints.policies.deadlines import ComputedDeadline, deadlines_for
from complaints.policies.exceptions import BadFacts, NoSuchStage
from complaints.policies.extending import Notice
from complaints.policies.facts import NOTHING_SPECIAL, Condition, Dispute, Facts, Priority
from complaints.policies.limits import Pause
from complaints.policies.schema import ClockKind, Pack
from complaints.policies.switching import switch

DISP = packs.pack("uk_disp", 1)
COUNCIL = packs.pack("uk_council", 1)
EVERY_PACK = [version for versions in packs.shipped().values() for version in versions]
moments = st.datetimes(datetime(2016, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@st.composite
def facts_of(draw: st.DrawFn, pack: Pack) -> Facts:
    stage = draw(st.sampled_from(["", *(stage.code for stage in pack.stages)]))
    statement_day = draw(st.none() | st.integers(1, 31))
    return Facts(draw(st.sampled_from(Dispute)), stage, statement_day, draw(st.sampled_from(Priority)))


@st.composite
def lives(draw: st.DrawFn) -> tuple[Pack, datetime, dict[str, datetime], list[Pause]]:
    received = draw(moments)

    def later(days: int) -> datetime:
        return received + draw(st.timedeltas(timedelta(0), timedelta(days=days)))

    begun = {
        "acknowledged_at": later(10),
        "external_at": later(3),
        "answered_at": later(90),
        "stage_requested_at": later(100),
        "stage_acknowledged_at": later(110),
    }
    pauses = []
    for _ in range(draw(st.integers(0, 3))):
        since = later(60)
        pauses.append(
            Pause(since, since + draw(st.timedeltas(timedelta(0), timedelta(days=20))), state="waiting")
        )
    return draw(st.sampled_from(EVERY_PACK)), received, begun, pauses


Life = tuple[Pack, datetime, dict[str, datetime], list[Pause]]


def told(life: Life, facts: Facts, **more: object) -> dict[str, ComputedDeadline]:
    pack, received, begun, pauses = life
    arguments: dict[str, object] = {"facts": facts, "pauses": pauses, "windows": True, **begun, **more}
    return {one.clock: one for one in deadlines_for(pack, received, **arguments)}  # type: ignore[arg-type]


@given(lives(), st.data())
def test_clocks_that_both_facts_call_for_are_not_touched_by_the_switch(
    life: Life, data: st.DataObject
) -> None:
    before, after = data.draw(facts_of(life[0])), data.draw(facts_of(life[0]))
    old, new = told(life, before, explained=False), told(life, after, explained=False)
    changed = switch(life[0], before=before, after=after)
    assert set(old) - set(new) == changed.ended & set(old)
    assert set(new) - set(old) == changed.begun & set(new)
    for code in changed.kept & set(old):
        rule = life[0].clock(code)
        assert old[code].started_at == new[code].started_at
        # A statement day that becomes known may shorten it, and so may another limit of the same clock.
        if not rule.within_cycles and rule.as_for(before) == rule.as_for(after):
            assert old[code] == new[code]


@given(lives(), st.data())
def test_the_time_already_used_is_used_whenever_the_facts_come_to_light(
    life: Life, data: st.DataObject
) -> None:
    """At any moment after the switch a clock has used what it would have, had the facts been known at receipt."""
    pack, received, _, pauses = life
    now = received + data.draw(st.timedeltas(timedelta(0), timedelta(days=60)))
    after = data.draw(facts_of(pack))
    for code, deadline in told(life, after, explained=False).items():
        rule = pack.clock(code)
        if rule.start != "received":
            continue
        stood = [pause for pause in pauses if pause.state in rule.pausable_in]
        assert in_utc(deadline.started_at) == received
        used = elapsed(deadline.started_at, now, pack.calendar, stood, unit=rule.limit.unit)
        assert used == elapsed(received, now, pack.calendar, stood, unit=rule.limit.unit)
        overdue = in_utc(deadline.due_at) < in_utc(now)
        assert overdue <= (used >= rule.as_for(after).limit.n or bool(rule.within_cycles))


@given(lives(), st.data())
def test_there_and_back_again_changes_nothing(life: Life, data: st.DataObject) -> None:
    facts, other = data.draw(facts_of(life[0])), data.draw(facts_of(life[0]))
    first = told(life, facts, explained=False)
    told(life, other, explained=False)
    assert told(life, facts, explained=False) == first
    there, back = (
        switch(life[0], before=facts, after=other),
        switch(life[0], before=other, after=facts),
    )
    assert (there.ended, there.begun, there.kept) == (back.begun, back.ended, back.kept)


@given(lives(), st.data())
def test_one_more_pause_moves_no_statutory_date_and_makes_no_other_earlier(
    life: Life, data: st.DataObject
) -> None:
    pack, received, begun, pauses = life
    facts = data.draw(facts_of(pack))
    since = received + data.draw(st.timedeltas(timedelta(0), timedelta(days=40)))
    more = Pause(since, since + data.draw(st.timedeltas(timedelta(0), timedelta(days=30))), state="waiting")
    plain = told(life, facts, explained=False)
    paused = told((pack, received, begun, [*pauses, more]), facts, explained=False)
    for code, deadline in plain.items():
        if deadline.kind is ClockKind.STATUTORY:
            assert paused[code] == deadline
        else:
            assert in_utc(paused[code].due_at) >= in_utc(deadline.due_at)


@given(lives(), st.data())
def test_a_notice_makes_nothing_earlier_and_reaches_no_further_than_the_rule(
    life: Life, data: st.DataObject
) -> None:
    pack, received, _, _ = life
    facts = data.draw(facts_of(pack))
    plain = told(life, facts, explained=False)
    told_at = received + data.draw(st.timedeltas(timedelta(0), timedelta(days=60)))
    until = data.draw(st.none() | st.just(told_at + timedelta(days=data.draw(st.integers(0, 90)))))
    for code, deadline in plain.items():
        if pack.clock(code).extension is None:
            continue
        most = told(life, facts, notices=[Notice(code, deadline.started_at)])[code]
        found = told(life, facts, notices=[Notice(code, told_at, until)])[code]
        assert in_utc(deadline.due_at) <= in_utc(found.due_at) <= in_utc(most.due_at)
        assert in_utc(deadline.due_at) < in_utc(most.due_at)
        assert found.first_due_at == most.first_due_at == deadline.due_at
        if in_utc(told_at) > in_utc(deadline.due_at):
            assert found.due_at == deadline.due_at


def test_a_payment_dispute_changes_the_set_and_says_which_clocks() -> None:
    changed = switch(DISP, before=NOTHING_SPECIAL, after=Facts(Dispute.PAYMENT))
    assert changed.ended == {"resolve", "final_response"}
    assert changed.begun == {"payment_response"}
    assert changed.kept == {"acknowledgement", "update", "summary_window", "referral"}


def test_a_dispute_found_late_may_be_overdue_at_once() -> None:
    received = datetime(2026, 6, 1, 9, tzinfo=UTC)
    found = deadlines_for(DISP, received, facts=Facts(Dispute.EMONEY))
    due_at = {one.clock: one.due_at for one in found}["payment_response"]
    assert due_at.date().isoformat() == "2026-06-22"  # fifteen business days from receipt, whenever found


def test_a_window_is_left_out_unless_asked_for() -> None:
    received = datetime(2026, 6, 1, 9, tzinfo=UTC)
    plain = {one.clock for one in deadlines_for(DISP, received)}
    asked = {one.clock for one in deadlines_for(DISP, received, windows=True)}
    assert asked - plain == {"summary_window"}


def test_the_first_stage_is_meant_where_none_is_named_and_a_strange_one_is_refused() -> None:
    assert COUNCIL.situated(NOTHING_SPECIAL).stage == "stage1"
    assert DISP.situated(NOTHING_SPECIAL) == NOTHING_SPECIAL
    with pytest.raises(NoSuchStage, match="stage3"):
        deadlines_for(COUNCIL, datetime(2026, 6, 1, tzinfo=UTC), facts=Facts(stage="stage3"))


def test_a_condition_wants_each_fact_it_names() -> None:
    both = Condition((Dispute.PAYMENT, Dispute.EMONEY), ("stage2",))
    assert both.met_by(Facts(Dispute.EMONEY, "stage2"))
    assert not both.met_by(Facts(Dispute.EMONEY, "stage1"))
    assert not both.met_by(Facts(Dispute.NONE, "stage2"))


def test_a_condition_says_itself_in_words() -> None:
    named = Condition((Dispute.PAYMENT,), ("stage2",), (Priority.HIGH, Priority.SERIOUS))
    assert str(named) == "dispute payment and stage stage2 and priority high or serious"
    assert named.met_by(Facts(Dispute.PAYMENT, "stage2", priority=Priority.HIGH))
    assert not named.met_by(Facts(Dispute.PAYMENT, "stage2"))


@pytest.mark.parametrize("day", [0, 32])
def test_a_statement_day_is_a_day_of_the_month(day: int) -> None:
    with pytest.raises(BadFacts, match=f"day {day}"):
        Facts(statement_day=day)
