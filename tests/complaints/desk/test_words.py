from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User

from complaints.desk.templatetags.desk_words import (
    STATE_COLOURS,
    due_left,
    due_tone,
    due_words,
    flags,
    initials,
)
from complaints.desk.templatetags.file_words import cut_at_word
from complaints.resolution.models import NOTHING_DUE, Complaint, Customer, Priority, State

#: A Wednesday, half past nine at night by the clock on the wall in London, summer time.
NOW = datetime(2026, 7, 8, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "words", "tone"),
    [
        (datetime(2026, 7, 8, 21, 0, tzinfo=UTC), "today 22:00", "soon"),
        (datetime(2026, 7, 8, 20, 0, tzinfo=UTC), "today 21:00", "late"),
        (datetime(2026, 7, 8, 23, 30, tzinfo=UTC), "tomorrow 00:30", "later"),
        (datetime(2026, 7, 7, 16, 0, tzinfo=UTC), "1 day late", "late"),
        (datetime(2026, 6, 28, 16, 0, tzinfo=UTC), "10 days late", "late"),
        (datetime(2026, 7, 13, 16, 0, tzinfo=UTC), "Mon 17:00", "later"),
        (datetime(2026, 7, 15, 16, 0, tzinfo=UTC), "15 Jul", "later"),
        (datetime(2027, 1, 4, 17, 0, tzinfo=UTC), "4 Jan 2027", "later"),
    ],
)
def test_when_something_is_due_is_said_as_people_say_it(moment: datetime, words: str, tone: str) -> None:
    assert (due_words(moment, NOW), due_tone(moment, NOW)) == (words, tone)


def test_the_end_of_time_is_no_error() -> None:
    assert due_words(NOTHING_DUE, NOW) == "31 Dec 9999"


def test_every_state_has_a_colour() -> None:
    assert set(STATE_COLOURS) == set(State)


@pytest.mark.parametrize(
    ("first", "last", "letters"), [("Jana", "Weiss", "JW"), ("Jan", "de Boer", "JD"), ("", "", "J")]
)
def test_initials(first: str, last: str, letters: str) -> None:
    assert initials(User(username="jana", first_name=first, last_name=last)) == letters


def test_nobody_has_no_initials() -> None:
    assert initials(None) == ""


def test_flags_say_what_to_look_twice_at_and_plainly_that_there_is_nothing() -> None:
    plain = Complaint(customer=Customer(), next_due_at=NOW + timedelta(days=1))
    grave = Complaint(customer=Customer(vulnerable=True), priority=Priority.SERIOUS, media_risk=True)
    assert [flag["words"] for flag in flags(plain)] == ["Normal"]
    assert [flag["words"] for flag in flags(grave)] == ["Serious", "Vulnerable", "Media"]
    assert [flag["words"] for flag in flags(Complaint())] == ["Normal"]


def test_beside_the_date_itself_only_the_time_left_is_said() -> None:
    assert due_left(NOW + timedelta(days=15), NOW) == "in 15 days"
    assert due_left(NOW - timedelta(days=10), NOW) == "10 days late"
    assert due_left(NOW + timedelta(hours=1), NOW) == "today 22:30"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Goodwill of £30", "Goodwill of £30"),
        ("Goodwill of £30 goes", "Goodwill of £30 …"),
        ("We pay you\n\nGoodwill", "We pay you …"),
        ("Goodwill of £300", "Goodwill of …"),
        ("https://example.org/a-long-way", "https://example …"),
    ],
)
def test_a_long_text_is_cut_between_two_words(text: str, shown: str) -> None:
    assert cut_at_word(text, 15) == shown
