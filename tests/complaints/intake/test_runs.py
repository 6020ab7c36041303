"""Imports asked for in the desk: in line, read once, taken up again after a mishap; and what is kept of them."""

import os
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from pytest_django.fixtures import Settings

from complaints.intake import actions, tasks, uploads
from complaints.intake.actions import Choices, importing, runs
from complaints.intake.exceptions import AlreadyStarted, NameTaken, UnknownMapping, UploadGone
from complaints.intake.models import ImportRun, ImportState
from complaints.resolution.actors import System
from complaints.resolution.exceptions import NotPermitted
from complaints.resolution.models import Complaint
from tests.factories import NOW, handler_user

pytestmark = pytest.mark.django_db
HEADER = "Date received,Product,Issue,Company,Complaint ID\n"
ROWS = "".join(f"2020-03-{day:02},Mortgage,Fees,First Bank,{day}\n" for day in range(1, 11))
LATER = NOW + timedelta(minutes=3)


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "imports"


def at(moment: datetime) -> Callable[[], datetime]:
    return lambda: moment


def planned(text: str = HEADER + ROWS, *, now: datetime = NOW, **choices: Any) -> ImportRun:
    key = uploads.keep([text.encode()])
    told = Choices(**{"profile": "cfpb", **choices})
    return actions.plan_import(file_key=key, file_name="c.csv", choices=told, by=System.IMPORTER, now=now)


def test_a_run_is_read_once_however_often_it_is_called_for() -> None:
    run = planned()
    done = actions.carry_out(run.pk, clock=at(NOW))
    assert done is not None
    assert (done.state, done.taken, done.finished_at, done.attempt) == (ImportState.FINISHED, 10, NOW, 1)
    assert actions.carry_out(run.pk, clock=at(LATER)) is None
    tasks.carry_out(run.pk)
    tasks.carry_out(0)
    assert Complaint.objects.count() == 10


def test_a_run_being_read_is_left_alone_until_its_reader_falls_silent() -> None:
    run = planned()
    ImportRun.objects.filter(pk=run.pk, state="waiting").update(state="running", attempt=1)
    assert actions.carry_out(run.pk, clock=at(NOW + timedelta(seconds=90))) is None
    with pytest.raises(AlreadyStarted):
        actions.start_again(run, by=System.IMPORTER, now=NOW)
    done = actions.carry_out(run.pk, clock=at(LATER))
    assert done is not None
    assert (done.state, done.attempt) == (ImportState.FINISHED, 2)


def test_a_reader_that_was_overtaken_writes_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 4)
    run = planned()

    def another_claims(seen: ImportRun) -> None:
        ImportRun.objects.filter(pk=seen.pk).update(attempt=9)

    assert actions.carry_out(run.pk, clock=at(NOW), progress=another_claims) is None
    assert Complaint.objects.count() == 4, "the batch in hand was undone with its counts"
    run.refresh_from_db()
    assert (run.state, run.taken, run.attempt) == (ImportState.RUNNING, 4, 9)


def test_the_counts_are_true_whenever_it_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "BATCH", 4)
    run = planned()

    def killed(_: ImportRun) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.carry_out(run.pk, clock=at(NOW), progress=killed)
    run.refresh_from_db()
    assert (run.state, run.taken, run.share) == (ImportState.RUNNING, 4, 100)
    done = actions.carry_out(run.pk, clock=at(LATER))
    assert done is not None
    assert (done.taken, done.earlier, done.known) == (6, 4, 4)


def test_what_nobody_reads_is_taken_up_by_the_sweep_but_not_for_ever() -> None:
    unheard, silent, poison = planned(), planned(), planned()
    ImportRun.objects.filter(pk__in=[silent.pk, poison.pk], state="waiting").update(
        state="running", attempt=1
    )
    ImportRun.objects.filter(pk=poison.pk).update(attempt=runs.PATIENCE)
    tasks.resume(now=NOW.isoformat())
    assert not Complaint.objects.exists(), "a worker may be about to take it"
    tasks.resume(now=LATER.isoformat())
    states = dict(ImportRun.objects.values_list("pk", "state"))
    assert states == {
        unheard.pk: ImportState.FINISHED,
        silent.pk: ImportState.FINISHED,
        poison.pk: ImportState.RUNNING,
    }


def test_what_cannot_be_read_says_why_and_can_be_begun_again() -> None:
    run = planned(HEADER + "03/04/2015,Mortgage,Fees,First Bank,1\n")
    failed = actions.carry_out(run.pk, clock=at(NOW))
    assert failed is not None
    assert failed.state == ImportState.FAILED
    assert "more than one way" in failed.why_failed
    again = actions.start_again(failed, by=System.IMPORTER, now=LATER)
    assert (again.state, again.why_failed) == (ImportState.WAITING, "")


