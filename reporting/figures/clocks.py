"""Was it on time? Each complaint's first clocks, by its date of receipt; each ends in exactly one of four ways."""

from datetime import date
from functools import lru_cache
from itertools import chain

from django.db.models import Exists, F, OuterRef, Q

from complaints.policies import library
from complaints.policies.schema import Clock, ClockEvent
from complaints.resolution.models import Deadline, DeadlineKind, Ended, Entry, Move, State
from reporting.figures.figure import Column, Condition, Figure, Rate, Rows, Source
from reporting.periods import zone
from reporting.scope import Scope


def _first_clocks(scope: Scope) -> Rows:
    """Left out: clocks started again by a reopening, so that each complaint counts once, and those that other rules
    took the place of, which nobody kept or missed.
    """
    reopened = Entry.objects.filter(
        complaint=OuterRef("complaint"), move=Move.REOPEN, at__lte=OuterRef("started_at")
    )
    clocks = Deadline.objects.exclude(ended=Ended.SWITCHED)
    return clocks.filter(~Exists(reopened), clock__in=chain(*_codes_of(scope)))


CLOCKS = Source(
    "clocks", _first_clocks, columns=(Column("Due", "due_at", why="desk:why"), Column("Done", "stopped_at"))
)


def _thanks(clock: Clock) -> bool:
    return ClockEvent.ACKNOWLEDGED in clock.stops_on


def _answer(clock: Clock) -> bool:
    """Stopped by the answer alone. One that each letter starts anew measures our silence, not the answer."""
    return ClockEvent.ANSWERED in clock.stops_on and not _thanks(clock) and not clock.resets_on


def _codes_of(scope: Scope) -> tuple[list[str], list[str]]:
    return _codes(scope.now.astimezone(zone()).date())


@lru_cache(maxsize=2)
def _codes(_today: date) -> tuple[list[str], list[str]]:
    """The clocks of thanks and of answers. A version made today begins tomorrow: asking once a day is enough."""
    clocks = [
        clock for versions in library.everything().values() for pack in versions for clock in pack.clocks
    ]
    return (
        sorted({clock.code for clock in clocks if _thanks(clock)}),
        sorted({clock.code for clock in clocks if _answer(clock)}),
    )


def _acknowledgement(scope: Scope) -> Q:
    return Q(clock__in=_codes_of(scope)[0])


def _service(scope: Scope) -> Q:
    return Q(clock__in=_codes_of(scope)[1], kind=DeadlineKind.SERVICE)


def _statutory(scope: Scope) -> Q:
    return Q(clock__in=_codes_of(scope)[1], kind=DeadlineKind.STATUTORY)


#: Stopped not by us but because nothing was owed any more.
LET_GO = Q(complaint__state__in=[State.WITHDRAWN, State.MERGED], stopped_at=F("complaint__closed_at"))
IN_TIME = Q(stopped_at__lte=F("due_at"))


def _kept(_scope: Scope) -> Q:
    return IN_TIME & ~LET_GO


def _missed(scope: Scope) -> Q:
    """A clock that stands still while we wait for the customer is never missed."""
    running_late = Q(stopped_at__isnull=True, paused_at__isnull=True, due_at__lt=scope.now)
    return Q(stopped_at__gt=F("due_at")) | running_late


def _decided(scope: Scope) -> Q:
    return _kept(scope) | _missed(scope)


def _running(scope: Scope) -> Q:
    return Q(stopped_at__isnull=True) & (Q(paused_at__isnull=False) | Q(due_at__gte=scope.now))


def _let_go(_scope: Scope) -> Q:
    return IN_TIME & LET_GO


ENDS: tuple[tuple[str, str, Condition], ...] = (
    ("kept", "kept", _kept),
    ("missed", "missed", _missed),
    ("running", "still running", _running),
    ("let_go", "no longer owed (withdrawn or merged in time)", _let_go),
    ("decided", "kept or missed", _decided),
)
RULE = (
    "Kept: done by its moment. Missed: done later, or not done and the moment past. Left out: clocks still running or "
    "standing still, and complaints withdrawn or merged in time. Only the first clock of a complaint counts."
)


def _of(code: str, name: str, which: Condition) -> dict[str, Figure]:
    def both(end: Condition) -> Condition:
        return lambda scope: which(scope) & end(scope)

    return {
        end: Figure(
            f"{code}_{end}",
            f"{name}: {words}",
            f"clocks ({name.lower()}) {words}",
            CLOCKS,
            "complaint__received_at",
            "date received",
            both(condition),
        )
        for end, words, condition in ENDS
    }


thanks = _of("thanks", "Acknowledgement", _acknowledgement)
service = _of("service", "Own standard", _service)
statutory = _of("statutory", "Statutory limit", _statutory)

thanked_on_time = Rate("thanked_on_time", "Acknowledged on time", thanks["kept"], thanks["decided"])
answered_on_time = Rate(
    "service_on_time", "Answered within our own standard", service["kept"], service["decided"]
)
answered_in_law = Rate(
    "statutory_on_time", "Answered within the statutory limit", statutory["kept"], statutory["decided"]
)

FIGURES = (*thanks.values(), *service.values(), *statutory.values())
RATES = (thanked_on_time, answered_on_time, answered_in_law)
