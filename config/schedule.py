"""The timetable: all periodic work, in one place.

A tick only says "look": what is due is a query in the database, so a missed tick is repaired by the next
one and a doubled tick finds nothing left to do.
"""

from typing import TypedDict


class Tick(TypedDict):
    task: str
    schedule: float


SCHEDULE: dict[str, Tick] = {}
