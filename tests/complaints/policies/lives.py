"""What the lives of complaints, replayed under each pack that ships, have in common."""

from datetime import datetime
from zoneinfo import ZoneInfo

from complaints.policies.deadlines import ComputedDeadline
from complaints.policies.limits import Pause
from complaints.policies.packs import in_force
from complaints.policies.schema import Pack

NEW_YORK, SYDNEY = ZoneInfo("America/New_York"), ZoneInfo("Australia/Sydney")
HOUSE = "House standard"
Told = dict[str, tuple[datetime, str]]


def new_york(*when: int) -> datetime:
    return datetime(*when, tzinfo=NEW_YORK)  # type: ignore[arg-type, misc]


def sydney(*when: int) -> datetime:
    return datetime(*when, tzinfo=SYDNEY)  # type: ignore[arg-type, misc]


def midnight(moment: datetime) -> datetime:
    """The end of this day, as a rule that counts days means it."""
    return moment.replace(hour=23, minute=59, second=59)


def pack_of(code: str, received_at: datetime) -> Pack:
    return in_force(code, received_at.date())


def waiting(since: datetime, until: datetime) -> Pause:
    return Pause(since, until, "we asked the customer", "waiting")


def assert_told(deadlines: tuple[ComputedDeadline, ...], expected: Told) -> None:
    """Exactly these clocks, each due then and for that reason: the date, the rule it comes from."""
    assert {one.clock: one.due_at for one in deadlines} == {code: due for code, (due, _) in expected.items()}
    for one in deadlines:
        assert expected[one.clock][1] in one.source, one.clock
        assert one.reasons
        assert one.started_at <= one.warnings[0] <= one.warn_at <= one.due_at
