from datetime import date

from complaints.policies.explanation import due_explained
from complaints.policies.limits import Pause, limit_from
from complaints.policies.steps import Why
from complaints.policies.strip import Square, strip
from tests.complaints.policies.calendars import ENGLAND, london

CHRISTMAS_EVE = london(2026, 12, 24, 10, 0)


def squares(text: str, *pauses: Pause) -> dict[date, Square]:
    weeks = strip(due_explained(CHRISTMAS_EVE, limit_from(text), ENGLAND, pauses).steps)
    return {square.day: square for week in weeks for square in week}


def test_the_strip_is_made_of_whole_weeks_from_monday() -> None:
    weeks = strip(due_explained(CHRISTMAS_EVE, limit_from("5 business days"), ENGLAND).steps)
    assert all(len(week) == 7 for week in weeks)
    assert weeks[0][0].day == date(2026, 12, 21)
    assert weeks[-1][-1].day >= date(2027, 1, 4)


def test_each_square_shows_what_its_day_did_to_the_sum() -> None:
    days = squares("5 business days")
    assert days[date(2026, 12, 23)].mark == "outside"
    assert days[date(2026, 12, 24)].mark == Why.START
    assert days[date(2026, 12, 25)].mark == Why.SKIPPED
    assert "Christmas Day" in days[date(2026, 12, 25)].says[0]
    assert days[date(2026, 12, 29)].mark == Why.COUNTED
    assert days[date(2027, 1, 5)].mark == Why.END


def test_days_on_which_the_clock_stood_say_so_in_hours_as_in_days() -> None:
    stood = Pause(london(2026, 12, 28, 18, 0), london(2026, 12, 30, 18, 0))
    for text in ("5 business days", "40 business hours", "10 days"):
        assert squares(text, stood)[date(2026, 12, 29)].mark == Why.PAUSED


def test_the_loudest_thing_of_a_day_is_shown_and_everything_is_said() -> None:
    start = squares("1 business hour")[date(2026, 12, 24)]
    assert start.mark == Why.END
    assert {Why.START, Why.COUNTED, Why.END} <= start.marks
    assert len(start.says) == 3
