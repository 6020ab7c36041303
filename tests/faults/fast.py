"""The same Celery, its timetable a hundred times faster, on a pretended clock: `celery -A tests.faults.fast …`.

PRETEND says by how many seconds the clock is off, so that it is a working morning whenever the test runs.
"""

import os
from datetime import UTC, datetime, timedelta

from django.utils import timezone

from config.celery import app
from config.schedule import SCHEDULE

OFF_BY = timedelta(seconds=float(os.environ["PRETEND"]))
timezone.now = lambda: datetime.now(UTC) + OFF_BY
app.conf.beat_schedule = {name: {**tick, "schedule": 1.0} for name, tick in SCHEDULE.items()}
app.conf.beat_max_loop_interval = 0.5

__all__ = ["app"]
