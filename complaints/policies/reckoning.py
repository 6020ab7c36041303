"""When one clock is due: its limit, the billing cycles that may end it sooner, the notice that may move it later."""

from dataclasses import dataclass, replace
from datetime import datetime

from complaints.policies import clock, words
from complaints.policies.billing import close_of_cycles
from complaints.policies.calendars import Calendar, in_utc
from complaints.policies.clock_rules import Clock
from complaints.policies.explanation import due_explained
from complaints.policies.extending import Notice
from complaints.policies.facts import Facts
from complaints.policies.limits import TIMED, Limit, Pause, StartRule
from complaints.policies.steps import Step, Why


@dataclass(frozen=True)
class Due:
    first_due_at: datetime  # before any extension
    due_at: datetime
    limit: Limit  # the one that the sum is done with
    notes: tuple[str, ...] = ()  # what else there is to say about the date


@dataclass(frozen=True)
class Reckoning:
    rule: Clock
    start: datetime
    calendar: Calendar
    stood: tuple[Pause, ...]
    facts: Facts

    def due(self, notice: Notice | None) -> Due:
        first = self._first()
        if notice is None or self.rule.extension is None:
            return first
        told = words.full_moment(notice.told_at.astimezone(self.calendar.zone))
        if in_utc(notice.told_at) > in_utc(first.due_at):
            return replace(
                first,
                notes=(*first.notes, f"The notice of {told} came when the time was up: it moves nothing."),
            )
        return self._extended(first, notice, told)

    def steps(self, due: Due, *, verb: str) -> tuple[Step, ...]:
        counted = due_explained(self.start, due.limit, self.calendar, self.stood, verb=verb).steps
        day = self.calendar.day_of(in_utc(due.due_at))
        return (*counted, *(Step(day, Why.END, note) for note in due.notes))

    def _first(self) -> Due:
        limit = _from_first_day(self.rule, self.rule.limit)
        due_at = clock.due(self.start, limit, self.calendar, self.stood)
        if not self.rule.within_cycles:
            return Due(due_at, due_at, limit)
        return self._within_cycles(limit, due_at)

    def _within_cycles(self, limit: Limit, outer: datetime) -> Due:
        cycles = words.plural(self.rule.within_cycles, "complete billing cycle")
        if self.facts.statement_day is None:
            note = (
                f"The day of the customer's statement is not known: {cycles} may end before {limit} are over."
            )
            return Due(outer, outer, limit, (note,))
        close = close_of_cycles(self.start, self.rule.within_cycles, self.facts.statement_day, self.calendar)
        if in_utc(close) >= in_utc(outer):
            return Due(outer, outer, limit, (f"{cycles} would end later: {limit} are the most.",))
        return Due(close, close, limit, (f"{cycles} end sooner: due {words.full_moment(close)}.",))

    def _extended(self, first: Due, notice: Notice, told: str) -> Due:
        furthest, furthest_at = self._furthest(first)
        was = f"First due {words.full_moment(first.due_at)}; extended by the notice of {told}"
        if notice.until is None:
            return Due(first.due_at, furthest_at, furthest, (f"{was}.",))
        until = notice.until.astimezone(self.calendar.zone)
        due_at = max(first.due_at, min(until, furthest_at, key=in_utc), key=in_utc)
        if in_utc(until) > in_utc(furthest_at):
            note = f"{was} to {words.full_moment(until)}, later than the rule allows: due {words.full_moment(due_at)}."
        else:
            note = f"{was}: due {words.full_moment(due_at)}."
        return Due(first.due_at, due_at, first.limit, (*first.notes, note))

    def _furthest(self, first: Due) -> tuple[Limit, datetime]:
        extension = self.rule.extension
        if extension is None:
            return first.limit, first.due_at
        limit = _from_first_day(self.rule, extension.furthest(self.rule.limit))
        reached = clock.due(self.start, limit, self.calendar, self.stood)
        return (limit, reached) if in_utc(reached) > in_utc(first.due_at) else (first.limit, first.due_at)


def _from_first_day(rule: Clock, limit: Limit) -> Limit:
    """A clock that starts the business day after receipt has that day as day one."""
    if rule.start is StartRule.NEXT_BUSINESS_DAY and limit.unit not in TIMED:
        return replace(limit, from_first_day=True)
    return limit
