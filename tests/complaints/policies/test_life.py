"""The life of a complaint's clocks, told from what happened. Nightly: HYPOTHESIS_PROFILE=nightly."""

import os
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from complaints.policies import packs
from complaints.policies.calendars import in_utc
from complaints.policies.deadlines import deadlines_for
from complaints.policies.facts import Dispute, Facts, Priority
from complaints.policies.happenings import (
    Awaited,
    Begun,
    Came,
    Ended,
    Entered,
    Extended,
    Happening,
    Learnt,
    Moved,
    Ranked,
    Ruled,
    Said,
)
from complaints.policies.life import runs_of
from complaints.policies.running import Run
from complaints.policies.schema import ALL, ClockEvent, ClockKind, Pack

DISP = packs.pack("uk_disp", 1)
HOUSE = packs.pack("house", 1)
COUNCIL = packs.pack("uk_council", 1)
EVERY_PACK = [version for versions in packs.shipped().values() for version in versions]
T = TypeVar("T")
#: So that lives are lived across both changes of the clocks.
CHANGES = (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC))
NEAR_A_CHANGE = [change - timedelta(days=days) for change in CHANGES for days in (0, 3, 20)]
receipts = st.one_of(
    st.datetimes(datetime(2016, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.sampled_from(NEAR_A_CHANGE),
)


def at(day: int, hour: int = 10) -> datetime:
    return datetime(2026, 6, day, hour, tzinfo=UTC)


def said(when: datetime, *words: ClockEvent) -> Said:
    return Said(at=when, words=frozenset(words))


def wrote(when: datetime) -> Said:
    return said(when, ClockEvent.MESSAGE_OUT)


def waiting(since: datetime, until: datetime | None = None) -> list[Happening]:
    spell: list[Happening] = [Entered(at=since, state="waiting")]
    return [*spell, Entered(at=until, state="investigating")] if until else spell


def by_clock(pack: Pack, happenings: list[Happening]) -> dict[str, Run]:
    """The last stretch of each clock."""
    return {run.clock: run for run in runs_of(pack, happenings)}


def told_of(pack: Pack, happenings: list[Happening]) -> tuple[Run, ...]:
    return runs_of(pack, happenings, explained=False)


def dates_by_clock(pack: Pack, happenings: list[Happening]) -> dict[str, Run]:
    return {run.clock: run for run in told_of(pack, happenings)}


happened = st.tuples(st.integers(60, 120 * 86_400), st.integers(0, 10), st.integers(0, 10**6))


@st.composite
def lives(draw: st.DrawFn) -> tuple[Pack, list[Happening]]:
    """A receipt and up to a dozen happenings, no two at one moment. Drawn as plain numbers, which is quick."""
    pack, received = draw(st.sampled_from(EVERY_PACK)), draw(receipts)
    drawn = draw(st.lists(happened, unique_by=lambda one: one[0], max_size=12))
    later = [happening(pack, received + timedelta(seconds=after), kind, any_) for after, kind, any_ in drawn]
    return pack, [Begun(at=received), *later]


def happening(pack: Pack, when: datetime, kind: int, any_: int) -> Happening:
    def one_of(choices: Sequence[T]) -> T:
        return choices[any_ % len(choices)]

    until = when + timedelta(days=any_ % 40 + 1)
    code = one_of(pack.clocks).code
    facts = Facts(one_of(list(Dispute)), statement_day=one_of([None, *range(1, 32)]))
    kinds: list[Happening] = [
        said(when, one_of(list(ClockEvent))),
        Entered(at=when, state=one_of(["waiting", "investigating", "offered"])),
        Learnt(at=when, facts=facts, external_at=one_of([None, when])),
        Ruled(at=when, pack=one_of(EVERY_PACK)),
        Extended(at=when, clock=code, until=one_of([None, until])),
        Moved(at=when, clock=code, until=until, reason="Ill."),
        Begun(at=when, again=True),
        Entered(at=when, state="answered", owed=False),
        Came(at=when, clocks=frozenset({"answer"})),
        Awaited(at=when, clock="answer", label="Answer", kind="awaited", due_at=until, reason="Asked."),
        Ranked(at=when, priority=one_of(list(Priority))),
    ]
    return kinds[kind]


Life = tuple[Pack, list[Happening]]


@given(lives(), st.randoms())
def test_in_whatever_order_one_hears_of_it_the_story_is_one(life: Life, shuffled: random.Random) -> None:
    pack, happenings = life
    told = told_of(pack, happenings)
    shuffled.shuffle(happenings)
    assert told_of(pack, happenings) == told


@given(lives())
def test_at_no_moment_does_a_clock_run_twice(life: Life) -> None:
    runs = [run for run in told_of(*life) if run.kind != "window"]
    running = [run.clock for run in runs if run.stopped_at is None]
    assert len(running) == len(set(running))


@given(lives())
def test_what_happened_later_never_changes_what_had_ended_before(life: Life) -> None:
    pack, happenings = life
    *earlier, last = sorted(happenings, key=lambda one: one.at)
    if not earlier:
        return
    before = [run for run in told_of(pack, earlier) if run.stopped_at and run.kind != "window"]
    after = told_of(pack, happenings)
    assert all(run in after for run in before), last


@given(lives(), st.data())
def test_one_more_spell_of_waiting_moves_no_statutory_date_and_makes_none_earlier(
    life: Life, data: st.DataObject
) -> None:
    """Where the spell lies between what happened anyway, and nothing else asks in what state the complaint is."""
    pack, happenings = life
    happenings = [one for one in happenings if not isinstance(one, Entered)]
    since = happenings[0].at + data.draw(st.timedeltas(timedelta(0), timedelta(days=60)))
    until = since + data.draw(st.timedeltas(timedelta(seconds=1), timedelta(days=30)))
    plain = told_of(pack, happenings)
    paused = told_of(pack, [*happenings, *waiting(since, until)])
    assert len(plain) == len(paused)
    for one, other in zip(plain, paused, strict=True):
        if one.kind != ClockKind.SERVICE:
            assert other == one
        else:
            assert in_utc(other.due_at) >= in_utc(one.due_at)


@given(lives())
def test_milestones_come_in_order_and_end_with_the_deadline(life: Life) -> None:
    for run in told_of(*life):
        moments = [in_utc(moment) for _, moment in run.milestones]
        assert moments == sorted(moments)
        if run.milestones:
            assert run.kind == "window" or run.milestones[-1] == (ALL, run.due_at)


@given(lives(), st.data())
def test_a_dispute_that_comes_to_light_later_gives_the_dates_it_would_have_given_at_once(
    life: Life, data: st.DataObject
) -> None:
    pack, happenings = life
    received = happenings[0].at
    facts = Facts(
        data.draw(st.sampled_from(Dispute)), statement_day=data.draw(st.none() | st.integers(1, 31))
    )
    later = received + data.draw(st.timedeltas(timedelta(seconds=1), timedelta(days=90)))
    at_once = dates_by_clock(pack, [Begun(at=received), Learnt(at=received, facts=facts, order=(1,))])
    found_out = dates_by_clock(pack, [Begun(at=received), Learnt(at=later, facts=facts)])
    for code, run in at_once.items():
        if run.kind != "window":
            assert found_out[code] == run


def running(runs: tuple[Run, ...]) -> list[Run]:
    return [run for run in runs if run.stopped_at is None]


@given(lives(), st.sampled_from(Priority), st.timedeltas(timedelta(seconds=1), timedelta(days=90)))
def test_a_priority_given_later_gives_the_dates_it_would_have_given_at_once(
    life: Life, priority: Priority, after: timedelta
) -> None:
    pack, happenings = life
    received = happenings[0].at
    others = [one for one in happenings if not isinstance(one, Ranked) and one.at < received + after]
    at_once = told_of(pack, [*others, Ranked(at=received, priority=priority, order=(1,))])
    found_out = told_of(pack, [*others, Ranked(at=received + after, priority=priority)])
    assert running(found_out) == running(at_once)


@contextmanager
def server_in(zone: str) -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = zone
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()


@given(lives(), st.sampled_from(["America/New_York", "Asia/Kolkata", "Pacific/Apia", "Europe/London"]))
def test_where_the_server_stands_changes_nothing(life: Life, zone: str) -> None:
    told = told_of(*life)
    with server_in(zone):
        assert told_of(*life) == told


@given(lives())
def test_with_nothing_but_words_the_story_agrees_with_the_plain_sum(life: Life) -> None:
    pack, happenings = life
    received = happenings[0].at
    told = dates_by_clock(pack, [Begun(at=received)])
    for computed in deadlines_for(pack, received):
        assert told[computed.clock].due_at == computed.due_at
        assert told[computed.clock].milestones == computed.milestones


def test_a_letter_while_we_wait_begins_a_silence_that_stands() -> None:
    told = by_clock(HOUSE, [Begun(at=at(1)), *waiting(at(2)), wrote(at(4))])
    assert (told["update"].started_at, told["update"].paused_at) == (at(4), at(4))
    assert told["resolve"].paused_at == at(2)
    assert told["final_response"].paused_at is None


def test_what_was_let_go_while_it_stood_is_not_late() -> None:
    gone = Entered(at=at(29), state="withdrawn", owed=False, over=True)
    update = by_clock(HOUSE, [Begun(at=at(1)), *waiting(at(2)), gone])["update"]
    assert (update.ended, update.stopped_at) == (Ended.LET_GO, at(29))
    assert update.due_at > at(29)


def test_what_needs_no_doing_any_more_does_not_begin() -> None:
    """The notice of a billing error need not be acknowledged again after the complaint was."""
    billing = Learnt(at=at(5), facts=Facts(Dispute.BILLING))
    thanked = said(at(2), ClockEvent.ACKNOWLEDGED)
    pack = packs.pack("us_billing", 1)
    assert "billing_acknowledgement" in by_clock(pack, [Begun(at=at(1)), billing])
    assert "billing_acknowledgement" not in by_clock(pack, [Begun(at=at(1)), thanked, billing])


def test_a_switch_there_and_back_leaves_three_stretches_and_one_date() -> None:
    there, back = Learnt(at=at(5), facts=Facts(Dispute.PAYMENT)), Learnt(at=at(9), facts=Facts())
    runs = [run for run in runs_of(DISP, [Begun(at=at(1)), there, back]) if run.clock == "final_response"]
    assert [(run.started_at, run.stopped_at, run.ended) for run in runs] == [
        (at(1), at(5), Ended.SWITCHED),
        (at(1), None, None),
    ]
    assert runs[0].due_at == runs[1].due_at


def test_a_graver_matter_bears_a_shorter_silence_and_no_time_is_lost() -> None:
    """Received on a Monday; the letter of Wednesday the third is the last word."""
    spoken = [Begun(at=at(1)), wrote(at(3))]
    graver = [*spoken, Ranked(at=at(4), priority=Priority.HIGH), Ranked(at=at(5), priority=Priority.SERIOUS)]
    for happenings, day in ((spoken, 10), (graver[:-1], 5), (graver, 4)):
        told = [run for run in runs_of(HOUSE, happenings) if run.clock == "update" and not run.stopped_at]
        assert [(run.started_at, run.due_at) for run in told] == [(at(3), at(day, 16))]
    assert "one business day" in by_clock(HOUSE, graver)["update"].reasons[-2]
    eased = [*graver, Ranked(at=at(8), priority=Priority.NORMAL)]
    assert runs_of(HOUSE, eased) == runs_of(HOUSE, spoken)


def test_another_pack_ends_what_it_does_not_know_and_counts_the_rest_from_receipt() -> None:
    runs = by_clock(HOUSE, [Begun(at=at(1)), Ruled(at=at(10), pack=packs.pack("au_rg271", 1))])
    assert runs["final_response"].due_at == next(
        one.due_at for one in deadlines_for(packs.pack("au_rg271", 1), at(1)) if one.clock == "final_response"
    )


def test_a_window_has_its_end_from_the_beginning_and_outlasts_the_answer() -> None:
    answer = said(at(2), ClockEvent.ANSWERED), Entered(at=at(2), order=(1,), state="answered", owed=False)
    told = by_clock(DISP, [Begun(at=at(1)), *answer])
    window, referral = told["summary_window"], told["referral"]
    assert (window.stopped_at, window.ended) == (window.due_at, Ended.RAN_OUT)
    assert referral.started_at == at(2)
    outside = said(at(20), ClockEvent.REFERRED_OUTSIDE)
    referred = by_clock(DISP, [Begun(at=at(1)), *answer, outside])["referral"]
    assert (referred.stopped_at, referred.ended) == (at(20), Ended.DONE)


def test_the_second_stage_has_clocks_of_its_own_from_the_day_it_was_asked_for() -> None:
    first = [Begun(at=at(1)), said(at(2), ClockEvent.ACKNOWLEDGED), said(at(9), ClockEvent.ANSWERED)]
    ended = Entered(at=at(9), order=(1,), state="answered", owed=False)
    asked = [
        Begun(at=at(15), again=True, stage="stage2"),
        Entered(at=at(15), order=(1,), state="investigating"),
    ]
    told = by_clock(COUNCIL, [*first, ended, *asked])
    assert told["stage2_acknowledgement"].started_at == at(15)
    assert "stage2_response" not in told
    thanked = said(at(17), ClockEvent.STAGE_ACKNOWLEDGED)
    told = by_clock(COUNCIL, [*first, ended, *asked, thanked])
    assert told["stage2_acknowledgement"].ended is Ended.DONE
    assert told["stage2_response"].started_at == at(17)


def test_a_date_somebody_moved_holds_until_the_sum_itself_is_later() -> None:
    moved = Moved(at=at(3), clock="resolve", until=at(30, 16), reason="The engineer is ill.")
    told = by_clock(HOUSE, [Begun(at=at(1)), moved])["resolve"]
    assert told.due_at == at(30, 16)
    assert told.first_due_at < told.due_at
    assert "The engineer is ill." in " ".join(told.reasons)
    longer = by_clock(HOUSE, [Begun(at=at(1)), moved, *waiting(at(4), at(25))])["resolve"]
    assert longer.due_at > told.due_at


def test_a_correction_of_the_day_somebody_else_set_moves_the_clock_that_counts_from_it() -> None:
    pack = packs.pack("us_cfpb", 1)
    sent = Learnt(at=at(2), facts=Facts(), external_at=at(1))
    corrected = replace(sent, at=at(5), external_at=at(2))
    runs = [
        one for one in runs_of(pack, [Begun(at=at(2)), sent, corrected]) if one.clock == "portal_response"
    ]
    assert [run.started_at for run in runs] == [at(2)]


def test_nothing_that_is_said_before_the_complaint_came_is_heard() -> None:
    assert runs_of(HOUSE, [said(at(1), ClockEvent.ANSWERED)]) == ()


def test_what_nobody_understands_is_refused() -> None:
    with pytest.raises(NotImplementedError):
        runs_of(HOUSE, [Happening(at=at(1))])
