from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from config.celery import app

calls: list[tuple[str, str | None]] = []


@pytest.fixture(autouse=True)
def timetable(settings: Settings) -> Any:
    """Three jobs of our own in the timetable; the middle one fails."""
    calls.clear()

    @app.task(name="tests.first")
    def first(now: str | None = None) -> None:
        calls.append(("first", now))

    @app.task(name="tests.broken")
    def broken(now: str | None = None) -> None:
        calls.append(("broken", now))
        raise ValueError("the ladder is missing a rung")

    @app.task(name="tests.last")
    def last() -> None:
        calls.append(("last", None))

    settings.CELERY_BEAT_SCHEDULE = {
        name: {"task": f"tests.{name}", "schedule": 60.0} for name in ("first", "broken", "last")
    }
    yield
    for name in ("first", "broken", "last"):
        app.tasks.pop(f"tests.{name}")


def sweep(*arguments: str) -> tuple[str, str, str]:
    out, err, failure = StringIO(), StringIO(), ""
    try:
        call_command("sweep", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        failure = str(error)
    return out.getvalue(), err.getvalue(), failure


def test_every_job_runs_once_in_the_order_of_the_timetable() -> None:
    sweep()
    assert [name for name, _ in calls] == ["first", "broken", "last"]


def test_a_job_that_fails_is_named_the_others_run_and_the_command_fails() -> None:
    out, err, failure = sweep()
    assert out.splitlines() == ["tests.first: done", "tests.last: done"]
    assert "tests.broken: failed: ValueError: the ladder is missing a rung" in err
    assert failure == "1 of 3 jobs failed: tests.broken"


def test_the_moment_is_handed_to_every_job_that_knows_one() -> None:
    sweep("--now", "2026-12-24T09:00Z")
    asked = datetime(2026, 12, 24, 9, tzinfo=UTC).isoformat()
    assert calls == [("first", asked), ("broken", asked), ("last", None)]


def test_a_moment_without_a_zone_is_the_desks_own() -> None:
    sweep("--now", "2026-07-01T09:00")
    assert calls[0] == ("first", "2026-07-01T09:00:00+01:00")


def test_without_a_moment_the_jobs_take_the_present() -> None:
    sweep()
    assert calls[0] == ("first", None)


def test_a_moment_nobody_can_read_is_refused_before_anything_runs() -> None:
    assert "invalid moment value" in sweep("--now", "tea time")[2]
    assert not calls


def test_a_job_nobody_wrote_is_a_failure_like_any_other(settings: Settings) -> None:
    settings.CELERY_BEAT_SCHEDULE = {"gone": {"task": "tests.gone", "schedule": 60.0}}
    assert sweep()[2] == "1 of 1 jobs failed: tests.gone"
