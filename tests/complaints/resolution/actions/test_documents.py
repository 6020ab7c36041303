import hashlib
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.conf import settings as django_settings

from complaints.resolution import actions
from complaints.resolution.exceptions import BadDocument
from complaints.resolution.models import Document
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n" + b"0" * 64


@pytest.fixture(autouse=True)
def _media(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def keep(content: bytes, name: str = "statement.pdf") -> Document:
    return actions.keep_document(
        factories.received(), name=name, content=content, by=factories.handler_user(), now=NOW
    )


def test_a_document_is_kept_whole_under_a_random_key_with_its_hash() -> None:
    document = keep(PDF)
    assert document.content_type == "application/pdf"
    assert document.sha256 == hashlib.sha256(PDF).hexdigest()
    with document.file.open() as kept:
        assert kept.read() == PDF
    assert "statement" not in str(document.file.name)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\letters\\bill.pdf", "bill.pdf"),
        ("bill\u202efdp.exe", "billfdp.exe"),
        ("\0\r\n", "document"),
        ("x" * 300, "x" * 200),
    ],
)
def test_sec_53_the_senders_name_is_for_eyes_only(name: str, shown: str) -> None:
    document = keep(PDF, name)
    assert document.name == shown
    assert Path(document.file.path).resolve().is_relative_to(Path(str(django_settings.MEDIA_ROOT)).resolve())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00" + b"0" * 64,
        b"<html><script>alert(1)</script>",
        b"  <svg onload='alert(1)'/>",
        b"\x7fELF" + b"0" * 64,
        b"PK\x03\x04" + b"0" * 64,
        b"\xff\xfe\x00\x01binary",
        b"0" * (10 * 1024 * 1024 + 1),
    ],
)
def test_sec_03_what_the_bytes_say_decides_and_unknown_is_refused(content: bytes) -> None:
    with pytest.raises(BadDocument):
        keep(content, "holiday.jpg")
    assert not Document.objects.exists()


def test_plain_text_is_taken() -> None:
    assert keep("Grüße".encode(), "note.txt").content_type == "text/plain"
