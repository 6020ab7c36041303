from datetime import date

from complaints.policies import clock
from complaints.policies.calendars import Calendar
from complaints.policies.explanation import due_explained, elapsed_explained
from complaints.policies.limits import Pause, Unit, limit_from
from complaints.policies.periods import Period
from complaints.policies.special_days import Opening
from complaints.policies.steps import Why
from tests.complaints.policies.calendars import ENGLAND, ENGLAND_SAME_DAY, london

FRIDAY_EVENING = london(2026, 12, 18, 18, 20)
ASKED = Pause(london(2026, 12, 22, 10), london(2026, 12, 23, 12), "we asked the customer")


def reasons(text: str, *pauses: Pause, calendar: Calendar = ENGLAND) -> tuple[str, ...]:
    return due_explained(FRIDAY_EVENING, limit_from(text), calendar, pauses, verb="Received").reasons


def test_a_date_is_explained_from_the_receipt_over_the_holidays_to_the_end() -> None:
    assert reasons("5 business days") == (
        "Received Friday 18 Dec 2026, 18:20, after closing: counts as Monday 21 Dec.",
        "25 Dec is Christmas Day: skipped.",
        "28 Dec is Boxing Day (substitute day): skipped.",
        "5 business days: due Wednesday 30 Dec 2026, 17:00.",
    )


def test_a_firm_that_counts_the_day_itself_does_not_speak_of_another() -> None:
    assert reasons("1 business day", calendar=ENGLAND_SAME_DAY) == (
        "Received Friday 18 Dec 2026, 18:20.",
        "1 business day: due Monday 21 Dec 2026, 17:00.",
    )


def test_each_pause_says_what_it_cost() -> None:
    assert (
        "Paused from Tuesday 22 Dec, 10:00 to Wednesday 23 Dec, 12:00 (we asked the customer): 10 h not counted."
        in (reasons("20 business hours", ASKED))
    )
    assert reasons("5 business days", ASKED)[3].endswith(
        "(we asked the customer): 1 business day not counted."
    )
    at_noon = Pause(london(2026, 12, 22, 12), london(2026, 12, 22, 13))
    assert reasons("5 business days", at_noon)[3].endswith("13:00: no business day lost by it.")
    assert reasons("8 weeks", ASKED)[1].endswith("1 day not counted.")


def test_a_pause_on_the_day_of_the_start_takes_out_no_day_that_would_have_counted() -> None:
    until_noon = Pause(london(2026, 12, 21, 13), london(2026, 12, 22, 12))
    monday = london(2026, 12, 21, 9)
    for limit, said in (
        ("5 business days", "no business day lost by it."),
        ("8 weeks", "no day lost by it."),
    ):
        told = due_explained(monday, limit_from(limit), ENGLAND, [until_noon])
        assert told.moment == clock.due(monday, limit_from(limit), ENGLAND)
        assert next(text for text in told.reasons if "Paused" in text).endswith(said)
    counted = "1 business day, first day counts"
    told = due_explained(monday, limit_from(counted), ENGLAND, [until_noon])
    assert next(text for text in told.reasons if "Paused" in text).endswith("1 business day not counted.")


def test_every_date_of_the_way_is_there_for_the_calendar_strip() -> None:
    steps = due_explained(FRIDAY_EVENING, limit_from("5 business days"), ENGLAND, [ASKED]).steps
    strip = {step.day: step.why for step in steps if step.why in {Why.COUNTED, Why.SKIPPED}}
    assert strip[date(2026, 12, 23)] is Why.COUNTED
    assert strip[date(2026, 12, 26)] is Why.SKIPPED
    texts = [step.text for step in steps]
    assert "Wednesday 23 Dec: business day 1." in texts
    assert "Tuesday 22 Dec: the clock stood." in texts
    assert "26 Dec is a Saturday: skipped." in texts


def test_business_hours_say_how_much_of_each_day_counted() -> None:
    texts = [
        step.text
        for step in due_explained(london(2026, 6, 1, 15, 30), limit_from("3 business hours"), ENGLAND).steps
    ]
    assert texts[1:3] == ["Monday 1 Jun: 1 h 30 min counted.", "Tuesday 2 Jun: 1 h 30 min counted."]


def test_an_opening_by_exception_is_named() -> None:
    sale = Opening(date(2026, 12, 26), (Period.between("10:00", "12:00"),), "Christmas sale")
    calendar = Calendar(ENGLAND.zone, ENGLAND.week, ENGLAND.holiday_lists, openings=(sale,))
    assert "26 Dec is open (Christmas sale): business day 4." in reasons("5 business days", calendar=calendar)


def test_time_used_is_explained_in_the_same_words() -> None:
    tally = elapsed_explained(
        FRIDAY_EVENING, london(2026, 12, 29, 11), ENGLAND, [ASKED], unit=Unit.BUSINESS_DAY, verb="Received"
    )
    assert tally.amount == 3
    assert tally.reasons[-1] == "By Tuesday 29 Dec 2026, 11:00: 3 business days used."
    hours = elapsed_explained(london(2026, 6, 1, 10), london(2026, 6, 1, 14, 15), ENGLAND)
    assert hours.reasons == (
        "Started Monday 1 Jun 2026, 10:00.",
        "By Monday 1 Jun 2026, 14:15: 4 h 15 min used.",
    )


def test_a_receipt_in_the_night_counts_its_hours_from_the_opening() -> None:
    said = due_explained(
        london(2026, 6, 1, 3), limit_from("1 business hour"), ENGLAND, verb="Received"
    ).reasons[0]
    assert said == "Received Monday 1 Jun 2026, 03:00, before opening: counts from Monday 1 Jun, 09:00."
    said = due_explained(
        london(2026, 12, 25, 3), limit_from("1 business hour"), ENGLAND, verb="Received"
    ).reasons[0]
    assert said == "Received Friday 25 Dec 2026, 03:00, Christmas Day: counts from Tuesday 29 Dec, 09:00."
