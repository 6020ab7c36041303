"""The documents of the register held against the files that lie in the storage.

A file is written before its row, so that no row ever names a file that is not there. A deed that is undone leaves its
files behind; nothing is deleted by itself, for after a restore of an older register the same may be all that is left
of what a customer sent.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage

from complaints.resolution.models import DOCUMENTS, Document

BATCH = 1000
#: So long a deed may be under way whose row is not there yet.
UNDER_WAY = timedelta(days=1)


def spoilt(*, read: bool = False) -> Iterator[Document]:
    """Documents whose file is gone or has another length; with `read`, or other bytes than were received."""
    for document in Document.objects.select_related("complaint").order_by("pk").iterator(BATCH):
        if not _is_whole(document, read=read):
            yield document


def _is_whole(document: Document, *, read: bool) -> bool:
    try:
        if document.file.size != document.size:
            return False
        return not read or _sha256(document) == document.sha256
    except FileNotFoundError:
        return False


def _sha256(document: Document) -> str:
    with document.file.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def strays(*, now: datetime) -> Iterator[str]:
    """The names of files that no document has."""
    for folder in _listed(DOCUMENTS)[0]:
        path = f"{DOCUMENTS}/{folder}"
        files = _listed(path)[1]
        for start in range(0, len(files), BATCH):
            some = files[start : start + BATCH]
            kept = Document.objects.filter(storage_key__in=some).values_list("storage_key", flat=True)
            yield from (name for file in sorted({*some} - {*kept}) if _is_old(name := f"{path}/{file}", now))


def _is_old(name: str, now: datetime) -> bool:
    return default_storage.get_modified_time(name) < now - UNDER_WAY


def _listed(path: str) -> tuple[list[str], list[str]]:
    """Folders and files."""
    try:
        return default_storage.listdir(path)
    except FileNotFoundError:
        return [], []


def forget(stray: str) -> None:
    default_storage.delete(stray)
