import hashlib
import secrets
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction

from complaints.mailroom import enclosures
from complaints.mailroom.reading import naming
from complaints.resolution.actions import steps
from complaints.resolution.actors import Actor, name_of
from complaints.resolution.exceptions import BadDocument
from complaints.resolution.models import Complaint, Document, EntryKind, Message
from complaints.resolution.permission import WORK, require_permission

LARGEST = enclosures.LARGEST


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
    try:
        return enclosures.type_of(content)
    except enclosures.Refused as refused:
        raise BadDocument(str(refused)) from None


def shown_name(name: str) -> str:
    """The sender's name for the file, for eyes only."""
    return naming.shown_name(name) or "document"
