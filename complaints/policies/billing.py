"""Billing cycles, which end on a day of the month that only the customer's account knows."""

from calendar import monthrange
from datetime import date, datetime

from complaints.policies.calendars import Calendar
from complaints.policies.clock import MONTHS_A_YEAR


def close_of_cycles(received: datetime, cycles: int, statement_day: int, calendar: Calendar) -> datetime:
    """The end of so many complete cycles after the one in which it was received.

    The rest of the running cycle comes on top: two complete cycles are two that begin after the receipt.
    """
    day = calendar.day_of(received)
    ends_this_month = _statement_date(day.year, day.month, statement_day) >= day
    month = day.month - 1 + cycles + (0 if ends_this_month else 1)
    years, month = divmod(month, MONTHS_A_YEAR)
    return calendar.day_end(_statement_date(day.year + years, month + 1, statement_day))


def _statement_date(year: int, month: int, statement_day: int) -> date:
    return date(year, month, min(statement_day, monthrange(year, month)[1]))
