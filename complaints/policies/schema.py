"""What a policy pack says, in the words of the business."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from complaints.policies.calendars import Calendar
from complaints.policies.exceptions import BadPack, NoSuchClock
from complaints.policies.limits import Limit, StartRule

CURRENCY_LETTERS = 3


class ClockKind(StrEnum):
    STATUTORY = "statutory"  # the law's or the regulator's: nobody can pause it
    SERVICE = "service"  # our own promise: pauses where the pack says so


class ClockEvent(StrEnum):
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    MESSAGE_OUT = "message_out"


@dataclass(frozen=True)
class Amount:
    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not (len(self.currency) == CURRENCY_LETTERS and self.currency.isupper()):
            raise BadPack(f"{self.currency!r} is not a currency code such as GBP.")
        if not self.amount >= 0:
            raise BadPack("An amount cannot be negative.")


@dataclass(frozen=True)
class Clock:
    code: str
    label: str
    kind: ClockKind
    limit: Limit
    start: StartRule
    stops_on: tuple[ClockEvent, ...]
    rule: str
    source: str
    resets_on: tuple[ClockEvent, ...] = ()
    pausable_in: tuple[str, ...] = ()  # codes of lifecycle states

    def __post_init__(self) -> None:
        if self.kind is ClockKind.STATUTORY and self.pausable_in:
            raise BadPack("A statutory clock cannot be paused; leave pausable_in out.")
        if self.start is StartRule.LAST_MESSAGE and ClockEvent.MESSAGE_OUT not in self.resets_on:
            raise BadPack("A clock that starts from the last message must be reset by message_out.")


@dataclass(frozen=True)
class Timings:
    """How long after one thing the next falls due."""

    question_reminder_after: Limit  # from the question
    question_second_reminder_after: Limit  # from the question
    question_give_up_after: Limit  # from the question: go on without, or tell a manager
    offer_open_for: Limit  # from the sending of the offer
    offer_reminder_after: Limit  # from the sending of the offer
    follow_up_after: Limit  # from the answer: is it right now?
    close_after: Limit  # from the answer, when nothing is heard
    survey_after: Limit  # from the closing
    survey_reminder_after: Limit  # from the survey
    survey_cap_days: int  # one survey a customer in so many days
    reopen_within: Limit  # from the answer; later a linked complaint

    def __post_init__(self) -> None:
        if self.survey_cap_days < 0:
            raise BadPack("survey_cap_days cannot be negative.")
        self._in_order("question_reminder_after", "question_second_reminder_after", "question_give_up_after")
        self._in_order("offer_reminder_after", "offer_open_for")
        self._in_order("follow_up_after", "close_after")

    def _in_order(self, *names: str) -> None:
        """As far as limits in one unit can be compared."""
        for sooner, later in pairwise(names):
            one, other = getattr(self, sooner), getattr(self, later)
            if one.unit is other.unit and one.n >= other.n:
                raise BadPack(f"{sooner} ({one}) must come before {later} ({other}).")


@dataclass(frozen=True)
class Escalation:
    about_to_be_overdue_at: Decimal  # the part of a clock used up, between nought and one
    silence_after: Limit  # without a word from us to the customer
    answer_within: Limit  # a supervisor's own clock; then it passes up the ladder
    unhappy_score_at_most: int  # of five
    repeated_contacts: int  # so many messages from the customer …
    repeated_contacts_within: Limit  # … in so long

    def __post_init__(self) -> None:
        if not 0 < self.about_to_be_overdue_at < 1:
            raise BadPack("about_to_be_overdue_at must lie between 0 and 1.")


@dataclass(frozen=True)
class Retention:
    keep_closed_for: Limit  # from the closing; then the person is taken out and the complaint kept


@dataclass(frozen=True)
class Pack:
    """One version of the rules of one regime. A complaint keeps the version in force when it was received."""

    code: str
    version: int
    name: str
    effective_from: date
    jurisdiction: str
    language: str
    review: str  # what a compliance person still has to confirm
    check_payment_above: Amount
    fast_track_categories: tuple[str, ...]
    rights_text: str  # in every final response: how to take it further
    reopen_text: str  # in every closing letter: until when and how to come back; holds {until}
    calendar: Calendar
    contact_window: Calendar
    clocks: tuple[Clock, ...]
    timings: Timings
    escalation: Escalation
    retention: Retention

    def __post_init__(self) -> None:
        if "{until}" not in self.reopen_text:
            raise BadPack("reopen_text must say until when: it needs the word {until}.")
        codes = [clock.code for clock in self.clocks]
        if len(set(codes)) < len(codes):
            raise BadPack("Two clocks have the same code.")
        if self.version < 1:
            raise BadPack("The version must be 1 or more.")
        for calendar in (self.calendar, self.contact_window):
            if not any(calendar.week):
                raise BadPack("A calendar without working hours in any weekday would never open.")

    def clock(self, code: str) -> Clock:
        for clock in self.clocks:
            if clock.code == code:
                return clock
        raise NoSuchClock(code, self.code)
