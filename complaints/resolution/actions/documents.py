import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Count, Sum

from complaints.mailroom import enclosures
from complaints.mailroom.reading import naming
from complaints.resolution.actions import steps
from complaints.resolution.actors import Actor, name_of
from complaints.resolution.exceptions import BadDocument, TooManyDocuments
from complaints.resolution.models import Complaint, Customer, Document, EntryKind, Message
from complaints.resolution.permission import WORK, require_permission

LARGEST = enclosures.LARGEST
#: Of one complaint, through its customer's own pages (ASVS 5.0, 5.2.4). What staff add and mail brings is not counted.
MOST_DOCUMENTS, MOST_BYTES = 20, 25 * 1024 * 1024


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


@transaction.atomic
def take_documents(
    complaint: Complaint,
    *,
    files: "Sequence[File[bytes]]",
    by: Customer,
    now: datetime,
    message: Message | None = None,
) -> list[Document]:
    """Keep what a customer sends through our pages: all of it, or nothing.

    Raises TooManyDocuments, and BadDocument as `keep_document` does.
    """
    complaint = steps.lock(complaint)
    theirs = complaint.documents.filter(added_by_name=name_of(by), message__received_as__isnull=True)
    before = theirs.aggregate(number=Count("pk"), size=Sum("size", default=0))
    size = sum(file.size for file in files)
    if files and (before["number"] + len(files) > MOST_DOCUMENTS or before["size"] + size > MOST_BYTES):
        raise TooManyDocuments
    return [
        keep_document(
            complaint, name=file.name or "document", content=file.read(), by=by, now=now, message=message
        )
        for file in files
    ]


def type_of(content: bytes) -> str:
    """The type the bytes themselves show. Raises BadDocument in words the sender understands."""
    try:
        return enclosures.type_of(content)
    except enclosures.Refused as refused:
        raise BadDocument(str(refused)) from None


def shown_name(name: str) -> str:
    """The sender's name for the file, for eyes only."""
    return naming.shown_name(name) or "document"
