"""When it says it was sent."""

from datetime import MAXYEAR, UTC, datetime
from email.utils import parsedate_to_datetime


def sent_at(header: str | None) -> datetime | None:
    """In UTC; None for what is no date. Dates without a zone, or in one nobody knows, are taken for UTC.

    Of the calendar's last year none is: its last hours are past the end in zones to the east, and cannot be shown.
    """
    try:
        moment = parsedate_to_datetime((header or "")[:200])
        sent = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return sent if sent.year < MAXYEAR else None
