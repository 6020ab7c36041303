"""What `manage.py check --deploy` asks of our own settings, beside what Django asks.

Each check is one line of a table: the id, the question, and what to do when the answer is no.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004  # Django's name for it
from django.http.request import validate_host

from complaints.resolution.enclosing import MAY_BRING_IT
from config.celery import app

ONE_DAY = 24 * 60 * 60


@dataclass(frozen=True)
class Demand:
    id: str
    met: Callable[[], bool]
    otherwise: str


def letters_do_not_hang() -> bool:
    return bool(settings.EMAIL_TIMEOUT)


def letters_have_a_sender() -> bool:
    return bool(settings.DEFAULT_FROM_EMAIL) and not settings.DEFAULT_FROM_EMAIL.endswith("@localhost")


def letters_leave_the_machine() -> bool:
    kind: str = settings.EMAIL_BACKEND.split(".")[-2]
    return kind not in {"console", "dummy", "filebased", "locmem"}


def tasks_are_json() -> bool:
    accepted: set[str] = {*settings.CELERY_ACCEPT_CONTENT, settings.CELERY_TASK_SERIALIZER}
    return accepted == {"json"}


def killed_tasks_return() -> bool:
    return bool(settings.CELERY_TASK_ACKS_LATE and settings.CELERY_TASK_REJECT_ON_WORKER_LOST)


def ticks_have_tasks() -> bool:
    app.loader.import_default_modules()
    return all(tick["task"] in app.tasks for tick in settings.CELERY_BEAT_SCHEDULE.values())


def site_is_https() -> bool:
    return bool(urlsplit(settings.SITE_URL).scheme == "https")


def site_is_allowed() -> bool:
    host = urlsplit(settings.SITE_URL).hostname
    return bool(host) and validate_host(host, settings.ALLOWED_HOSTS)


def hosts_are_named() -> bool:
    return "*" not in settings.ALLOWED_HOSTS


def sessions_end() -> bool:
    return 0 < settings.SESSION_COOKIE_AGE <= ONE_DAY


def answers_carry_the_policy() -> bool:
    return settings.MIDDLEWARE[:1] == ["config.security.PolicyMiddleware"]


def history_is_for_reading() -> bool:
    return bool(getattr(settings, "SIMPLE_HISTORY_REVERT_DISABLED", False))


def database_takes_many() -> bool:
    return "sqlite" not in settings.DATABASES["default"]["ENGINE"]


def database_waits_its_turn() -> bool:
    database = settings.DATABASES["default"]
    return "sqlite" not in database["ENGINE"] or database["OPTIONS"].get("transaction_mode") == "IMMEDIATE"


def not_a_demo() -> bool:
    return not settings.DEMO


def cache_is_shared() -> bool:
    return "locmem" not in settings.CACHES["default"]["BACKEND"]


def sheets_are_of_letters_that_may_bring_one() -> bool:
    return set(settings.MAIL_AS_PDF) <= MAY_BRING_IT


DEMANDS = [
    Demand(
        "redress.W001",
        letters_do_not_hang,
        "Set EMAIL_TIMEOUT: one dead mail server would hold every sender.",
    ),
    Demand("redress.W002", letters_have_a_sender, "Set DEFAULT_FROM_EMAIL to an address of the firm."),
    Demand("redress.W003", letters_leave_the_machine, "Set EMAIL_URL to a mail server: letters go nowhere."),
    Demand("redress.W004", tasks_are_json, "Let Celery accept JSON only: other forms can carry code."),
    Demand(
        "redress.W005",
        killed_tasks_return,
        "Set CELERY_TASK_ACKS_LATE and CELERY_TASK_REJECT_ON_WORKER_LOST.",
    ),
    Demand(
        "redress.W006", ticks_have_tasks, "A name in config/schedule.py is no task: that tick does nothing."
    ),
    Demand(
        "redress.W007", site_is_https, "Set SITE_URL to an https address: customers' links start with it."
    ),
    Demand("redress.W008", site_is_allowed, "Name the host of SITE_URL in ALLOWED_HOSTS."),
    Demand("redress.W009", hosts_are_named, "Name the hosts in ALLOWED_HOSTS; * lets anybody choose one."),
    Demand("redress.W010", sessions_end, "Let SESSION_COOKIE_AGE be a day at most."),
    Demand(
        "redress.W011", answers_carry_the_policy, "Put config.security.PolicyMiddleware first in MIDDLEWARE."
    ),
    Demand(
        "redress.W012",
        history_is_for_reading,
        "Set SIMPLE_HISTORY_REVERT_DISABLED: a revert skips the verbs.",
    ),
    Demand("redress.W013", database_takes_many, "Set DATABASE_URL to PostgreSQL; SQLite serves one machine."),
    Demand(
        "redress.W014",
        database_waits_its_turn,
        "Set transaction_mode to IMMEDIATE: SQLite else fails writes.",
    ),
    Demand("redress.W015", not_a_demo, "Unset DEMO."),
    Demand(
        "redress.W016",
        cache_is_shared,
        "Set CACHE_URL to Redis: limits counted in one process are no limits.",
    ),
    Demand(
        "redress.W017",
        sheets_are_of_letters_that_may_bring_one,
        "MAIL_AS_PDF takes final_response and offer; of another letter no PDF is sent.",
    ),
]


@register(Tags.security, deploy=True)
def check_demands(app_configs: Iterable[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    return [Warning(demand.otherwise, id=demand.id) for demand in DEMANDS if not demand.met()]
