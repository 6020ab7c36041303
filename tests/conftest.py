"""What any test may ask for: real data, a mail server, a broker, a browser, an environment for child processes."""

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import pytest
import redis
from django.apps import apps
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.mail.backends.smtp import EmailBackend
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.test import TransactionTestCase
from playwright.sync_api import Browser, Page, sync_playwright
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from config.launch_valkey import Valkey
from tests.smtp import SmtpSink

NO_SKIPS = os.environ.get("REDRESS_NO_SKIPS") == "1"
ROOT = Path(__file__).resolve().parent.parent
THIS_MACHINE = {"127.0.0.1", "localhost"}
DATABASES_OF = {"db", "transactional_db", "live_server", "child_environment"}
#: The browser, the front door with its own engines, and pages whose queries other tests run on every engine.
ABOUT_PAGES = (
    "tests/browser/",
    "tests/config/test_launch",
    "tests/config/test_run.py",
    "tests/config/test_security.py",
    "tests/complaints/desk/test_admin_registry.py",
    "tests/complaints/desk/test_demonstration.py",
    "tests/complaints/desk/test_dialogs_browser.py",
    "tests/complaints/desk/test_dialogs_by_role.py",
    "tests/complaints/followups/test_browser.py",
    "tests/complaints/policies/guard/",
)
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    return _without_skips(report)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    return _without_skips(report)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what shows nothing more on a second pair of engines."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        has_database = item.get_closest_marker("django_db") is not None or fixtures & DATABASES_OF
        about_pages = str(item.path.relative_to(ROOT)).startswith(ABOUT_PAGES)
        if about_pages or not has_database:
            item.add_marker("once")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The last thread or process a test started may still be at the database when it is to be dropped."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _empty_the_database)
        yield
    with django_db_blocker.unblock():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )


def _empty_the_database(test: TransactionTestCase) -> None:
    """As Django's flush, but DELETE costs an empty table next to nothing and TRUNCATE a new file for each index.

    What migrating tells Django of our models stays, so that it need not be told again.
    """
    told = {apps.get_model("auth", "Permission"), apps.get_model("contenttypes", "ContentType")}
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    with transaction.atomic():
        for model in models:
            if model not in told and not model._meta.proxy:
                model._base_manager.all()._raw_delete(DEFAULT_DB_ALIAS)


def _without_skips(report: Report) -> Report:
    """Where everything is there (CI), a test that skips tests nothing and is a failure."""
    if NO_SKIPS and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and REDRESS_NO_SKIPS=1 allows no skips: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real complaints, mails and calendars, which is not part of the project."""
    shared = Path(os.environ.get("REDRESS_SHARED", ROOT.parent / "shared"))
    if not (shared / "data").is_dir():
        pytest.skip("there is no shared data beside this checkout; REDRESS_SHARED names its folder")
    return shared / "data"


@pytest.fixture
def smtp_sink() -> Iterator[SmtpSink]:
    sink = SmtpSink()
    sink.start()
    yield sink
    sink.stop()


@pytest.fixture
def mail_to_sink(smtp_sink: SmtpSink, settings: Settings) -> SmtpSink:
    """Mail of this process goes out by SMTP to the sink."""
    settings.EMAIL_BACKEND = f"{EmailBackend.__module__}.{EmailBackend.__qualname__}"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", smtp_sink.port
    return smtp_sink


@pytest.fixture(scope="session")
def _server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if url := os.environ.get("REDIS_URL"):
        yield url
        return
    valkey = Valkey(tmp_path_factory.mktemp("valkey"))
    process = valkey.start()
    yield valkey.url
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture(autouse=True)
def _nothing_cached() -> None:
    """What one test kept, or how often it tried a link, is no business of the next."""
    cache.clear()


@pytest.fixture
def broker_url(_server_url: str) -> Iterator[str]:
    """A real, empty broker of this test's own: REDIS_URL's server, or the embedded Valkey."""
    lane = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    parts = urlsplit(_server_url)
    number = (int(parts.path.strip("/") or 0) + lane) % 16
    url = parts._replace(path=f"/{number}").geturl()
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        yield url
        client.flushdb()


@pytest.fixture
def child_environment(transactional_db: None, broker_url: str, tmp_path: Path) -> dict[str, str]:
    """For a worker or command in its own process: this test's database and broker, mail into a folder."""
    kept = {
        name: os.environ[name] for name in ("PATH", "HOME", "LANG", "REDRESS_SHARED") if name in os.environ
    }
    return kept | {
        "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": _database_url(),
        "REDIS_URL": broker_url,
        "EMAIL_URL": f"filemail://{tmp_path / 'outbox'}",
        "PYTHONPATH": str(ROOT),
    }


def _database_url() -> str:
    database = django_settings.DATABASES["default"]
    if "sqlite" in database["ENGINE"]:
        return f"sqlite:///{database['NAME']}"
    who = f"{database['USER']}:{database['PASSWORD']}".rstrip(":")
    return f"postgres://{who}@{database['HOST']}:{database['PORT']}/{database['NAME']}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("there is no chromium on this machine")
    # Playwright keeps an event loop in this thread, and Django would refuse the database to it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    quiet = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    quiet += " --disable-component-update --disable-sync"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=quiet.split())
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browser_page(browser: Browser) -> Iterator[Page]:
    """A fresh page. At the end: no script error, nothing the policy had to block, nothing asked of another host."""
    context = browser.new_context(viewport={"width": 1400, "height": 900}, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(15_000)
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"script error: {error}"))
    page.on(
        "console", lambda line: wrong.append(line.text) if "Content Security Policy" in line.text else None
    )
    page.on(
        "request",
        lambda asked: wrong.append(f"left the host: {asked.url}") if _is_foreign(asked.url) else None,
    )
    yield page
    context.close()
    assert not wrong, wrong


def _is_foreign(url: str) -> bool:
    return urlsplit(url).scheme in {"http", "https"} and urlsplit(url).hostname not in THIS_MACHINE
