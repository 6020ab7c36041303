"""For load balancers and the launcher: is this process fit to serve? It says what is missing, never why."""

import logging
from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from config.celery import app

log = logging.getLogger(__name__)


def ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def ask_broker() -> None:
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, interval_start=0, timeout=2)


def _answers(name: str, ask: Callable[[], None]) -> bool:
    try:
        ask()
    except Exception as error:  # noqa: BLE001  # whatever it is, the answer to "is it there?" is no
        log.error("The %s does not answer: %s", name, error)  # noqa: TRY400  # asked every few seconds: one line
        return False
    return True


@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """503 without the database only: without the broker pages still work and the sweep catches up later."""
    parts = {"database": _answers("database", ask_database), "broker": _answers("broker", ask_broker)}
    return JsonResponse(parts, status=200 if parts["database"] else 503)
