"""One whole sweep of the supervisors' desk over a million open complaints: when nothing is due, and when much is.

DATABASE_URL=postgres://... python -m tests.benchmarks.sweep [--open N] [--due N]

Works in the test database of that PostgreSQL server, made for the run and dropped after it: some 3 GB and a few
minutes for the million. Each open complaint is a copy of one that the verbs made, with its letters, its running
deadlines and their milestones, spread over the months before and after the moment of the sweep. Prints the seconds
and the queries of every job of the sweep. Goals: under 10 seconds in all when nothing is due, under 60 when 10,000
milestones are.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection, reset_queries
from django.db.backends.utils import CursorWrapper
from django.db.models import Max
from django.test.utils import setup_databases, teardown_databases

from complaints.resolution.models import Complaint, Customer, Deadline, Entry, Milestone
from escalations import actions
from escalations.actions.weighing import NAME
from escalations.models import Escalation, Look
from tests import factories
from tests.escalations.people import ladder, manager, supervisor

#: The sweep happens so long after the complaint that is copied was received: some copies are older, none is late.
LATER = timedelta(days=2)
NOW = factories.NOW + LATER
JOBS: tuple[Callable[..., int], ...] = (
    actions.pass_milestones,
    actions.watch,
    actions.raise_long_silence,
    actions.raise_missed,
    actions.settle_all_moot,
    actions.pass_up_unanswered,
    actions.refresh_urgency,
)
#: Never copied: the database writes these itself.
GENERATED = {"is_open"}


def seed(number: int) -> None:
    ladder()
    supervisor(), manager()
    factories.investigating()
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        for table, fresh in COPIES:
            copy(cursor, table, fresh, number)
        cursor.execute("VACUUM ANALYZE")
    Look.objects.create(
        name=NAME,
        at=NOW - timedelta(minutes=5),
        entry=Entry.objects.aggregate(last=Max("pk"))["last"],
        customer=Customer.history.aggregate(last=Max("history_id"))["last"],
    )
    say(
        f"  {Complaint.objects.open().count():,} open, {Milestone.objects.ahead().count():,} milestones ahead"
    )


#: Table by table, from below: what differs from the row that is copied. `g` numbers the copies. Keys of the copies of
#: row k are k + g * 1000, so that what belonged together belongs together again.
KEY = "t.id + g * 1000"
OF_COMPLAINT = {"id": KEY, "complaint_id": "t.complaint_id + g * 1000"}
COPIES: tuple[tuple[str, dict[str, str]], ...] = (
    (
        "resolution_complaint",
        {
            "id": KEY,
            "reference": "'Z' || g",
            "link_key": "'k' || g",
            "received_at": "t.received_at - mod(g, 200) * interval '1 minute'",
            "next_due_at": "t.next_due_at + mod(g, 5000) * interval '1 minute'",
        },
    ),
    ("resolution_message", OF_COMPLAINT | {"key": "t.key || g", "mail_id": "NULL"}),
    ("resolution_entry", OF_COMPLAINT),
    ("resolution_deadline", OF_COMPLAINT | {"due_at": "t.due_at + mod(g, 5000) * interval '1 minute'"}),
    (
        "resolution_milestone",
        {
            "id": KEY,
            "deadline_id": "t.deadline_id + g * 1000",
            "at": "t.at + mod(g, 5000) * interval '1 minute'",
        },
    ),
)


def copy(cursor: CursorWrapper, table: str, fresh: dict[str, str], number: int) -> None:
    began = time.perf_counter()
    names = [
        column.name
        for column in connection.introspection.get_table_description(cursor, table)
        if column.name not in GENERATED
    ]
    chosen = ", ".join(fresh.get(name, f't."{name}"') for name in names)
    into = ", ".join(f'"{name}"' for name in names)
    order = " ".join(
        ("INSERT INTO", table, f"({into})", "SELECT", chosen, "FROM", table, "t, generate_series(1, %s) g")
    )
    cursor.execute(order, [number])
    cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, (number + 2) * 1000])
    say(f"  {table}: {time.perf_counter() - began:.0f} s")


def make_due(number: int) -> None:
    """So many breaches of the resolve clock, and as many warnings before them put off: one milestone a complaint."""
    breaches = Milestone.objects.ahead().filter(deadline__clock="resolve", part=1).order_by("pk")
    keys = list(breaches.values_list("pk", "deadline")[:number])
    Milestone.objects.filter(deadline__in=[deadline for _, deadline in keys]).exclude(
        pk__in=[pk for pk, _ in keys]
    ).delete()
    Milestone.objects.filter(pk__in=[pk for pk, _ in keys]).update(at=NOW)
    Deadline.objects.filter(pk__in=[deadline for _, deadline in keys]).update(
        due_at=NOW - timedelta(minutes=1)
    )


def sweep(title: str, now: datetime) -> None:
    say(title)
    whole = 0.0
    for job in JOBS:
        with measured() as took:
            found = job(now=now)
        whole += took[0]
        own = f"{took[2]:6.2f} s of it our own work"
        say(f"  {job.__name__:22} {took[0]:7.2f} s  {own}  {int(took[1]):5,} queries  {found:7,} found")
    say(f"  {'together':22} {whole:7.2f} s")


@contextmanager
def measured() -> Iterator[list[float]]:
    """Seconds, queries (counted without keeping their texts), and seconds this process itself was at work."""
    took: list[float] = []
    count = 0

    def counted(execute: Callable[..., object], *asked: object) -> object:
        nonlocal count
        count += 1
        return execute(*asked)

    began, worked = time.perf_counter(), time.process_time()
    with connection.execute_wrapper(counted):
        yield took
    took += [time.perf_counter() - began, count, time.process_time() - worked]
    reset_queries()


def say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--open", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=10_000)
    options = parser.parse_args()
    if connection.vendor != "postgresql":
        raise SystemExit("This wants PostgreSQL: set DATABASE_URL.")
    before = setup_databases(verbosity=0, interactive=False)
    try:
        say(f"{options.open:,} open complaints, PostgreSQL, load {os.getloadavg()[0]:.1f}")
        seed(options.open)
        sweep("Nothing due", NOW)
        make_due(options.due)
        sweep(f"{options.due:,} milestones due", NOW + timedelta(minutes=5))
        say(f"  {Escalation.objects.count():,} questions raised")
        sweep("The next look", NOW + timedelta(minutes=10))
    finally:
        teardown_databases(before, verbosity=0)


if __name__ == "__main__":
    main()
