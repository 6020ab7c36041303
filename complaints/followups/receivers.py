from collections.abc import Iterable
from datetime import datetime
from typing import Any

from complaints.followups import actions
from complaints.resolution.models import Entry, EntryKind

#: Never a reason to write, and thousands of them may come at once.
OF_SUPERVISORS = (EntryKind.ESCALATION, EntryKind.WARNING)


def plan_letters(*, entries: Iterable[Entry], now: datetime, **_: Any) -> None:
    """Whatever happens to a complaint may call for letters, or make some moot; the plan knows which."""
    if heard := [entry for entry in entries if entry.kind not in OF_SUPERVISORS]:
        actions.plan_for(heard, now=now)
