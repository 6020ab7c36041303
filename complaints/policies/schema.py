"""What a policy pack says, in the words of the business."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from complaints.policies.calendars import Calendar
from complaints.policies.chapters import ClosingCode, OtherLanguage, Retention, Return, Stage
from complaints.policies.clock_rules import Clock, ClockEvent, ClockKind, Extension, OnExpiry
from complaints.policies.exceptions import BadPack, NoSuchClock, NoSuchStage
from complaints.policies.facts import Condition, Facts
from complaints.policies.ladder import EarlyWarning, Level
from complaints.policies.letter_rules import LetterKind, LetterRule
from complaints.policies.limits import Limit, StartRule
from complaints.policies.shipped_letters import is_one_language

__all__ = [
    "Amount", "Clock", "ClockEvent", "ClockKind", "Escalation", "Extension", "OnExpiry", "Pack", "Retention", "Timings",
]  # fmt: skip
CURRENCY_LETTERS = 3
ALL = Decimal(1)
LATER_STAGE = {StartRule.STAGE_REQUESTED, StartRule.STAGE_ACKNOWLEDGED}


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
class Timings:
    """How long after one thing the next falls due. All are the house's own choice."""

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
    also_in: tuple[OtherLanguage, ...] = ()  # for letters in another language than the pack's
    stages: tuple[Stage, ...] = ()  # left out, there is but one
    letters: tuple[LetterRule, ...] = ()
    closing_codes: tuple[ClosingCode, ...] = ()
    returns: tuple[Return, ...] = ()
    ladder: tuple[Level, ...] = ()
    early_warning: EarlyWarning | None = None
    publish_at_least: int = 10  # no figure of fewer complaints is shown to the public

    def __post_init__(self) -> None:
        if "{until}" not in self.reopen_text:
            raise BadPack("reopen_text must say until when: it needs the word {until}.")
        if self.version < 1:
            raise BadPack("The version must be 1 or more.")
        if self.publish_at_least < 1:
            raise BadPack("must be 1 or more.", key="publish_at_least")
        for calendar in (self.calendar, self.contact_window):
            if not any(calendar.week):
                raise BadPack("A calendar without working hours in any weekday would never open.")
        self._check_codes()
        self._check_stages()
        self._check_clocks()
        self._check_ladder()

    def clock(self, code: str) -> Clock:
        for clock in self.clocks:
            if clock.code == code:
                return clock
        raise NoSuchClock(code, self.code)

    def stage(self, code: str) -> Stage:
        for stage in self.stages:
            if stage.code == code:
                return stage
        raise NoSuchStage(code, self.code)

    def letter(self, kind: LetterKind) -> LetterRule | None:
        return next((rule for rule in self.letters if rule.kind is kind), None)

    def rights_in(self, language: str) -> str:
        """How to take it further, in this language, whatever its country; where nobody has written it, in our own."""
        if is_one_language(language, self.language):
            return self.rights_text
        others = (one.rights_text for one in self.also_in if is_one_language(language, one.language))
        return next(others, self.rights_text)

    def situated(self, facts: Facts) -> Facts:
        """The facts with their stage named: the first unless they say another of this pack."""
        if facts.stage:
            return replace(facts, stage=self.stage(facts.stage).code)
        return replace(facts, stage=self.stages[0].code) if self.stages else facts

    def clocks_for(self, facts: Facts) -> tuple[Clock, ...]:
        """The clocks that these facts call for, started or not, each with the limit they give it."""
        facts = self.situated(facts)
        return tuple(clock.as_for(facts) for clock in self.clocks if clock.applies_to(facts))

    @property
    def asks_for_priority(self) -> bool:
        """Does any rule depend on how grave a complaint is?"""
        return any(condition.priority for clock in self.clocks for _, condition in clock.conditions)

    def warn_at(self, clock: Clock) -> tuple[Decimal, ...]:
        """The parts of this clock at which somebody is warned."""
        return clock.warn_at or (self.escalation.about_to_be_overdue_at,)

    def milestones(self, clock: Clock) -> tuple[Decimal, ...]:
        """The parts of this clock at which anybody hears of it: warnings, levels of the ladder, and all of it."""
        if not clock.can_be_missed:
            return clock.warn_at
        triggers = (level.after for level in self.ladder if level.after.clock == clock.code)
        return tuple(sorted({*self.warn_at(clock), *(one.used for one in triggers if one.used), ALL}))

    def _check_codes(self) -> None:
        _refuse_twice("clocks", (clock.code for clock in self.clocks))
        _refuse_twice("stages", (stage.code for stage in self.stages))
        _refuse_twice("letters", (letter.kind for letter in self.letters))
        _refuse_twice("closing codes", (closing.code for closing in self.closing_codes))
        _refuse_twice("returns", (one.code for one in self.returns))
        _refuse_twice("languages", (self.language, *(one.language for one in self.also_in)))

    def _check_stages(self) -> None:
        known: set[str] = set()
        for index, stage in enumerate(self.stages):
            for earlier in stage.reviewer_not:
                if earlier not in known:
                    raise BadPack(
                        f"{earlier!r} is not a stage before this one.", key=f"stages[{index}].reviewer_not"
                    )
            known.add(stage.code)

    def _check_clocks(self) -> None:
        for index, clock in enumerate(self.clocks):
            for name, condition in clock.conditions:
                self._check_condition(condition, key=f"clocks[{index}].{name}.stage")
            if clock.start in LATER_STAGE and not self.stages[1:]:
                raise BadPack("needs a second stage in the pack.", key=f"clocks[{index}].start")
            if clock.extension and self.letter(clock.extension.notice) is None:
                raise BadPack(
                    f"needs a rule for the letter {clock.extension.notice} in the pack.",
                    key=f"clocks[{index}].extension.notice",
                )

    def _check_condition(self, condition: Condition, *, key: str) -> None:
        known = [stage.code for stage in self.stages]
        for stage in condition.stage:
            if stage not in known:
                raise BadPack(f"{stage!r} is not a stage of this pack.", key=key)

    def _check_ladder(self) -> None:
        known = {clock.code: clock for clock in self.clocks}
        highest = 0
        for index, level in enumerate(self.ladder):
            if level.level not in {highest or 1, highest + 1}:
                raise BadPack("must rise from 1 without a gap.", key=f"ladder[{index}].level")
            highest = level.level
            clock = known.get(level.after.clock)
            if clock is None or not clock.can_be_missed:
                raise BadPack(
                    f"{level.after.clock!r} is not a clock of this pack that can be missed.",
                    key=f"ladder[{index}].after.clock",
                )


def _refuse_twice(what: str, codes: Iterable[str]) -> None:
    for code, times in Counter(codes).items():
        if times > 1:
            raise BadPack(f"Two {what} have the same code: {code}.")
