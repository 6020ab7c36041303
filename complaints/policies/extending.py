"""More time, where a rule grants it to those who say so in time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from complaints.policies.calendars import in_utc
from complaints.policies.exceptions import CannotExtend
from complaints.policies.schema import Pack


@dataclass(frozen=True)
class Notice:
    """The customer was told that a clock takes longer. `until` is the moment named; left out, all the rule gives."""

    clock: str
    told_at: datetime
    until: datetime | None = None

    def __post_init__(self) -> None:
        for moment in (self.told_at, self.until):
            if moment is not None:
                in_utc(moment)  # refuses a moment without a zone


def by_clock(notices: Iterable[Notice], pack: Pack) -> dict[str, Notice]:
    """One notice a clock. Raises CannotExtend for a second one and for a clock that knows no extension."""
    found: dict[str, Notice] = {}
    for notice in notices:
        if pack.clock(notice.clock).extension is None:
            raise CannotExtend(f"The clock {notice.clock} of policy pack {pack.code} cannot be extended.")
        if notice.clock in found:
            raise CannotExtend(f"The clock {notice.clock} can be extended once only.")
        found[notice.clock] = notice
    return found
