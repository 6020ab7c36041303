from datetime import datetime
from typing import Any

from complaints.followups import actions
from complaints.resolution.models import Entry, EntryKind

#: Never a reason to write, and thousands of them may come at once.
OF_SUPERVISORS = (EntryKind.ESCALATION, EntryKind.WARNING)


def plan_letters(*, entry: Entry, now: datetime, **_: Any) -> None:
    """Whatever happens to a complaint may call for letters, or make some moot; the plan knows which."""
    if entry.kind in OF_SUPERVISORS:
        return
    actions.plan_for(entry, now=now)
