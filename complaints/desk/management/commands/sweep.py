import inspect
import logging
from datetime import datetime
from typing import Any

from celery import Task, current_app
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

logger = logging.getLogger(__name__)


def moment(text: str) -> datetime:
    """2026-12-24T09:00Z; without a zone, the desk's own."""
    read = datetime.fromisoformat(text)
    return timezone.make_aware(read) if timezone.is_naive(read) else read


class Command(BaseCommand):
    help = "Run every job of the timetable once, here, in the timetable's order, as of now or of --now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", type=moment, help="as if it were this moment: 2026-12-24T09:00Z")

    def handle(self, *_args: Any, now: datetime | None = None, **_options: Any) -> None:
        current_app.loader.import_default_modules()
        names = [tick["task"] for tick in settings.CELERY_BEAT_SCHEDULE.values()]
        failed = [name for name in names if not self._run(name, now)]
        if failed:
            raise CommandError(f"{len(failed)} of {len(names)} jobs failed: {', '.join(failed)}")

    def _run(self, name: str, now: datetime | None) -> bool:
        """One job. Whatever goes wrong in it is reported, and the others run all the same."""
        try:
            run(current_app.tasks[name], now)
        except Exception as error:
            logger.exception("%s failed", name)
            self.stderr.write(f"{name}: failed: {type(error).__name__}: {error}")
            return False
        self.stdout.write(f"{name}: done")
        return True


def run(task: "Task[Any, Any]", now: datetime | None) -> None:
    """In this process, on this thread. A job that knows no moment but the present is not given one."""
    if now is not None and "now" in inspect.signature(task.run).parameters:
        task(now=now.isoformat())
    else:
        task()
