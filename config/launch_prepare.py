"""Bring the demo's database up to date: tables, roles, queues and, while nobody is in it, a firm to try."""

import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection

CUT_SHORT = "Loading the demo data was cut short in this database; drop it, create it again and start afresh."


def main() -> None:
    django.setup()
    loading: Path = settings.VAR_DIR / "demo-loading"
    if loading.exists() and loading.read_text() == database_name():
        start_afresh()
    call_command("migrate", interactive=False)
    call_command("setup_roles")
    call_command("setup_queues")
    if not get_user_model()._default_manager.exists():  # noqa: SLF001  # the public name of it
        loading.write_text(database_name())
        call_command("load_demo")
    loading.unlink(missing_ok=True)


def database_name() -> str:
    return str(connection.settings_dict["NAME"])


def start_afresh() -> None:
    """Half a demo is worse than none, and nobody can have worked in it: the marker means it began empty."""
    if connection.vendor != "sqlite":
        sys.exit(CUT_SHORT)
    for suffix in ("", "-wal", "-shm"):
        Path(database_name() + suffix).unlink(missing_ok=True)


if __name__ == "__main__":
    main()
