import io
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from complaints.resolution import actions
from complaints.resolution.actions import storeroom
from complaints.resolution.models import Document
from tests import factories

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nAs it was sent.\n"


@pytest.fixture(autouse=True)
def room(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def a_document(content: bytes = PDF) -> Document:
    complaint = factories.received()
    assert complaint.customer is not None
    return actions.keep_document(
        complaint, name="ticket.pdf", content=content, by=complaint.customer, now=factories.NOW
    )


def file_of(document: Document, room: Path) -> Path:
    return room / str(document.file.name)


def tomorrow() -> datetime:
    return timezone.now() + timedelta(days=1, minutes=1)


def checked(**options: bool) -> str:
    out = io.StringIO()
    call_command("check_documents", stdout=out, **options)
    return out.getvalue()


def test_nothing_is_amiss_where_each_document_has_its_file() -> None:
    a_document()
    assert checked(read=True) == "0 documents not whole, 0 files of no document\n"


def test_an_empty_house_has_no_folder_and_nothing_amiss() -> None:
    assert checked() == "0 documents not whole, 0 files of no document\n"


@pytest.mark.parametrize(("left", "read"), [(None, False), (PDF[:-1], False), (PDF.swapcase(), True)])
def test_a_file_that_is_gone_cut_short_or_changed_is_named_with_its_complaint(
    room: Path, left: bytes | None, *, read: bool
) -> None:
    document, whole = a_document(), a_document(PDF + b"Another.")
    path = file_of(document, room)
    path.unlink() if left is None else path.write_bytes(left)
    assert list(storeroom.spoilt(read=read)) == [document]
    with pytest.raises(CommandError) as error:
        checked(read=read)
    assert str(error.value) == f"{document.complaint.reference}: {document.file.name}"
    assert str(whole.file.name) not in str(error.value)


def undone() -> str:
    """What a deed leaves that was begun and undone."""
    with transaction.atomic():
        document = a_document()
        transaction.set_rollback(True)
    return str(document.file.name)


def test_what_a_deed_that_was_undone_left_is_found_a_day_later_and_forgotten_when_told_to(room: Path) -> None:
    kept, left = a_document(), undone()
    assert list(storeroom.strays(now=timezone.now())) == []  # it may be under way
    assert list(storeroom.strays(now=tomorrow())) == [left]
    yesterday = (timezone.now() - timedelta(days=2)).timestamp()
    os.utime(room / left, (yesterday, yesterday))
    assert checked().startswith(f"No document has {left}\n")
    assert (room / left).exists()
    assert checked(forget_strays=True).endswith("0 documents not whole, 1 files of no document\n")
    assert not (room / left).exists()
    assert file_of(kept, room).exists()
