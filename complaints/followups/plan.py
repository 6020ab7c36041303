"""What falls due by itself after a turn in the life of a complaint, and when. Pure: nothing is read or written.

A turn is the opening or a move. Each turn makes moot whatever an earlier one planned and has not been sent: an answer
the reminders of the question, a reply the reminder of the offer, a reopening the follow-up, the closing letter and
the survey. So one rule serves for all: a letter is wanted as long as the turn it came from is the last.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from complaints.followups.window import ANY_HOUR, Hours, welcome_at, why_unwelcome
from complaints.policies import clock
from complaints.policies.limits import Limit
from complaints.policies.schema import Pack
from complaints.resolution.models import Entry, EntryKind, MessageKind, Move

ANSWERS = (Move.FULFIL, Move.RESPOND, Move.SETTLE)
TURNS = (EntryKind.OPENED, EntryKind.MOVE)
#: Not owed to the customer but asked of them; on a restricted complaint a person decides whether to ask.
ASKED_OF_CUSTOMER = frozenset({MessageKind.FOLLOW_UP, MessageKind.SURVEY, MessageKind.SURVEY_REMINDER})


@dataclass(frozen=True, slots=True)
class Due:
    """`rule` is when it goes by the policy, as one would end the sentence "it goes …"; `unwelcome`, why not then."""

    kind: MessageKind
    at: datetime
    rule: str
    stage: int = 1
    unwelcome: str = ""

    @property
    def because(self) -> str:
        return f"By our rules it goes {self.rule}. {waits(self.unwelcome)}".strip()


@dataclass(frozen=True, slots=True)
class Turn:
    """An opening or a move, with all that the plan must know of its complaint."""

    name: str
    at: datetime
    pack: Pack
    hours: Hours = ANY_HOUR
    offer_until: datetime | None = None
    #: The day on which the offer said we would ask whether all is right (B18).
    promised_on: date | None = None

    def after(self, limit: Limit) -> datetime:
        return clock.due(self.at, limit, self.pack.calendar)

    def welcome(self, moment: datetime) -> datetime:
        return welcome_at(moment, self.pack.contact_window, self.hours)

    def letter(self, kind: MessageKind, moment: datetime, rule: str, stage: int = 1) -> Due:
        """At this moment, or where it is not welcome then, at the next opening."""
        why = why_unwelcome(moment, self.pack.contact_window, self.hours)
        return Due(kind, self.welcome(moment), rule, stage, why)


def waits(unwelcome: str) -> str:
    return f"{unwelcome}: it waits for the next opening." if unwelcome else ""


def name_of(entry: Entry) -> str:
    """The turn that an entry is, or nothing when it is none."""
    if entry.kind == EntryKind.MOVE:
        return entry.move
    return EntryKind.OPENED.value if entry.kind == EntryKind.OPENED else ""


def letters_after(turn: Turn) -> list[Due]:
    """The letters that fall due because of this turn, each at a moment when it is welcome."""
    return PLANS[turn.name](turn) if turn.name in PLANS else []


def no_answer_after(turn: Turn) -> datetime:
    """From this moment a question without an answer is a supervisor's business (C4)."""
    return turn.after(turn.pack.timings.question_give_up_after)


def _acknowledgement(turn: Turn) -> list[Due]:
    return [turn.letter(MessageKind.ACKNOWLEDGEMENT, turn.at, "at once")]


def _question_reminders(turn: Turn) -> list[Due]:
    timings = turn.pack.timings
    limits = (timings.question_reminder_after, timings.question_second_reminder_after)
    return [
        turn.letter(MessageKind.QUESTION_REMINDER, turn.after(limit), f"{limit} after the question", stage)
        for stage, limit in enumerate(limits, start=1)
    ]


def _offer_reminder(turn: Turn) -> list[Due]:
    """Before the offer runs out, whatever its proposer chose: at the latest when half its time is over."""
    limit = turn.pack.timings.offer_reminder_after
    due = turn.letter(MessageKind.OFFER_REMINDER, turn.after(limit), f"{limit} after the offer")
    if turn.offer_until is None or due.at < turn.offer_until:
        return [due]
    half = turn.at + (turn.offer_until - turn.at) / 2
    return [turn.letter(MessageKind.OFFER_REMINDER, half, "when half of the offer's time is over")]


def _follow_up(turn: Turn) -> list[Due]:
    limit = turn.pack.timings.follow_up_after
    at, rule = turn.after(limit), f"{limit} after the answer"
    if turn.promised_on is not None and at < (promised := turn.pack.calendar.day_start(turn.promised_on)):
        at, rule = promised, "on the day the offer named"
    return [turn.letter(MessageKind.FOLLOW_UP, at, rule)]


def _farewell(turn: Turn) -> list[Due]:
    timings = turn.pack.timings
    asked_after = f"{timings.survey_after} after the closing"
    survey = turn.letter(MessageKind.SURVEY, turn.after(timings.survey_after), asked_after)
    reminder = clock.due(survey.at, timings.survey_reminder_after, turn.pack.calendar)
    return [
        turn.letter(MessageKind.CLOSING, turn.at, "at once"),
        survey,
        turn.letter(
            MessageKind.SURVEY_REMINDER, reminder, f"{timings.survey_reminder_after} after the survey"
        ),
    ]


PLANS: dict[str, Callable[[Turn], list[Due]]] = {
    EntryKind.OPENED: _acknowledgement,
    Move.ASK: _question_reminders,
    Move.OFFER: _offer_reminder,
    **dict.fromkeys(ANSWERS, _follow_up),
    Move.CLOSE: _farewell,
}


def later_by(delay: timedelta, due_at: datetime, pack: Pack, hours: Hours) -> datetime:
    """When a letter goes that follows one that went late: letters keep their distance."""
    return welcome_at(due_at + max(delay, timedelta(0)), pack.contact_window, hours)
