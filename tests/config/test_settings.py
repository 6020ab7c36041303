"""Settings are read once, at start; so each test here is a start of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
PRODUCTION = {
    "SECRET_KEY": "".join(chr(48 + n) for n in range(64)),
    "SITE_URL": "https://complaints.example.com",
    "DATABASE_URL": "postgres://redress:pw@db:5433/complaints",
    "REDIS_URL": "redis://cache:6380/3",
    "EMAIL_URL": "smtp+tls://ann:pw@mail.example.com:587",
    "STATIC_MANIFEST": "1",
}


def start(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "config.settings"} | environment
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=clean, capture_output=True, text=True, check=False
    )


def value(name: str, **environment: str) -> Any:
    code = f"import json; from django.conf import settings; print(json.dumps(settings.{name}, default=str))"
    started = start(code, **environment)
    assert started.returncode == 0, started.stderr
    return json.loads(started.stdout)


def test_without_a_secret_it_refuses_to_start() -> None:
    refused = start("from django.conf import settings; settings.DEBUG")
    assert refused.returncode != 0
    assert "ImproperlyConfigured: Set SECRET_KEY" in refused.stderr


def test_an_empty_secret_is_no_secret() -> None:
    assert start("from django.conf import settings; settings.DEBUG", SECRET_KEY="").returncode != 0


def test_a_trial_needs_no_secret_but_says_so_by_debug() -> None:
    assert value("DEBUG", DEBUG="1") is True
    assert value("DEBUG", SECRET_KEY="s") is False


def test_the_default_database_is_sqlite_that_waits_its_turn() -> None:
    database = value("DATABASES", DEBUG="1")["default"]
    assert database["ENGINE"] == "django.db.backends.sqlite3"
    assert database["NAME"] == str(ROOT / "var" / "redress.sqlite3")
    assert database["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in database["OPTIONS"]["init_command"]


def test_one_variable_switches_to_postgresql_with_a_pool() -> None:
    database = value("DATABASES", **PRODUCTION)["default"]
    assert database["ENGINE"] == "django.db.backends.postgresql"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db", 5433, "complaints")
    assert database["OPTIONS"]["pool"]["max_size"] == 8


def test_one_variable_switches_broker_and_cache() -> None:
    assert value("CELERY_BROKER_URL", **PRODUCTION) == PRODUCTION["REDIS_URL"]
    cache = value("CACHES", **PRODUCTION)["default"]
    assert cache == {
        "BACKEND": "config.caching.ForgivingCache",
        "LOCATION": PRODUCTION["REDIS_URL"],
    }


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://mail:2525", ("smtp", "mail", 2525, False, False)),
        ("smtp+tls://mail:587", ("smtp", "mail", 587, True, False)),
        ("smtp+ssl://mail:465", ("smtp", "mail", 465, False, True)),
        ("consolemail://", ("console", "127.0.0.1", 25, False, False)),
    ],
)
def test_one_variable_switches_the_mail(url: str, expected: tuple[str, str, int, bool, bool]) -> None:
    names = "EMAIL_BACKEND", "EMAIL_HOST", "EMAIL_PORT", "EMAIL_USE_TLS", "EMAIL_USE_SSL"
    backend, *others = (value(name, DEBUG="1", EMAIL_URL=url) for name in names)
    assert (backend.split(".")[-2], *others) == expected


def test_https_brings_secure_cookies_and_redirects() -> None:
    for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"):
        assert value(name, **PRODUCTION), name
        assert not value(name, DEBUG="1"), name


def test_the_proxy_header_is_believed_on_request_only() -> None:
    assert value("SECURE_PROXY_SSL_HEADER", **PRODUCTION) is None
    trusting = PRODUCTION | {"TRUST_X_FORWARDED_PROTO": "1"}
    assert value("SECURE_PROXY_SSL_HEADER", **trusting) == ["HTTP_X_FORWARDED_PROTO", "https"]


def test_the_deployment_check_is_clean_under_production_settings() -> None:
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    clean = {"PATH": os.environ["PATH"]} | PRODUCTION
    checked = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