def test_what_nobody_expected_is_told_and_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(importing, "_take_in", broken)
    run = planned()
    with pytest.raises(ZeroDivisionError):
        actions.carry_out(run.pk, clock=at(NOW))
    run.refresh_from_db()
    assert (run.state, run.why_failed) == (ImportState.FAILED, runs.UNEXPECTED)


def test_an_upload_is_planned_once_and_only_by_who_may() -> None:
    run = planned()
    told: dict[str, Any] = {"file_name": "c.csv", "choices": Choices(profile="cfpb"), "now": NOW}
    with pytest.raises(AlreadyStarted):
        actions.plan_import(file_key=run.file_key, by=System.IMPORTER, **told)
    with pytest.raises(NotPermitted):
        actions.plan_import(file_key=uploads.keep([b"x"]), by=handler_user(), **told)
    with pytest.raises(NotPermitted):
        actions.start_again(run, by=handler_user(), now=NOW)
    with pytest.raises(UploadGone):
        actions.plan_import(file_key="k" * 32, by=System.IMPORTER, **told)
    with pytest.raises(UnknownMapping):
        planned(profile="theirs")


def test_a_saved_mapping_is_fixed_when_the_run_is_planned() -> None:
    text = "Nr;Eingang;Betreff;Grund\n7;2020-01-31;Zu laut;Lärm\n"
    columns = {"external_id": "Nr", "received": "Eingang", "title": "Betreff"}
    actions.save_mapping(name="ours", columns=columns, by=System.IMPORTER, now=NOW)
    run = planned(text, profile="ours")
    actions.save_mapping(name="ours", columns={**columns, "title": "Grund"}, by=System.IMPORTER, now=NOW)
    actions.carry_out(run.pk, clock=at(NOW))
    assert Complaint.objects.get().title == "Zu laut"
    with pytest.raises(NameTaken):
        actions.save_mapping(name="CFPB", columns=columns, by=System.IMPORTER, now=NOW)


def test_the_command_carries_out_a_run_of_the_desk() -> None:
    run, out = planned(), StringIO()
    call_command("import_complaints", run=run.pk, stdout=out)
    assert "10 new complaints" in out.getvalue()
    with pytest.raises(CommandError, match="read to its end"):
        call_command("import_complaints", run=run.pk)


def test_two_imports_that_meet_take_each_complaint_in_once(monkeypatch: pytest.MonkeyPatch) -> None:
    deed = importing._take_in
    met: list[bool] = []

    def meets(*args: Any, **kwargs: Any) -> None:
        if not met:
            met.append(True)
            raise IntegrityError("complaint_imported_once")
        deed(*args, **kwargs)

    monkeypatch.setattr(importing, "_take_in", meets)
    done = actions.carry_out(planned().pk, clock=at(NOW))
    assert done is not None
    assert (done.state, done.taken) == (ImportState.FINISHED, 10)


def test_uploads_nobody_imports_are_forgotten_and_reports_are_not(media: Path) -> None:
    finished = actions.carry_out(planned(HEADER + ROWS + "cut\n").pk, clock=at(NOW))
    assert finished is not None
    draft, waiting = uploads.keep([b"x"]), planned()
    for path in media.iterdir():
        os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    tasks.discard_uploads(now=(NOW + timedelta(hours=23)).isoformat())
    assert uploads.path_of(draft).exists()
    tasks.discard_uploads(now=(NOW + timedelta(hours=25)).isoformat())
    assert not uploads.path_of(draft).exists()
    assert uploads.path_of(waiting.file_key).exists()
    tasks.discard_uploads(now=(NOW + timedelta(days=31)).isoformat())
    assert [path.name for path in media.iterdir()] == [uploads.report_of(finished.file_key).name]


@pytest.mark.parametrize("key", ["", "../../etc/passwd", "a/b", "x" * 31, "é" * 32, "x" * 32 + "\n"])
def test_a_key_is_never_a_path(key: str) -> None:
    with pytest.raises(FileNotFoundError):
        uploads.path_of(key)


def test_a_broker_that_is_down_is_noticed_in_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert tasks.ring(1)
    # The address for writing first: left alone it follows the other, and putting back would keep the dead one.
    monkeypatch.setattr(tasks.carry_out.app.conf, "broker_write_url", "redis://127.0.0.1:1/0")
    monkeypatch.setattr(tasks.carry_out.app.conf, "broker_url", "redis://127.0.0.1:1/0")
    assert not tasks.ring(1)
