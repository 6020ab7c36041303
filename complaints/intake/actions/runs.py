"""Imports that somebody asked for on a page: waiting, read by whoever is free, and read again after a mishap."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from complaints.intake import uploads
from complaints.intake.actions.importing import Clock, Progress, read_into
from complaints.intake.actions.mappings import Choices, open_as_chosen, profile_called
from complaints.intake.exceptions import AlreadyStarted, Overtaken, UploadGone
from complaints.intake.models import ImportRun, ImportState
from complaints.intake.reading import PROFILES, UnreadableExport
from complaints.resolution.actors import Actor, System, staff_or_none
from complaints.resolution.exceptions import NotPermitted, Refused

IMPORT = "resolution.import_complaint"
UNEXPECTED = "Something unexpected happened, and has been logged. What was taken in by then is there."
#: So often a run is taken up again by itself; a file that kills its reader every time must not do so for ever.
PATIENCE = 3
#: A run that waits longer was not heard of by any worker.
UNHEARD = timedelta(minutes=1)
KEPT_FOR = timedelta(days=30)
DRAFTS_KEPT_FOR = timedelta(days=1)

logger = logging.getLogger(__name__)


@transaction.atomic
def plan_import(*, file_key: str, file_name: str, choices: Choices, by: Actor, now: datetime) -> ImportRun:
    """Put an upload in line to be read. What was chosen for it is fixed from here on.

    Raises NotPermitted, UploadGone, UnknownMapping, and AlreadyStarted for an upload that is in line already.
    """
    person = staff_or_none(by)
    if person is not None and not person.has_perm(IMPORT):
        raise NotPermitted
    if not uploads.path_of(file_key).is_file():
        raise UploadGone
    run, is_new = ImportRun.objects.get_or_create(
        file_key=file_key,
        defaults={
            "file_name": file_name[:200],
            "source": choices.profile,
            "columns": _columns(choices),
            "dates": choices.dates,
            "encoding": choices.encoding,
            "started_by": person,
            "started_at": now,
            "seen_at": now,
            "size": uploads.path_of(file_key).stat().st_size,
        },
    )
    if not is_new:
        raise AlreadyStarted
    return run


def _columns(choices: Choices) -> dict[str, str]:
    """A saved mapping as it is now, whatever it is changed to while the run waits."""
    if choices.columns or choices.profile.casefold() in PROFILES:
        return dict(choices.columns)
    return {ours: theirs[0] for ours, theirs in profile_called(choices.profile).columns.items()}


@transaction.atomic
def start_again(run: ImportRun, *, by: Actor, now: datetime) -> ImportRun:
    """Put a run that stopped back in line. Raises NotPermitted, UploadGone, AlreadyStarted."""
    person = staff_or_none(by)
    if person is not None and not person.has_perm(IMPORT):
        raise NotPermitted
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state != ImportState.FAILED and not run.is_silent(now):
        raise AlreadyStarted
    if not (run.file_key and uploads.path_of(run.file_key).is_file()):
        raise UploadGone
    ImportRun.objects.filter(pk=run.pk, attempt=run.attempt, state=run.state).update(
        state=ImportState.WAITING, seen_at=now, why_failed=""
    )
    run.refresh_from_db()
    return run


def carry_out(pk: int, *, clock: Clock, progress: Progress = lambda _: None) -> ImportRun | None:
    """Read a waiting run, or one whose reader is gone, from the beginning. None where there is nothing to do.

    Any number may try at once: one of them reads. What an earlier attempt took in is recognised.
    """
    run = _claimed(pk, clock())
    if run is None:
        return None
    try:
        _read(run, clock, progress)
    except Overtaken:
        logger.warning("Import %s was taken over by another reader.", pk)
        return None
    except (UnreadableExport, Refused, FileNotFoundError) as refusal:
        _fail(run, UploadGone.message if isinstance(refusal, FileNotFoundError) else str(refusal))
    except Exception:
        _fail(run, UNEXPECTED)
        raise
    else:
        uploads.discard(run.file_key)
    run.refresh_from_db()
    return run


def _claimed(pk: int, now: datetime) -> ImportRun | None:
    idle = ImportRun.objects.claimable(now).filter(pk=pk).exclude(file_key="")
    won = idle.filter(state__in=[ImportState.WAITING, ImportState.RUNNING]).update(
        state=ImportState.RUNNING,
        attempt=F("attempt") + 1,
        seen_at=now,
        earlier=F("earlier") + F("taken"),
        **dict.fromkeys(("taken", "known", "refused", "junk", "mended", "position"), 0),
        refusals=[],
        remarks={},
    )
    return ImportRun.objects.select_related("started_by").get(pk=pk) if won else None


def _read(run: ImportRun, clock: Clock, progress: Progress) -> None:
    now = clock()
    choices = Choices(run.source, run.columns, run.dates, run.encoding)
    report = uploads.report_of(run.file_key)
    with (
        open_as_chosen(uploads.path_of(run.file_key), choices=choices, now=now) as export,
        report.open("w", newline="", encoding="utf-8-sig") as out,
    ):
        report.chmod(0o640)
        by = run.started_by or System.IMPORTER
        read_into(run, export, by=by, now=now, clock=clock, refusals_to=out, progress=progress)


def _fail(run: ImportRun, why: str) -> None:
    ours = ImportRun.objects.filter(pk=run.pk, attempt=run.attempt)
    ours.filter(state=ImportState.RUNNING).update(state=ImportState.FAILED, why_failed=why[:500])


def resume(*, clock: Clock) -> int:
    """Take up the runs nobody reads: those no worker heard of, and those whose reader was killed."""
    now = clock()
    idle = ImportRun.objects.claimable(now).filter(attempt__lt=PATIENCE, seen_at__lt=now - UNHEARD)
    taken_up = 0
    for pk in idle.exclude(file_key="").order_by("pk").values_list("pk", flat=True)[:20]:
        try:
            taken_up += carry_out(pk, clock=clock) is not None
        except Exception:
            logger.exception("Import %s could not be read.", pk)
    return taken_up


def discard_uploads(*, now: datetime) -> int:
    """Forget uploads nobody imported within a day, and those of imports that came to no end within a month."""
    old = list(uploads.older_than(now - DRAFTS_KEPT_FOR))
    asked_for = dict(ImportRun.objects.filter(file_key__in=old).values_list("file_key", "seen_at"))
    gone = [key for key in old if key not in asked_for or asked_for[key] < now - KEPT_FOR]
    for key in gone:
        uploads.discard(key)
    return len(gone)
