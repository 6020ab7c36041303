"""What becomes of the customer's answers. A no never ends in a drawer."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from complaints.followups import actions as followups
from complaints.followups.exceptions import AlreadyAnswered, NoSuchScore, NothingToAnswer
from complaints.followups.models import FollowUpAnswer, SurveyAnswer
from complaints.resolution import actions
from complaints.resolution.actors import System
from complaints.resolution.exceptions import NotVisible
from complaints.resolution.models import Complaint, Concern, Customer, Move, State
from tests import factories
from tests.complaints.followups.post import planned
from tests.factories import LETTER, NOW

pytestmark = pytest.mark.django_db
ASKED = NOW + timedelta(days=10)
CLOSED = NOW + timedelta(days=30)
TOO_LATE = NOW + timedelta(days=300)


def customer_of(complaint: Complaint) -> Customer:
    assert complaint.customer is not None
    return complaint.customer


def follow_up(
    complaint: Complaint, *, satisfied: bool, text: str = "", now: datetime = ASKED
) -> FollowUpAnswer:
    return followups.take_follow_up_answer(
        complaint, satisfied=satisfied, text=text, by=customer_of(complaint), now=now
    )


def survey(
    complaint: Complaint, score: int, *, still_open: bool = False, text: str = "", now: datetime = CLOSED
) -> SurveyAnswer:
    return followups.take_survey(complaint, score=score, still_open=still_open, text=text, now=now)


def fresh(complaint: Complaint) -> Complaint:
    return Complaint.objects.get(pk=complaint.pk)


def concerns(complaint: Complaint) -> list[str]:
    return [entry.text for entry in complaint.entries.filter(concern=Concern.UNHAPPY)]


def test_a_yes_is_recorded_and_frees_the_way_to_close() -> None:
    complaint = factories.answered()
    answer = follow_up(complaint, satisfied=True, text="  Thank you. ")
    assert (answer.satisfied, answer.text, answer.answered_at) == (True, "Thank you.", ASKED)
    assert fresh(complaint).followed_up_at == ASKED
    assert concerns(complaint) == []
    assert planned(complaint) == []


def test_a_no_takes_the_complaint_up_again_and_reaches_a_supervisor() -> None:
    complaint = factories.answered()
    follow_up(complaint, satisfied=False, text="No money yet.")
    assert fresh(complaint).state == State.INVESTIGATING
    assert concerns(complaint) == ["Not put right, says the customer. No money yet."]
    reopened = complaint.entries.get(move=Move.REOPEN)
    assert reopened.text == "Not put right, says the customer. No money yet."
    assert reopened.actor_name == str(System.FOLLOW_UP)
    assert complaint.entries.get(concern=Concern.UNHAPPY).actor_name == customer_of(complaint).name


def test_a_no_without_a_word_counts_as_much() -> None:
    complaint = factories.answered()
    follow_up(complaint, satisfied=False)
    assert fresh(complaint).state == State.INVESTIGATING


def test_a_no_after_the_closing_still_counts() -> None:
    complaint = factories.closed()
    follow_up(complaint, satisfied=False, text="It broke again.", now=CLOSED)
    assert fresh(complaint).state == State.INVESTIGATING


def test_a_no_too_late_to_reopen_still_reaches_a_supervisor() -> None:
    complaint = factories.closed()
    follow_up(complaint, satisfied=False, text="It broke again.", now=TOO_LATE)
    assert fresh(complaint).state == State.CLOSED
    assert concerns(complaint) == ["Not put right, says the customer. It broke again."]


def test_an_answer_is_taken_once() -> None:
    complaint = factories.answered()
    follow_up(complaint, satisfied=True)
    with pytest.raises(AlreadyAnswered):
        follow_up(complaint, satisfied=False)
    assert FollowUpAnswer.objects.get().satisfied


def test_a_second_answer_of_ours_may_be_answered_again() -> None:
    handler = factories.handler_user()
    complaint = factories.responded(by=handler)
    follow_up(complaint, satisfied=False)
    with pytest.raises(AlreadyAnswered):
        follow_up(complaint, satisfied=True)
    actions.settle(
        complaint,
        lines=[],
        acceptance="Yes.",
        proof="Done.",
        letter=LETTER,
        by=handler,
        now=ASKED + timedelta(days=1),
    )
    follow_up(fresh(complaint), satisfied=True, now=ASKED + timedelta(days=8))
    assert FollowUpAnswer.objects.filter(complaint=complaint).count() == 2


@pytest.mark.parametrize("make", [factories.received, factories.waiting, factories.fulfilling])
def test_nobody_is_asked_before_there_is_an_answer(make: object) -> None:
    complaint = make()  # type: ignore[operator]
    with pytest.raises(NothingToAnswer):
        follow_up(complaint, satisfied=True)
    with pytest.raises(NothingToAnswer):
        survey(complaint, 5)


def test_no_stranger_answers_for_the_customer() -> None:
    complaint, stranger = factories.answered(), factories.CustomerFactory()
    with pytest.raises(NotVisible):
        followups.take_follow_up_answer(complaint, satisfied=True, text="", by=stranger, now=ASKED)
    with pytest.raises(NotVisible):
        followups.take_survey(factories.closed(), score=5, still_open=False, text="", by=stranger, now=CLOSED)


def test_staff_may_write_down_an_answer_given_by_telephone() -> None:
    complaint, handler = factories.answered(), factories.handler_user()
    followups.take_follow_up_answer(complaint, satisfied=True, text="Said so.", by=handler, now=ASKED)
    assert complaint.entries.latest("pk").actor == handler


def test_a_happy_score_is_kept_and_nothing_else_happens() -> None:
    complaint = factories.closed()
    before = complaint.entries.count()
    answer = survey(complaint, 4, text="Quick.")
    assert (answer.score, answer.still_open, answer.text) == (4, False, "Quick.")
    assert complaint.entries.count() == before
    assert ("survey_reminder", 1) not in planned(complaint)


@pytest.mark.parametrize(("score", "unhappy"), [(1, True), (2, True), (3, False), (4, False), (5, False)])
def test_a_low_score_reaches_a_supervisor(score: int, *, unhappy: bool) -> None:
    complaint = factories.closed()
    survey(complaint, score, text="Hm.")
    assert concerns(complaint) == ([f"Survey: {score} of 5. Hm."] if unhappy else [])
    assert fresh(complaint).state == State.CLOSED


def test_what_is_still_open_is_taken_up_again_whatever_the_score() -> None:
    complaint = factories.closed()
    survey(complaint, 5, still_open=True, text="The second refund.")
    assert fresh(complaint).state == State.INVESTIGATING
    assert concerns(complaint) == ["Survey: 5 of 5, and something is still open. The second refund."]
    assert planned(complaint) == []


def test_what_is_still_open_too_late_to_reopen_reaches_a_supervisor() -> None:
    complaint = factories.closed()
    survey(complaint, 1, still_open=True, now=TOO_LATE)
    assert fresh(complaint).state == State.CLOSED
    assert concerns(complaint) == ["Survey: 1 of 5, and something is still open."]


def test_a_survey_is_answered_once() -> None:
    complaint = factories.closed()
    survey(complaint, 5)
    with pytest.raises(AlreadyAnswered):
        survey(complaint, 1)
    assert SurveyAnswer.objects.get().score == 5


@pytest.mark.parametrize("score", [0, 6, -1])
def test_there_are_five_scores(score: int) -> None:
    complaint = factories.closed()
    with pytest.raises(NoSuchScore):
        survey(complaint, score)


@pytest.mark.parametrize("score", [0, 6])
def test_the_database_forbids_other_scores(score: int) -> None:
    complaint = factories.closed()
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyAnswer.objects.create(
            complaint=complaint,
            cycle=complaint.entries.latest("pk"),
            score=score,
            still_open=False,
            answered_at=CLOSED,
        )


def test_a_broken_concern_takes_the_answer_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    complaint = factories.closed()

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(actions, "raise_concern", fail)
    with pytest.raises(RuntimeError):
        survey(complaint, 1)
    assert not SurveyAnswer.objects.exists()
