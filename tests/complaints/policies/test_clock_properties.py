"""What must hold for every start, limit, calendar and set of pauses. Nightly: HYPOTHESIS_PROFILE=nightly."""

import time
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from complaints.policies.calendars import Calendar
from complaints.policies.clock import due, elapsed
from complaints.policies.explanation import due_explained, elapsed_explained
from complaints.policies.limits import TIMED, FallsDue, Limit, Pause, Unit
from complaints.policies.steps import Why
from tests.complaints.policies.calendars import ALWAYS, ENGLAND, ENGLAND_SAME_DAY, LUNCH, SYDNEY

CALENDARS = [ENGLAND, ENGLAND_SAME_DAY, LUNCH, ALWAYS, SYDNEY]
# Years of both clock changes in every zone above, two leap years and a jubilee among them.
moments = st.datetimes(datetime(2015, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
near_a_change = st.sampled_from(
    [
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        datetime(2026, 10, 25, 1, tzinfo=UTC),
        datetime(2018, 2, 18, 2, tzinfo=UTC),
        datetime(2018, 11, 4, 3, tzinfo=UTC),
        datetime(2026, 4, 4, 16, tzinfo=UTC),
        datetime(2028, 2, 29, 12, tzinfo=UTC),
    ]
).flatmap(lambda change: st.timedeltas(timedelta(days=-3), timedelta(days=3)).map(lambda by: change + by))
starts = moments | near_a_change


@st.composite
def limits(draw: st.DrawFn) -> Limit:
    unit = draw(st.sampled_from(list(Unit)))
    if unit in TIMED:
        minutes = draw(st.integers(0, 60 * 200))
        return Limit(Fraction(minutes, 1 if unit is Unit.MINUTE else 60), unit)
    ends = [None, FallsDue.END_OF_DAY, FallsDue.CLOSE_OF_BUSINESS]
    n = draw(st.integers(1, 12 if unit is Unit.MONTH else 40))
    return Limit(n, unit, draw(st.sampled_from(ends)), from_first_day=draw(st.booleans()))


@st.composite
def pauses(draw: st.DrawFn, start: datetime) -> list[Pause]:
    found = []
    for _ in range(draw(st.integers(0, 4))):
        since = start + draw(st.timedeltas(timedelta(days=-5), timedelta(days=60)))
        found.append(Pause(since, since + draw(st.timedeltas(timedelta(0), timedelta(days=20)))))
    return found


@st.composite
def sums(draw: st.DrawFn) -> tuple[datetime, Limit, Calendar, list[Pause]]:
    start = draw(starts)
    return start, draw(limits()), draw(st.sampled_from(CALENDARS)), draw(pauses(start))


def used(start: datetime, end: datetime, limit: Limit, calendar: Calendar, stood: list[Pause]) -> Fraction:
    return elapsed(start, end, calendar, stood, unit=limit.unit, from_first_day=limit.from_first_day)


@given(sums())
def test_what_has_elapsed_when_it_falls_due_is_the_limit(
    asked: tuple[datetime, Limit, Calendar, list[Pause]],
) -> None:
    start, limit, calendar, stood = asked
    end = due(start, limit, calendar, stood)
    if limit.unit is not Unit.BUSINESS_DAY and limit.ends is FallsDue.CLOSE_OF_BUSINESS:
        assert used(start, end, limit, calendar, stood) <= limit.n
    elif end > start:
        assert used(start, end, limit, calendar, stood) == limit.n
    else:
        assert limit.n == 0


@given(sums(), st.data())
def test_what_falls_due_after_the_elapsed_time_is_the_end_or_the_closing_before_it(
    asked: tuple[datetime, Limit, Calendar, list[Pause]], data: st.DataObject
) -> None:
    start, limit, calendar, stood = asked
    assume(limit.unit in TIMED)
    end = start + data.draw(st.timedeltas(timedelta(0), timedelta(days=90)))
    hours = used(start, end, limit, calendar, stood)
    found = due(start, Limit(hours, limit.unit), calendar, stood)
    assert found <= end
    assert used(start, found, limit, calendar, stood) == hours


@given(sums(), st.data())
def test_one_more_pause_never_makes_a_date_earlier(
    asked: tuple[datetime, Limit, Calendar, list[Pause]], data: st.DataObject
) -> None:
    start, limit, calendar, stood = asked
    since = start + data.draw(st.timedeltas(timedelta(days=-5), timedelta(days=60)))
    more = [*stood, Pause(since, since + data.draw(st.timedeltas(timedelta(0), timedelta(days=20))))]
    assert due(start, limit, calendar, more) >= due(start, limit, calendar, stood)


@given(sums())
def test_the_order_of_the_pauses_does_not_matter(
    asked: tuple[datetime, Limit, Calendar, list[Pause]],
) -> None:
    start, limit, calendar, stood = asked
    assert due(start, limit, calendar, stood[::-1]) == due(start, limit, calendar, stood)


@given(sums())
def test_the_sum_on_paper_agrees_with_the_fast_one(
    asked: tuple[datetime, Limit, Calendar, list[Pause]],
) -> None:
    start, limit, calendar, stood = asked
    answer = due_explained(start, limit, calendar, stood)
    assert answer.moment == due(start, limit, calendar, stood)
    counted = sum(step.why is Why.COUNTED for step in answer.steps)
    if limit.unit is Unit.BUSINESS_DAY:
        assert counted == limit.n
    elif limit.unit in {Unit.DAY, Unit.WEEK} and limit.ends is not FallsDue.CLOSE_OF_BUSINESS:
        assert counted == limit.n * (7 if limit.unit is Unit.WEEK else 1)


@given(sums())
def test_the_tally_on_paper_agrees_with_the_fast_one(
    asked: tuple[datetime, Limit, Calendar, list[Pause]],
) -> None:
    start, limit, calendar, stood = asked
    end = start + timedelta(days=11, hours=5)
    tally = elapsed_explained(start, end, calendar, stood, unit=limit.unit)
    assert tally.amount == elapsed(start, end, calendar, stood, unit=limit.unit)
    if limit.unit is Unit.BUSINESS_DAY:
        assert tally.amount == sum(step.why is Why.COUNTED for step in tally.steps)


@given(sums(), sums())
def test_a_later_start_is_never_due_earlier(
    one: tuple[datetime, Limit, Calendar, list[Pause]], other: tuple[datetime, Limit, Calendar, list[Pause]]
) -> None:
    early, late = sorted([one[0], other[0]])
    limit, calendar = one[1], one[2]
    assume(limit.ends is not FallsDue.SAME_TIME and limit.ends is not FallsDue.CLOSE_OF_BUSINESS)
    assert due(early, limit, calendar) <= due(late, limit, calendar)


@given(sums())
def test_working_time_is_what_a_walk_minute_by_minute_finds(
    asked: tuple[datetime, Limit, Calendar, list[Pause]],
) -> None:
    start, _, calendar, _ = asked
    start = start.replace(second=0, microsecond=0)
    end = start + timedelta(hours=30)
    minutes = (
        sum(calendar.is_open(start + timedelta(minutes=minute)) for minute in range(0, 30 * 60, 30)) * 30
    )
    assert abs(elapsed(start, end, calendar) * 60 - minutes) <= 30 * 6


@pytest.mark.parametrize("zone", ["UTC", "America/St_Johns", "Pacific/Kiritimati", "Europe/Berlin"])
def test_the_zone_of_the_server_does_not_matter(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    start = datetime(2026, 10, 23, 22, 30, tzinfo=UTC)
    expected = [due(start, Limit(5, unit), ENGLAND).isoformat() for unit in Unit]
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        fresh = Calendar(ENGLAND.zone, ENGLAND.week, ENGLAND.holiday_lists)
        assert [due(start, Limit(5, unit), fresh).isoformat() for unit in Unit] == expected
        assert expected[3:5] == ["2026-10-28T23:30:00+00:00", "2026-11-02T17:00:00+00:00"]
    finally:
        monkeypatch.undo()
        time.tzset()
