"""Who is away, and who stands in at the supervisors' desk."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.timezone import localtime

from complaints.desk.demonstration.firm import Firm
from escalations.actions import name_substitute

BEGAN = timedelta(days=24)


def absences(firm: Firm, now: datetime) -> Iterator[datetime]:
    """One that is over, one that lasts, and one that somebody else has arranged for the week after next."""
    first, second = firm.supervisors
    plans = (
        (24, first, second, first, -20, -16, "Training in Bristol"),
        (1, second, first, second, 0, 5, "Annual leave"),
        (1, firm.manager, first, firm.manager, 9, 13, "Annual leave"),
    )
    for ago, principal, substitute, by, starts, ends, reason in plans:
        moment, today = now - timedelta(days=ago), localtime(now).date()
        yield moment
        name_substitute(
            principal,
            substitute=substitute,
            starts_on=today + timedelta(days=starts),
            ends_on=today + timedelta(days=ends),
            reason=reason,
            by=by,
            now=moment,
        )
