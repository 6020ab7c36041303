from datetime import datetime
from typing import Any

from complaints.followups import actions
from complaints.resolution.models import Entry


def plan_letters(*, entry: Entry, now: datetime, **_: Any) -> None:
    """Whatever happens to a complaint may call for letters, or make some moot; the plan knows which."""
    actions.plan_for(entry, now=now)
