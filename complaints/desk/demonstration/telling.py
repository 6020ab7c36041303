"""Telling all stories at once, in the order in which things happened."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush

from django.conf import settings
from django.db import connection

from complaints.desk.demonstration import absences, post
from complaints.desk.demonstration.cast import Casting
from complaints.desk.demonstration.firm import Firm, found
from complaints.desk.demonstration.people import People
from complaints.desk.demonstration.rounds import Rounds
from complaints.policies import library
from complaints.resolution.exceptions import Refused

logger = logging.getLogger(__name__)
SINCE = timedelta(days=155)


def tell(*, complaints: int, seed: int, now: datetime) -> Firm:
    """Found the firm and live its last five months. All of it, or, when cut short, nothing."""
    with all_or_nothing():
        firm = found(seed=seed, now=now - SINCE)
        pack = library.in_force(settings.FIRM_POLICY_PACK, now.date())
        rounds = Rounds(firm, pack, seed=seed, now=now)
        people = People(seed, now.date())
        casting = Casting(firm, people, pack.calendar, seed, now)
        house = [
            (now - SINCE, rounds.hours(now - SINCE)),
            (now - post.BEGAN, post.arrivals(now)),
            (now - absences.BEGAN, absences.absences(firm, now)),
        ]
        live([*casting.stories(complaints), *house], until=now)
        rounds.last_look(now)
    return firm


def live(stories: list[tuple[datetime, Iterator[datetime]]], *, until: datetime) -> None:
    """Always go on with the story whose next deed comes first; what would come after the present is not told."""
    waiting = [(moment, number, story) for number, (moment, story) in enumerate(stories)]
    heapify(waiting)
    while waiting and waiting[0][0] <= until:
        _, number, story = heappop(waiting)
        if moment := go_on(story):
            heappush(waiting, (moment, number, story))


def go_on(story: Iterator[datetime]) -> datetime | None:
    """What the house refuses is not done, and the story ends where it stands."""
    try:
        return next(story, None)
    except Refused as refusal:
        logger.warning("A story of the demonstration ends early: %s", refusal)
        return None


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """One transaction, begun by hand: the post claims its letters in durable ones, which no atomic block may surround.

    Nothing leaves the house meanwhile, so there is nothing that a rollback could not undo.
    """
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)
    try:
        yield
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    finally:
        connection.set_autocommit(True)
