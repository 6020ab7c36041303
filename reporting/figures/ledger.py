"""What the ledger tells: thanks, answers and what became of them, offers and the customers' word on them."""

from django.db.models import Exists, OuterRef, Q

from complaints.resolution.models import Entry, EntryKind, Fault, Move, Outcome
from reporting.figures.figure import Column, Figure, Rate, Rows, Source, Span, always
from reporting.scope import Scope

ANSWERS = (Move.FULFIL, Move.RESPOND, Move.SETTLE)
OFFERS = (Move.OFFER, Move.ACCEPT, Move.DECLINE, Move.LAPSE)
COUNTED = (Move.ACKNOWLEDGE, *ANSWERS, Move.REOPEN, *OFFERS)
HOW = (Column("How", "move", dict(Move.choices)),)
Verdict = tuple[str, str, Q]


def _moves(_scope: Scope) -> Rows:
    return Entry.objects.filter(move__in=COUNTED)


def _reopened(**when: OuterRef) -> Exists:
    return Exists(Entry.objects.filter(complaint=OuterRef("complaint"), move=Move.REOPEN, **when))


def _answers() -> Rows:
    return Entry.objects.filter(move__in=ANSWERS)


def _first_answers(_scope: Scope) -> Rows:
    return _answers().filter(~_reopened(pk__lt=OuterRef("pk")))


def _standing_answers(_scope: Scope) -> Rows:
    return _answers().filter(~_reopened(pk__gt=OuterRef("pk")))


def _undone_answers(_scope: Scope) -> Rows:
    return _answers().filter(_reopened(pk__gt=OuterRef("pk")))


def _handed_over_after_abuse() -> Exists:
    """What comes of those is nobody's own doing (B24)."""
    spared = Entry.objects.filter(complaint=OuterRef("complaint"), kind=EntryKind.ASSIGNMENT)
    return Exists(spared.filter(facts__has_key="spared"))


def _own_answers(_scope: Scope) -> Rows:
    return _answers().exclude(_handed_over_after_abuse())


def _own_undone_answers(scope: Scope) -> Rows:
    return _undone_answers(scope).exclude(_handed_over_after_abuse())


LEDGER = Source("ledger", _moves, columns=HOW)
FIRST = Source("first_answers", _first_answers, columns=HOW)
STANDING = Source("standing_answers", _standing_answers, columns=HOW)
UNDONE = Source("undone_answers", _undone_answers, columns=HOW)
OWN = Source("own_answers", _own_answers, columns=HOW)
OWN_UNDONE = Source("own_undone_answers", _own_undone_answers, columns=HOW)


def _made(code: str, title: str, says: str, dated: str, *moves: Move) -> Figure:
    return Figure(code, title, says, LEDGER, "at", dated, always(Q(move__in=moves)))


acknowledged = _made(
    "acknowledged", "Acknowledged", "complaints acknowledged", "date acknowledged", Move.ACKNOWLEDGE
)
answered = _made(
    "answered",
    "Answered",
    "answers given (final responses, outcomes, settlements)",
    "date answered",
    *ANSWERS,
)
reopened = _made("reopened", "Reopened", "times a complaint was taken up again", "date reopened", Move.REOPEN)
offers_sent = _made("offers_sent", "Sent", "offers sent to customers", "date sent", Move.OFFER)
ENDED = "date of the customer's answer"
offers_accepted = _made("offers_accepted", "Accepted", "offers accepted", ENDED, Move.ACCEPT)
offers_declined = _made("offers_declined", "Declined", "offers declined", ENDED, Move.DECLINE)
offers_lapsed = _made("offers_lapsed", "Lapsed", "offers that ran out unanswered", ENDED, Move.LAPSE)
offers_ended = _made(
    "offers_ended",
    "Answered or lapsed",
    "offers accepted, declined or lapsed",
    ENDED,
    Move.ACCEPT,
    Move.DECLINE,
    Move.LAPSE,
)

