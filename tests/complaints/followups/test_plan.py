"""What falls due after a turn, and when, by the house pack. Nothing here needs a database."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from complaints.followups import plan
from complaints.followups.plan import Turn, letters_after
from complaints.followups.window import Hours
from complaints.policies import packs
from complaints.resolution.models import EntryKind, MessageKind, Move

HOUSE = packs.pack("house", 1)
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def turn(name: str, at: datetime = MONDAY, **facts: Any) -> Turn:
    return Turn(name=name, at=at, pack=HOUSE, **facts)


def planned(name: str, at: datetime = MONDAY, **facts: Any) -> list[tuple[str, int, datetime]]:
    return [(due.kind.value, due.stage, due.at) for due in letters_after(turn(name, at, **facts))]


def at(*when: int) -> datetime:
    return datetime(2026, *when, tzinfo=UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (EntryKind.OPENED, [("acknowledgement", 1, MONDAY)]),
        (Move.ASK, [("question_reminder", 1, at(3, 5, 17)), ("question_reminder", 2, at(3, 10, 17))]),
        (Move.OFFER, [("offer_reminder", 1, at(3, 9, 17))]),
        (Move.FULFIL, [("follow_up", 1, at(3, 9, 10))]),
        (Move.RESPOND, [("follow_up", 1, at(3, 9, 10))]),
        (Move.SETTLE, [("follow_up", 1, at(3, 9, 10))]),
        (
            Move.CLOSE,
            [("closing", 1, MONDAY), ("survey", 1, at(3, 5, 10)), ("survey_reminder", 1, at(3, 12, 10))],
        ),
    ],
)
def test_each_turn_has_its_letters(name: str, expected: list[tuple[str, int, datetime]]) -> None:
    assert planned(name) == expected


def test_no_other_move_calls_for_a_letter() -> None:
    """A new move fails here until somebody has considered what the customer should hear of it."""
    silent = {
        Move.ACKNOWLEDGE,
        Move.INVESTIGATE,
        Move.HEAR,
        Move.PROPOSE,
        Move.REFER,
        Move.APPROVE,
        Move.REFUSE,
        Move.REVISE,
        Move.ACCEPT,
        Move.DECLINE,
        Move.LAPSE,
        Move.REOPEN,
        Move.WITHDRAW,
        Move.MERGE,
    }
    assert {move for move in Move if not planned(move)} == silent


def test_a_complaint_of_saturday_night_is_acknowledged_on_monday_morning() -> None:
    assert planned(EntryKind.OPENED, at(3, 7, 23)) == [("acknowledgement", 1, at(3, 9, 8))]


def test_the_customers_own_hours_count_for_every_letter() -> None:
    evening = Hours(since=time(18))
    for name in plan.PLANS:
        assert all(due.at.hour >= 18 for due in letters_after(turn(name, hours=evening)))


def test_an_offer_that_runs_out_soon_is_recalled_when_half_its_time_is_over() -> None:
    assert planned(Move.OFFER, offer_until=MONDAY + timedelta(days=4)) == [
        ("offer_reminder", 1, MONDAY + timedelta(days=2))
    ]


def test_the_day_on_which_the_offer_said_we_would_ask_is_kept() -> None:
    assert planned(Move.FULFIL, promised_on=date(2026, 3, 18)) == [("follow_up", 1, at(3, 18, 8))]
    assert planned(Move.FULFIL, promised_on=date(2026, 3, 4)) == [("follow_up", 1, at(3, 9, 10))]


def test_a_question_without_an_answer_is_given_up_after_ten_business_days() -> None:
    assert plan.no_answer_after(turn(Move.ASK)) == at(3, 16, 17)


def test_what_follows_a_late_letter_keeps_its_distance() -> None:
    assert plan.later_by(timedelta(days=3), at(3, 5, 10), HOUSE, Hours()) == at(3, 9, 8)
    assert plan.later_by(timedelta(days=-2), at(3, 5, 10), HOUSE, Hours()) == at(3, 5, 10)


def test_every_planned_kind_is_a_kind_of_message_we_know() -> None:
    kinds = {due.kind for name in plan.PLANS for due in letters_after(turn(name))}
    assert kinds == {
        MessageKind.ACKNOWLEDGEMENT,
        MessageKind.QUESTION_REMINDER,
        MessageKind.OFFER_REMINDER,
        MessageKind.FOLLOW_UP,
        MessageKind.CLOSING,
        MessageKind.SURVEY,
        MessageKind.SURVEY_REMINDER,
    }
