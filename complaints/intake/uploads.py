"""Exports that were uploaded, under random keys in a folder nobody serves; and beside each the report on it."""

import re
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

KEY = re.compile(r"[A-Za-z0-9_-]{32}\Z")
REPORT = ".report.csv"


def keep(chunks: Iterable[bytes]) -> str:
    """Keep what was uploaded; the key by which it is found again is nobody's to guess."""
    key = secrets.token_urlsafe(24)
    path = path_of(key)
    path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    with path.open("xb") as file:
        path.chmod(0o640)
        for chunk in chunks:
            file.write(chunk)
    return key


def path_of(key: str) -> Path:
    if not KEY.match(key):
        raise FileNotFoundError(key)
    return folder() / key


def report_of(key: str) -> Path:
    return path_of(key).with_suffix(REPORT)


def discard(key: str) -> None:
    """Forget the upload. The report on it stays."""
    path_of(key).unlink(missing_ok=True)


def older_than(moment: datetime) -> Iterator[str]:
    """The keys of uploads (not of reports) that were kept before this moment."""
    if folder().is_dir():
        for path in folder().iterdir():
            if KEY.match(path.name) and path.stat().st_mtime < moment.timestamp():
                yield path.name


def folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"
