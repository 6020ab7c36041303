"""Taking the customer's answers: is it right now, and how did we do? A no never ends in a drawer."""

from datetime import datetime

from django.db import transaction

from complaints.followups.actions.planning import cancel
from complaints.followups.exceptions import AlreadyAnswered, NoSuchScore, NothingToAnswer
from complaints.followups.models import LONGEST_ANSWER, FollowUpAnswer, PlannedLetter, SurveyAnswer
from complaints.followups.plan import ANSWERS
from complaints.resolution import actions as resolution
from complaints.resolution import timing
from complaints.resolution.actors import Actor, System
from complaints.resolution.exceptions import Refused
from complaints.resolution.models import Complaint, Concern, Entry, MessageKind, Move, State
from complaints.resolution.permission import require_sight

LOWEST, HIGHEST = 1, 5


def open_follow_up(complaint: Complaint) -> Entry:
    """Our answer, of which the customer may still say whether it put things right.

    Raises AlreadyAnswered, or NothingToAnswer before there is an answer and after the complaint was taken up again.
    """
    cycle = _last(complaint, *ANSWERS)
    if cycle and FollowUpAnswer.objects.filter(complaint=complaint, cycle=cycle).exists():
        raise AlreadyAnswered
    if cycle is None or complaint.state not in (State.ANSWERED, State.CLOSED):
        raise NothingToAnswer
    return cycle


def open_survey(complaint: Complaint) -> Entry:
    """The closing, of which the customer may still say how satisfied they are. Raises as `open_follow_up` does."""
    cycle = _last(complaint, Move.CLOSE)
    if cycle and SurveyAnswer.objects.filter(complaint=complaint, cycle=cycle).exists():
        raise AlreadyAnswered
    if cycle is None or complaint.state != State.CLOSED:
        raise NothingToAnswer
    return cycle


def _last(complaint: Complaint, *moves: Move) -> Entry | None:
    return complaint.entries.filter(move__in=moves).order_by("-pk").first()


@transaction.atomic
def take_follow_up_answer(
    complaint: Complaint, *, satisfied: bool, text: str, by: Actor, now: datetime
) -> FollowUpAnswer:
    """Take the customer's yes or no. A yes frees the way to close; a no takes the complaint up again."""
    complaint = _lock(complaint, by)
    cycle = open_follow_up(complaint)
    answer = FollowUpAnswer.objects.create(
        complaint=complaint,
        cycle=cycle,
        satisfied=satisfied,
        text=text.strip()[:LONGEST_ANSWER],
        answered_at=now,
    )
    if complaint.state == State.ANSWERED:
        resolution.record_follow_up(complaint, satisfied=satisfied, text=answer.text, by=by, now=now)
    if not satisfied:
        said = f"Not put right, says the customer. {answer.text}".strip()
        _take_up_again(complaint, said, now=now)
        _raise_unhappy(complaint, said, by=by, now=now)
    return answer


@transaction.atomic
def take_survey(
    complaint: Complaint,
    *,
    score: int,
    still_open: bool,
    text: str,
    now: datetime,
    by: Actor | None = None,
) -> SurveyAnswer:
    """Take the customer's score. Unhappy ones reach a supervisor; what is still open is taken up again.

    `by` is the customer themselves, unless a member of staff wrote it down for them.
    """
    if score not in range(LOWEST, HIGHEST + 1):
        raise NoSuchScore
    actor = _speaker(complaint, by)
    complaint = _lock(complaint, actor)
    cycle = open_survey(complaint)
    answer = SurveyAnswer.objects.create(
        complaint=complaint,
        cycle=cycle,
        score=score,
        still_open=still_open,
        text=text.strip()[:LONGEST_ANSWER],
        answered_at=now,
    )
    _drop_reminder(cycle, now=now)
    said = _in_words(answer)
    if still_open:
        _take_up_again(complaint, said, now=now)
    if still_open or score <= timing.pack_of(complaint).escalation.unhappy_score_at_most:
        _raise_unhappy(complaint, said, by=actor, now=now)
    return answer


def _speaker(complaint: Complaint, by: Actor | None) -> Actor:
    actor = by or complaint.customer
    if actor is None:
        raise NothingToAnswer
    return actor


def _lock(complaint: Complaint, by: Actor) -> Complaint:
    require_sight(by, complaint)
    return Complaint.objects.select_for_update().get(pk=complaint.pk)


def _drop_reminder(cycle: Entry, *, now: datetime) -> None:
    reminder = PlannedLetter.objects.waiting().filter(cycle=cycle, kind=MessageKind.SURVEY_REMINDER)
    cancel(reminder, why="The survey has been answered.", now=now)


def _in_words(answer: SurveyAnswer) -> str:
    still = ", and something is still open" if answer.still_open else ""
    return f"Survey: {answer.score} of {HIGHEST}{still}. {answer.text}".strip()


def _take_up_again(complaint: Complaint, said: str, *, now: datetime) -> None:
    """Later than the policy allows, or when somebody was quicker, the concern alone must do."""
    try:
        resolution.reopen(complaint, reason=said, by=System.FOLLOW_UP, now=now)
    except Refused:
        return


def _raise_unhappy(complaint: Complaint, said: str, *, by: Actor, now: datetime) -> None:
    resolution.raise_concern(complaint, concern=Concern.UNHAPPY, by=by, now=now, text=said)