DATE = "date answered"
first_answers = Figure(
    "first_answers", "First answers", "complaints answered for the first time", FIRST, "at", DATE
)
settled = Figure(
    "settled",
    "Settled at first contact",
    "complaints put right at first contact, with the customer's yes",
    FIRST,
    "at",
    DATE,
    always(Q(move=Move.SETTLE)),
)
answers_undone = Figure(
    "answers_undone", "Taken up again", "answers after which the complaint was reopened", UNDONE, "at", DATE
)
NOT_ABUSED = "but for complaints handed over after abuse"
own_answers = Figure("own_answers", "Answers", f"answers given, {NOT_ABUSED}", OWN, "at", DATE)
own_answers_undone = Figure(
    "own_answers_undone",
    "Taken up again",
    f"answers after which the complaint was reopened, {NOT_ABUSED}",
    OWN_UNDONE,
    "at",
    DATE,
)

OUTCOME, FAULT = "complaint__outcome", "complaint__finding__fault"


def _told(outcome: Outcome, fault: Fault) -> Q:
    """By the outcome told to the customer; where an offer put the matter right and none was, by the finding."""
    return Q(**{OUTCOME: outcome}) | Q(**{OUTCOME: "", FAULT: fault})


UPHELD = _told(Outcome.UPHELD, Fault.YES)
PARTLY = _told(Outcome.PARTLY_UPHELD, Fault.PARTLY)
NOT_UPHELD = _told(Outcome.NOT_UPHELD, Fault.NO)
UNKNOWN = Q(**{OUTCOME: ""}) & (Q(**{FAULT: Fault.UNDETERMINED}) | Q(**{f"{FAULT}__isnull": True}))
VERDICTS: tuple[Verdict, ...] = (
    ("outcome_upheld", "Upheld", UPHELD),
    ("outcome_partly", "Partly upheld", PARTLY),
    ("outcome_not", "Not upheld", NOT_UPHELD),
    ("outcome_none", "No resolution reached", Q(**{OUTCOME: Outcome.NO_RESOLUTION})),
    ("outcome_unknown", "Not determined", UNKNOWN),
)
FAULTS: tuple[Verdict, ...] = (
    *((f"fault_{fault}", Fault(fault).label, Q(**{FAULT: fault})) for fault in Fault.values),
    ("fault_none", "No finding", Q(**{f"{FAULT}__isnull": True})),
)


def _stand(code: str, title: str, says: str, condition: Q) -> Figure:
    return Figure(code, title, says, STANDING, "at", DATE, always(condition))


outcomes = tuple(
    _stand(code, title, f"answers that stand: {title.lower()}", condition)
    for code, title, condition in VERDICTS
)
faults = tuple(
    _stand(code, title, f"answers that stand: {title.lower()}", condition)
    for code, title, condition in FAULTS
)
upheld = _stand("upheld", "Upheld or partly", "answers that stand, upheld or partly upheld", UPHELD | PARTLY)
decided = _stand(
    "decided", "Decided either way", "answers that stand, upheld or not", UPHELD | PARTLY | NOT_UPHELD
)

first_contact = Rate("first_contact", "Settled at first contact", settled, first_answers)
reopen_rate = Rate(
    "reopen_rate",
    "Answers taken up again",
    answers_undone,
    answered,
    "Reopened up to now, in the period or later.",
)
own_reopen_rate = Rate(
    "own_reopen_rate",
    "Answers taken up again",
    own_answers_undone,
    own_answers,
    "Reopened up to now, in the period or later.",
)
acceptance = Rate("acceptance", "Offers accepted", offers_accepted, offers_ended)
upheld_rate = Rate(
    "upheld_rate",
    "Upheld or partly upheld",
    upheld,
    decided,
    "By the outcome told to the customer; where an offer put it right and none was told, by the finding of fault.",
)
to_acknowledge = Span("to_acknowledge", "To acknowledge", acknowledged)
to_answer = Span("to_answer", "To the first answer", first_answers)

FIGURES = (
    acknowledged,
    answered,
    reopened,
    offers_sent,
    offers_accepted,
    offers_declined,
    offers_lapsed,
    offers_ended,
    first_answers,
    settled,
    answers_undone,
    own_answers,
    own_answers_undone,
    upheld,
    decided,
    *outcomes,
    *faults,
)
RATES = (first_contact, reopen_rate, own_reopen_rate, acceptance, upheld_rate)
