"""How long to wait after an attempt that failed: 1, 5, 15 and 60 minutes, then every hour, for 48 hours."""

import random
from datetime import timedelta

MINUTE = timedelta(minutes=1)
FIRST_WAITS = (1 * MINUTE, 5 * MINUTE, 15 * MINUTE)
LATER_WAITS = 60 * MINUTE
LONGEST = timedelta(hours=48)
JITTER = 0.1


def wait_after(attempts: int) -> timedelta | None:
    """Without an answer: long enough, give up."""
    waits = (*FIRST_WAITS[:attempts], *[LATER_WAITS] * (attempts - len(FIRST_WAITS)))
    return waits[-1] if sum(waits, timedelta()) <= LONGEST else None


def jittered(wait: timedelta) -> timedelta:
    """So that what failed together does not come back together."""
    return wait * random.uniform(1 - JITTER, 1 + JITTER)
