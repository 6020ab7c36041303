from types import SimpleNamespace

import pytest
from django.conf import settings as django_settings
from django.core.checks import Tags, registry

from config import checks
from config.checks import DEMANDS, check_demands
from config.schedule import Tick

READ = (
    "EMAIL_TIMEOUT CELERY_ACCEPT_CONTENT CELERY_TASK_SERIALIZER CELERY_TASK_ACKS_LATE CELERY_BEAT_SCHEDULE MIDDLEWARE "
    "CELERY_TASK_REJECT_ON_WORKER_LOST SESSION_COOKIE_AGE SIMPLE_HISTORY_REVERT_DISABLED DEMO MAIL_AS_PDF"
)


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Our own settings, with what a firm sets."""
    settings = SimpleNamespace(
        **{name: getattr(django_settings, name) for name in READ.split()},
        SITE_URL="https://complaints.example.com",
        ALLOWED_HOSTS=["complaints.example.com"],
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        DEFAULT_FROM_EMAIL="complaints@example.com",
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {}}},
        CACHES={"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}},
    )
    monkeypatch.setattr(checks, "settings", settings)
    return settings


def found() -> list[str | None]:
    return [message.id for message in check_demands(None)]


def test_production_settings_meet_every_demand(production: SimpleNamespace) -> None:
    assert found() == []


SQLITE = {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {"transaction_mode": "IMMEDIATE"}}
BREAKS: list[tuple[str, object, list[str]]] = [
    ("EMAIL_TIMEOUT", None, ["redress.W001"]),
    ("DEFAULT_FROM_EMAIL", "webmaster@localhost", ["redress.W002"]),
    ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", ["redress.W003"]),
    ("CELERY_ACCEPT_CONTENT", ["json", "pickle"], ["redress.W004"]),
    ("CELERY_TASK_SERIALIZER", "pickle", ["redress.W004"]),
    ("CELERY_TASK_REJECT_ON_WORKER_LOST", False, ["redress.W005"]),
    ("CELERY_TASK_ACKS_LATE", False, ["redress.W005"]),
    ("CELERY_BEAT_SCHEDULE", {"x": Tick(task="no.such.task", schedule=60.0)}, ["redress.W006"]),
    ("SITE_URL", "http://complaints.example.com", ["redress.W007"]),
    ("SITE_URL", "https://elsewhere.example.com", ["redress.W008"]),
    ("ALLOWED_HOSTS", ["*"], ["redress.W009"]),
    ("SESSION_COOKIE_AGE", 14 * 24 * 60 * 60, ["redress.W010"]),
    ("MIDDLEWARE", ["django.middleware.common.CommonMiddleware"], ["redress.W011"]),
    ("SIMPLE_HISTORY_REVERT_DISABLED", False, ["redress.W012"]),
    ("DATABASES", {"default": SQLITE}, ["redress.W013"]),
    ("DATABASES", {"default": SQLITE | {"OPTIONS": {}}}, ["redress.W013", "redress.W014"]),
    ("DEMO", True, ["redress.W015"]),
    ("MAIL_AS_PDF", ["offer", "final-response"], ["redress.W017"]),
    ("CACHES", {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}, ["redress.W016"]),
]


@pytest.mark.parametrize(("name", "value", "expected"), BREAKS)
def test_a_broken_setting_is_found(
    production: SimpleNamespace, name: str, value: object, expected: list[str]
) -> None:
    setattr(production, name, value)
    assert found() == expected


def test_every_demand_is_broken_by_a_test() -> None:
    assert {demand.id for demand in DEMANDS} == {code for _, _, codes in BREAKS for code in codes}


def test_the_demands_are_made_at_deployment_only() -> None:
    deployed = registry.registry.get_checks(include_deployment_checks=True)
    assert check_demands in deployed
    assert check_demands not in registry.registry.get_checks()
    assert Tags.security in registry.registry.tags_available(deployment_checks=True)
