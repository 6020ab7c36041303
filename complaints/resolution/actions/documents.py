import hashlib
import secrets
from datetime import datetime
from pathlib import PurePath

import filetype
from django.core.files.base import ContentFile
from django.db import transaction

from complaints.resolution.actions import steps
from complaints.resolution.actors import Actor, name_of
from complaints.resolution.exceptions import BadDocument
from complaints.resolution.models import Complaint, Document, EntryKind, Message
from complaints.resolution.permission import WORK, require_permission

LARGEST = 10 * 1024 * 1024
#: What we take, by what the bytes say they are; the name is never asked. Plain text has no signature.
ACCEPTED = frozenset(
    {
        "application/pdf",
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "image/heic",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
)


@transaction.atomic
def keep_document(
    complaint: Complaint,
    *,
    name: str,
    content: bytes,
    by: Actor,
    now: datetime,
    message: Message | None = None,
) -> Document:
    """Keep a file under a random key, with its SHA-256. Raises BadDocument for what we do not take."""
    complaint = steps.lock(complaint)
    require_permission(by, WORK, complaint)
    document = Document(
        complaint=complaint,
        message=message,
        name=shown_name(name),
        content_type=type_of(content),
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        storage_key=secrets.token_urlsafe(24),
        added_at=now,
        added_by_name=name_of(by),
    )
    document.file.save(document.name, ContentFile(content), save=False)
    document.save()
    steps.record(
        complaint, EntryKind.NOTE, by=by, now=now, text=f"Document: {document.name}", document=document.pk
    )
    return document


def type_of(content: bytes) -> str:
    """The type the bytes themselves show. Raises BadDocument in words the sender understands."""
    if not content:
        raise BadDocument("The file is empty.")
    if len(content) > LARGEST:
        raise BadDocument(f"The file is larger than {LARGEST // (1024 * 1024)} MB.")
    kind = filetype.guess(content)
    if kind is None and _is_text(content):
        return "text/plain"
    if kind is None or kind.mime not in ACCEPTED:
        raise BadDocument("We take PDF, pictures, Word and Excel files and plain text.")
    return str(kind.mime)


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return "\0" not in text and not text.lstrip().startswith("<")


def shown_name(name: str) -> str:
    """The sender's name for the file, for eyes only: no folders, no control or direction-changing characters."""
    base = PurePath(name.replace("\\", "/")).name
    clean = "".join(character for character in base if character.isprintable())
    return clean[:200] or "document"
