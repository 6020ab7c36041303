"""What customers said afterwards. Those who did not answer are not satisfied and not dissatisfied: they are unknown."""

from django.db.models import Exists, OuterRef, Q

from complaints.followups.models import PlannedLetter, PlannedState, SurveyAnswer
from complaints.resolution.models import MessageKind
from reporting.figures.figure import Column, Figure, Rate, Rows, Source, always
from reporting.scope import Scope

SCORES = range(5, 0, -1)
SATISFIED = (4, 5)


def _answers(_scope: Scope) -> Rows:
    return SurveyAnswer.objects.all()


def _returned(scope: Scope) -> Rows:
    answers = SurveyAnswer.objects.filter(cycle=OuterRef("cycle"))
    return _letters(scope).filter(Exists(answers))


def _letters(_scope: Scope) -> Rows:
    return PlannedLetter.objects.filter(kind=MessageKind.SURVEY, state=PlannedState.SENT)


SURVEYS = Source("surveys", _answers, columns=(Column("Score", "score"),))
ASKED = Source("surveys_sent", _letters)
RETURNED = Source("surveys_returned", _returned)


def _score(code: str, title: str, says: str, condition: Q) -> Figure:
    return Figure(code, title, says, SURVEYS, "answered_at", "date of the survey's answer", always(condition))


scored = _score("surveys", "Answered", "surveys answered", Q())
satisfied = _score("satisfied", "Satisfied", "surveys answered with 4 or 5", Q(score__in=SATISFIED))
by_score = tuple(
    _score(f"score_{score}", f"{score} of 5", f"surveys answered with {score}", Q(score=score))
    for score in SCORES
)
asked = Figure("surveys_sent", "Sent", "surveys sent", ASKED, "settled_at", "date the survey was sent")
returned = Figure(
    "surveys_returned",
    "Sent and answered",
    "surveys answered since",
    RETURNED,
    "settled_at",
    "date the survey was sent",
)

satisfaction = Rate(
    "satisfaction", "Satisfied customers", satisfied, scored, "Only those who answered are counted."
)
response = Rate("response", "Surveys answered", returned, asked)

FIGURES = (scored, satisfied, asked, returned, *by_score)
RATES = (satisfaction, response)
