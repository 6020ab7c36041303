"""Dates and spans as people say them; not strftime, whose names depend on the machine's locale."""

from datetime import date, datetime, timedelta

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def short_date(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


def weekday_date(day: date) -> str:
    return f"{WEEKDAYS[day.weekday()]} {short_date(day)}"


def full_date(day: date) -> str:
    return f"{weekday_date(day)} {day.year}"


def full_moment(moment: datetime) -> str:
    """As the clock on the wall of the moment's own zone has it."""
    return f"{full_date(moment)}, {moment:%H:%M}"


def weekday_moment(moment: datetime) -> str:
    return f"{weekday_date(moment)}, {moment:%H:%M}"


def plural(count: object, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def span(length: timedelta) -> str:
    """As in 7 h 30 min; seconds only when there is nothing else to say."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]
    return " ".join(part for part in parts if part) or f"{seconds} s"
