"""What came with mails goes into the file; what we do not take is named there, and stays in the mail as it came."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from complaints.mailroom.reading import Attachment
from complaints.resolution import actions
from complaints.resolution.actions import Enclosed
from complaints.resolution.actors import Actor, System
from complaints.resolution.exceptions import BadDocument
from complaints.resolution.models import Document, Message

#: Of one mail. Nobody reads more; the rest stays in the mail.
MOST_FILES = 20
LONGEST_NOTE = 1000


def keep_files(
    brought: Mapping[Message, Sequence[Attachment]], *, now: datetime, by: Actor | None = None
) -> None:
    """Of many messages at once, each as brought by its customer unless somebody else is named."""
    known = _known(brought)
    enclosed: list[Enclosed] = []
    for message, files in brought.items():
        complaint = message.complaint
        sender = by or complaint.customer or System.POST
        taken, left_out = _sifted(files, known[complaint.pk])
        enclosed += [Enclosed(complaint, file.name, file.content, sender, message) for file in taken]
        if left_out:
            text = "\n".join(["Not taken as documents, but still in the mail as it came:", *left_out])
            actions.note(complaint, text=text[:LONGEST_NOTE], by=System.POST, now=now)
    if enclosed:
        actions.keep_documents(enclosed, now=now)


def _known(messages: Iterable[Message]) -> dict[int, set[str]]:
    """By their SHA-256, what each complaint has already."""
    known: dict[int, set[str]] = defaultdict(set)
    kept = Document.objects.filter(complaint__in={message.complaint_id for message in messages})
    for complaint, sha256 in kept.order_by().values_list("complaint", "sha256"):
        known[complaint].add(sha256)
    return known


def _sifted(files: Sequence[Attachment], known: set[str]) -> tuple[list[Attachment], list[str]]:
    """What is taken; and of the rest, why not. The same picture under every mail is kept once."""
    taken, left_out = [], []
    for file in files[:MOST_FILES]:
        sha256 = hashlib.sha256(file.content).hexdigest()
        if why := _why_not(file):
            left_out.append(f"{file.name}: {why}")
        elif not (file.inline and sha256 in known):
            taken.append(file)
        known.add(sha256)
    if len(files) > MOST_FILES:
        left_out.append(f"and {len(files) - MOST_FILES} files more: it is more than we take from one mail.")
    return taken, left_out


def _why_not(file: Attachment) -> str:
    try:
        actions.type_of(file.content)
    except BadDocument as refusal:
        return str(refusal)
    return ""
