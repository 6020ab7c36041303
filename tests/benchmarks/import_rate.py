"""The whole import beside a bare `bulk_create_with_history` of the same complaints, in one run and in turns.

DATABASE_URL=... python -m tests.benchmarks.import_rate [--rows N] [--rounds N] FILE...

Works in the test database of whatever server DATABASE_URL names, made for the run and dropped after it. Prints
complaints a second of both, their ratio, and the most memory a process of its own took for the whole import. On a
machine with other work the best rounds say more than the median ones.
"""

import argparse
import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.color import no_style
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone
from simple_history.utils import bulk_create_with_history

from complaints.intake import actions
from complaints.intake.reading import Export, Refusal, Row, open_export
from complaints.resolution.actors import System
from complaints.resolution.models import Complaint

OURS = ("resolution", "intake")


class FirstRows:
    """An export of which no more is read than the benchmark was told."""

    def __init__(self, export: Export, most: int | None) -> None:
        self._export, self._most = export, most

    def __getattr__(self, name: str) -> Any:
        return getattr(self._export, name)

    def __iter__(self) -> Iterator[Row | Refusal]:
        return islice(iter(self._export), self._most)


def the_whole_import(paths: list[Path], most: int | None) -> None:
    for path in paths:
        with open_export(path, now=timezone.now()) as export:
            actions.import_complaints(
                FirstRows(export, most),  # type: ignore[arg-type]
                file_name=path.name,
                by=System.IMPORTER,
                now=timezone.now(),
            )


def bare(complaints: list[Complaint]) -> None:
    bulk_create_with_history(
        complaints,
        Complaint,
        batch_size=1000,
        default_change_reason="Imported",
        default_date=datetime.now(UTC),
    )


def compare(paths: list[Path], most: int | None, rounds: int) -> None:
    empty()
    the_whole_import(paths, most)
    stock = list(Complaint.objects.order_by("pk"))
    took: dict[str, list[float]] = {"bare": [], "whole": []}
    for number in range(rounds):
        for side in ("bare", "whole") if number % 2 == 0 else ("whole", "bare"):
            empty()
            fresh = [never_saved(complaint) for complaint in stock]
            with timed(took[side]):
                bare(fresh) if side == "bare" else the_whole_import(paths, most)
            assert Complaint.objects.count() == Complaint.history.count() == len(stock)
    report(took, len(stock))


def never_saved(complaint: Complaint) -> Complaint:
    """What the import wrote, prepared; nobody and nothing it points to is there any more."""
    fresh = copy(complaint)
    fresh._state = copy(complaint._state)
    fresh._state.adding = True
    fresh.pk = fresh.category_id = fresh.customer_id = None
    return fresh


def empty() -> None:
    models = [
        model for app in OURS for model in apps.get_app_config(app).get_models(include_auto_created=True)
    ]
    tables = [model._meta.db_table for model in models]
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), tables, allow_cascade=True))


@contextmanager
def timed(took: list[float]) -> Iterator[None]:
    gc.collect()
    began = time.perf_counter()
    yield
    took.append(time.perf_counter() - began)


def report(took: dict[str, list[float]], rows: int) -> None:
    say(f"{connection.vendor}, {rows:,} complaints, {len(took['bare'])} rounds in turns")
    for side, seconds in took.items():
        each = ", ".join(f"{rows / one:,.0f}" for one in seconds)
        say(f"  {side:6} {rows / statistics.median(seconds):8,.0f}/s   ({each})")
    for word, of in (("median", statistics.median), ("best", min)):
        say(f"  ratio  {of(took['bare']) / of(took['whole']):8.2f}     of the {word} rounds (goal 0.33)")


def peak(paths: list[Path]) -> None:
    """In a process of its own, which knows nothing of what was measured before."""
    empty()
    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}" if connection.vendor == "sqlite" else beside(os.environ["DATABASE_URL"], name)
    child = [sys.executable, "-m", "tests.benchmarks.import_rate", "--peak", *map(str, paths)]
    said = subprocess.run(
        child, env={**os.environ, "DATABASE_URL": url}, check=True, stdout=subprocess.PIPE, text=True
    )
    say(f"  memory {said.stdout.strip()} MB at most (goal 300)")


def beside(url: str, name: str) -> str:
    head, _, tail = url.rpartition("/")
    return f"{head}/{name}{tail[tail.find('?') :] if '?' in tail else ''}"


def own_peak() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def say(line: object) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--rows", type=int, help="read no more than these of each file")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peak", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peak:
        the_whole_import(options.files, None)
        say(own_peak())
        return
    if connection.vendor == "sqlite":
        folder = Path(settings.VAR_DIR) / "tests"
        folder.mkdir(parents=True, exist_ok=True)
        connection.settings_dict["TEST"]["NAME"] = str(folder / f"import_rate_{os.getpid()}.sqlite3")
    before = setup_databases(verbosity=0, interactive=False)
    try:
        compare(options.files, options.rows, options.rounds)
        peak(options.files)
    finally:
        teardown_databases(before, verbosity=0)


if __name__ == "__main__":
    main()
