"""When it says it was sent."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def sent_at(header: str | None) -> datetime | None:
    """In UTC; None for what is no date. Dates without a zone, or in one nobody knows, are taken for UTC."""
    try:
        moment = parsedate_to_datetime((header or "")[:200])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
