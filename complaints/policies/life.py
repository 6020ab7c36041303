"""The life of a complaint's clocks, told from what happened, in whatever order one hears of it.

Nothing is kept as a sum, and nothing depends on what was thought before: each clock starts where its rule says,
stands where its rule says, and ends by what its rule listens for. So no change of facts, stage or pack loses time.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import singledispatchmethod

from complaints.policies.deadlines import Beginnings, started
from complaints.policies.extending import Notice
from complaints.policies.facts import NOTHING_SPECIAL
from complaints.policies.happenings import (
    Awaited,
    Begun,
    Came,
    Ended,
    Entered,
    Extended,
    Happening,
    Learnt,
    Moved,
    Ranked,
    Ruled,
    Said,
)
from complaints.policies.limits import Pause, StartRule
from complaints.policies.running import Run, Running, Standing
from complaints.policies.schema import Clock, ClockEvent, Pack

FOR_EVER = datetime.max.replace(tzinfo=UTC)
#: The first time one of these is said is a moment that clocks may start from.
BEGINNINGS = {
    ClockEvent.ACKNOWLEDGED: "acknowledged_at",
    ClockEvent.ANSWERED: "answered_at",
    ClockEvent.STAGE_ACKNOWLEDGED: "stage_acknowledged_at",
}


def runs_of(pack: Pack, happenings: Iterable[Happening], *, explained: bool = True) -> tuple[Run, ...]:
    """Every stretch of every clock, in the order in which they began."""
    life = Life(pack)
    for happening in sorted(happenings, key=lambda one: (one.at, one.order)):
        life.hear(happening)
        life.start_what_is_called_for(happening.at)
    return life.told(explained=explained)


class Life:
    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.facts = NOTHING_SPECIAL
        self.beginnings: Beginnings | None = None
        self.said: set[ClockEvent] = set()
        self.first_time = True
        self.owed = True
        self.running: dict[str, Running] = {}
        self.ours: dict[str, Standing] = {}
        self.all: list[Running | Standing] = []
        self.spells: list[Pause] = []
        self.state, self.state_since = "", FOR_EVER

    @singledispatchmethod
    def hear(self, happening: Happening) -> None:
        raise NotImplementedError(happening)

    @hear.register
    def _begun(self, begun: Begun) -> None:
        """Taken up again, a complaint is owed its dates anew; the customer has been thanked."""
        self._stop(list(self.running), begun.at, Ended.RESET)
        self.first_time = not begun.again
        self.owed = True
        self.said = {ClockEvent.ACKNOWLEDGED} if begun.again else set()
        if begun.stage:
            self.facts = replace(self.facts, stage=begun.stage)
        elif begun.again:
            self.said.add(ClockEvent.STAGE_ACKNOWLEDGED)
        self.beginnings = Beginnings(
            received_at=begun.at,
            acknowledged_at=begun.at if begun.again else None,
            stage_requested_at=begun.at if begun.again else None,
            stage_acknowledged_at=begun.at if begun.again and not begun.stage else None,
        )

    @hear.register
    def _heard(self, said: Said) -> None:
        if self.beginnings is None:
            return
        for code, clock in list(self.running.items()):
            if said.words & set(clock.rule.stops_on):
                self._stop([code], said.at, Ended.DONE)
            elif said.words & set(clock.rule.resets_on):
                self._stop([code], said.at, Ended.RESET)
        first = {BEGINNINGS[word]: said.at for word in said.words - self.said if word in BEGINNINGS}
        if ClockEvent.MESSAGE_OUT in said.words:
            first["last_message_at"] = said.at
        self.beginnings = replace(self.beginnings, **first)
        self.said |= said.words

    @hear.register
    def _entered(self, entered: Entered) -> None:
        if entered.state == self.state:
            return
        if self.state and self.state_since < entered.at:
            self.spells.append(Pause(self.state_since, entered.at, state=self.state))
        self.state, self.state_since, self.owed = entered.state, entered.at, entered.owed
        if not entered.owed:
            self._stop([code for code in self.running if entered.over or self._owed(code)], entered.at)
            for clock in list(self.ours):
                self._end(clock, entered.at, Ended.LET_GO)

    @hear.register
    def _learnt(self, learnt: Learnt) -> None:
        self.facts = replace(learnt.facts, stage=self.facts.stage, priority=self.facts.priority)
        if self.beginnings is not None and learnt.external_at:
            self.beginnings = replace(self.beginnings, external_at=learnt.external_at)
        self._go_by_the_rules(learnt.at)

    @hear.register
    def _ranked(self, ranked: Ranked) -> None:
        self.facts = replace(self.facts, priority=ranked.priority)
        self._go_by_the_rules(ranked.at)

    @hear.register
    def _ruled(self, ruled: Ruled) -> None:
        self.pack = ruled.pack
        if self.facts.stage not in {stage.code for stage in ruled.pack.stages}:
            self.facts = replace(self.facts, stage="")
        self._go_by_the_rules(ruled.at)

    @hear.register
    def _extended(self, extended: Extended) -> None:
        if clock := self.running.get(extended.clock):
            clock.notice = Notice(extended.clock, extended.at, extended.until)

    @hear.register
    def _moved(self, moved: Moved) -> None:
        if clock := self.running.get(moved.clock) or self.ours.get(moved.clock):
            clock.moved = moved

    @hear.register
    def _awaited(self, awaited: Awaited) -> None:
        self._end(awaited.clock, awaited.at, Ended.RESET)
        self.ours[awaited.clock] = Standing(awaited)
        self.all.append(self.ours[awaited.clock])

    @hear.register
    def _came(self, came: Came) -> None:
        for clock in came.clocks:
            self._end(clock, came.at, Ended.DONE)

    def start_what_is_called_for(self, now: datetime) -> None:
        """Every clock that the facts call for, whose beginning has come, and which has not had its word yet."""
        if self.beginnings is None:
            return
        for rule in self.pack.clocks_for(self.facts):
            if rule.code in self.running or not self._is_called_for(rule, self.beginnings):
                continue
            clock = Running(rule, self.pack, self.facts, self.beginnings, since=now)
            self.running[rule.code] = clock
            self.all.append(clock)

    def told(self, *, explained: bool) -> tuple[Run, ...]:
        lasting = None
        if self.state and self.all:
            # Its end is not known; where one is needed, the clock has stopped, and it is cut off there.
            lasting = Pause(self.state_since, FOR_EVER, state=self.state)
        told = (
            one.told(self.spells, lasting, explained=explained)
            for one in self.all
            if one.stopped_at != one.since
        )
        return tuple(run for run in told if run)

    def _is_called_for(self, rule: Clock, beginnings: Beginnings) -> bool:
        if self.said & set(rule.stops_on) or started(rule.start, beginnings, self.pack.calendar) is None:
            return False
        if rule.start is StartRule.ANSWERED:
            return True
        return self.owed and (self.first_time or rule.can_be_missed)

    def _go_by_the_rules(self, now: datetime) -> None:
        """Let the clocks that run follow other facts or rules; those no longer called for end."""
        called_for = {rule.code: rule for rule in self.pack.clocks_for(self.facts)}
        self._stop([code for code in self.running if code not in called_for], now, Ended.SWITCHED)
        for code, clock in self.running.items():
            clock.rule, clock.pack, clock.facts = called_for[code], self.pack, self.facts
            if self.beginnings is not None:
                clock.beginnings = replace(clock.beginnings, external_at=self.beginnings.external_at)

    def _owed(self, code: str) -> bool:
        """A window, and what only starts with the answer, outlast the answer."""
        rule = self.running[code].rule
        return rule.can_be_missed and rule.start is not StartRule.ANSWERED

    def _stop(self, codes: list[str], now: datetime, ended: Ended = Ended.LET_GO) -> None:
        for code in codes:
            clock = self.running.pop(code)
            clock.stopped_at, clock.ended = now, ended

    def _end(self, clock: str, now: datetime, ended: Ended) -> None:
        if standing := self.ours.pop(clock, None):
            standing.stopped_at, standing.ended = now, ended
