"""What `./run demo` and `./run manage` start: the whole of Redress on one machine, on nothing but Python.

The web, the worker and the beat are the same programs as in production; only the database (SQLite) and the
broker (Valkey) are embedded, and DATABASE_URL and REDIS_URL replace them.
"""

import argparse
import http.client
import os
import secrets
import sys
from pathlib import Path

from config.launch_children import AskedToStop, ChildEnded, Household
from config.launch_ground import Refused, check_broker, check_database, check_folder, check_port, hold
from config.launch_valkey import Valkey, ValkeyRefused

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("VAR_DIR", ROOT / "var"))
BROKER_NOTE = VAR / "demo-broker"  # where `./run manage` finds the broker of a running demo
LOGINS = VAR / "demo-logins.txt"  # written by load_demo


def secret() -> str:
    """This folder's own: links in letters stay good from one start to the next."""
    kept = VAR / "secret"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48))
    return kept.read_text()


def environment(port: int) -> dict[str, str]:
    here = {
        "DEMO": "1",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DATABASE_URL": f"sqlite:///{VAR / 'redress.sqlite3'}",
        "EMAIL_URL": f"filemail://{VAR / 'outbox'}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
    }
    merged = here | os.environ
    return merged if "SECRET_KEY" in merged else merged | {"SECRET_KEY": secret()}


def without_broker(environment: dict[str, str]) -> dict[str, str]:
    """For one process alone: the doorbell rings nowhere, and the sweep finds the work."""
    return environment | {"REDIS_URL": "memory://", "CACHE_URL": "locmemcache://"}


def demo(port: int) -> None:
    check_folder(VAR)
    check_port(port)
    settings = environment(port)
    with hold(VAR / "demo.lock"):
        check_database(settings["DATABASE_URL"])
        household = Household(VAR / "log")
        household.listen()
        try:
            run(household, settings, port)
        finally:
            household.stop()
            BROKER_NOTE.unlink(missing_ok=True)


def run(household: Household, settings: dict[str, str], port: int) -> None:
    say("Preparing the database; the first time takes a minute ...")
    prepare = [sys.executable, "-m", "config.launch_prepare"]
    household.finish(household.start("prepare", prepare, without_broker(settings)))
    if "REDIS_URL" in settings:
        check_broker(settings["REDIS_URL"])
    else:
        settings = settings | {"REDIS_URL": start_valkey(household)}
    for name, command in programs(port).items():
        household.start(name, [sys.executable, "-m", *command], settings)
    household.wait_until(lambda: web_answers(port))
    announce(settings, port)
    household.wait_until(lambda: False)


def programs(port: int) -> dict[str, list[str]]:
    gunicorn = ["gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "8"]
    celery = ["celery", "-A", "config"]
    return {
        # Without the last, gunicorn opens a control socket in the home folder.
        "web": [*gunicorn, "--graceful-timeout", "3", "--no-control-socket"],
        "worker": [*celery, "worker", "-P", "threads", "-c", "2", "--loglevel", "INFO"],
        "beat": [
            *celery,
            "beat",
            "--schedule",
            str(VAR / "beat-schedule"),
            "--pidfile",
            "",
            "--loglevel",
            "INFO",
        ],
    }


def start_valkey(household: Household) -> str:
    valkey = Valkey(VAR / "valkey")
    household.start("valkey", valkey.command, os.environ, feed=valkey.configuration, foundation=True)
    household.wait_until(valkey.answers)
    BROKER_NOTE.touch(mode=0o600)
    BROKER_NOTE.write_text(valkey.url)
    return valkey.url


def web_answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/health/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def announce(settings: dict[str, str], port: int) -> None:
    say(f"\nRedress is at  http://127.0.0.1:{port}/\nfor staff      http://127.0.0.1:{port}/desk/\n")
    if LOGINS.exists():
        say(LOGINS.read_text())
    mail = settings["EMAIL_URL"]
    say(
        f"Letters land in {mail.removeprefix('filemail://')}"
        if mail.startswith("filemail:")
        else "Letters go by EMAIL_URL"
    )
    say(f"What the programs say is in {VAR / 'log'}\nCtrl-C stops everything.")


def say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def broker_of_running_demo() -> str | None:
    try:
        url = BROKER_NOTE.read_text()
        check_broker(url)
    except (OSError, Refused):
        return None
    return url


def manage(arguments: list[str]) -> None:
    check_folder(VAR)
    settings = environment(8000)
    if "REDIS_URL" not in settings:
        url = broker_of_running_demo()
        settings = settings | {"REDIS_URL": url} if url else without_broker(settings)
    os.execve(sys.executable, [sys.executable, str(ROOT / "manage.py"), *arguments], settings)  # noqa: S606


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["manage"]:
        manage(arguments[1:])
    parser = argparse.ArgumentParser(prog="./run")
    demo_parser = parser.add_subparsers(required=True).add_parser("demo")
    demo_parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"))
    try:
        demo(parser.parse_args(arguments).port)
    except AskedToStop:
        say("\nStopped.")
    except (Refused, ValkeyRefused, ChildEnded) as refusal:
        sys.exit(f"redress: {refusal}")


if __name__ == "__main__":
    main(sys.argv[1:])
