"""Putting the file on paper: reports with their hash, and letters as they were posted."""

import hashlib
from datetime import datetime

from django.db import transaction

from complaints.resolution.actions import steps
from complaints.resolution.actions.acknowledging import mark_posted
from complaints.resolution.actions.documents import keep_document
from complaints.resolution.actors import Actor
from complaints.resolution.models import Complaint, Document, Message
from complaints.resolution.papers import PaperKind, as_of, canonical, data_of, letter_data, typeset
from complaints.resolution.permission import WORK, require_permission


@transaction.atomic
def make_report(complaint: Complaint, *, kind: PaperKind, by: Actor, now: datetime) -> Document:
    """The report as a PDF among the documents, with its hash; the incident report with its data beside it (D17).

    While nothing has changed in the file the same report comes back, and nothing is added.
    """
    complaint = steps.lock(complaint)
    require_permission(by, WORK, complaint)
    data = data_of(kind, complaint)
    pdf = typeset("report", data, at=as_of(complaint))
    name = f"{kind.label} {complaint.reference}"
    report = _keep(complaint, f"{name}.pdf", pdf, by=by, now=now)
    if kind is PaperKind.INCIDENT_REPORT:
        _keep(complaint, f"{name}.json", canonical(data).encode(), by=by, now=now)
    return report


@transaction.atomic
def file_letter(message: Message, *, by: Actor, now: datetime) -> Document:
    """The letter as it stands on paper among the documents, with its hash. Once: it is the same for ever."""
    complaint = steps.lock(message.complaint)
    require_permission(by, WORK, complaint)
    pdf = typeset("letter", letter_data(message), at=message.at)
    name = f"{message.get_kind_display()} {complaint.reference}.pdf"
    return _keep(complaint, name, pdf, by=by, now=now, message=message)


@transaction.atomic
def post_printed(message: Message, *, by: Actor, now: datetime) -> Message:
    """Say that a printed letter has left the house, and keep the very sheet that did."""
    posted = mark_posted(message, by=by, now=now)
    file_letter(posted, by=by, now=now)
    return posted


def _keep(
    complaint: Complaint,
    name: str,
    content: bytes,
    *,
    by: Actor,
    now: datetime,
    message: Message | None = None,
) -> Document:
    digest = hashlib.sha256(content).hexdigest()
    kept = complaint.documents.filter(sha256=digest, message=message).first()
    return kept or keep_document(complaint, name=name, content=content, by=by, now=now, message=message)
