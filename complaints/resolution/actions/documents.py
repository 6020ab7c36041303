import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.files.base import ContentFile, File
from django.db import transaction
from django.db.models import Count, Sum

from complaints.mailroom import enclosures
from complaints.mailroom.reading import naming
from complaints.resolution.actions import steps
from complaints.resolution.actors import Actor, name_of
from complaints.resolution.exceptions import BadDocument, TooManyDocuments
from complaints.resolution.models import Complaint, Customer, Document, Entry, EntryKind, Message
from complaints.resolution.permission import WORK, require_permission

LARGEST = enclosures.LARGEST
#: Of one complaint, through its customer's own pages (ASVS 5.0, 5.2.4). What staff add and mail brings is not counted.
MOST_DOCUMENTS, MOST_BYTES = 20, 25 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file, with what it came, and who sent or added it."""

    complaint: Complaint
    name: str
    content: bytes
    by: Actor
    message: Message | None = None


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
    return keep_documents([Enclosed(complaint, name, content, by, message)], now=now)[0]


@transaction.atomic
def keep_documents(files: Sequence[Enclosed], *, now: datetime) -> list[Document]:
    """The same of many: all of them or, where one is not taken, none."""
    complaints = steps.lock_all(file.complaint.pk for file in files)
    for file in files:
        require_permission(file.by, WORK, complaints[file.complaint.pk])
    documents = [_document(file, now=now) for file in files]
    Document.objects.bulk_create(documents)
    entries = [
        steps.sign(_kept(document), complaints[document.complaint_id], by=file.by, now=now)
        for document, file in zip(documents, files, strict=True)
    ]
    steps.write_all(entries, now=now)
    return documents


def _document(file: Enclosed, *, now: datetime) -> Document:
    """Its bytes are written, its row is not yet."""
    document = Document(
        complaint=file.complaint,
        message=file.message,
        name=shown_name(file.name),
        content_type=type_of(file.content),
        size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
        storage_key=secrets.token_urlsafe(24),
        added_at=now,
        added_by_name=name_of(file.by),
    )
    document.file.save(document.name, ContentFile(file.content), save=False)
    return document


def _kept(document: Document) -> Entry:
    return Entry(kind=EntryKind.NOTE, text=f"Document: {document.name}", facts={"document": document.pk})


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
    enclosed = [Enclosed(complaint, file.name or "document", file.read(), by, message) for file in files]
    return keep_documents(enclosed, now=now)


def type_of(content: bytes) -> str:
    """The type the bytes themselves show. Raises BadDocument in words the sender understands."""
    try:
        return enclosures.type_of(content)
    except enclosures.Refused as refused:
        raise BadDocument(str(refused)) from None


def shown_name(name: str) -> str:
    """The sender's name for the file, for eyes only."""
    return naming.shown_name(name) or "document"
