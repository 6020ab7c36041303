"""Mail finds its complaint, opens one, or is put before a person. Nothing is answered here, and nothing thrown away."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from complaints.intake.actions.lodging import Telling, take_in_mail
from complaints.intake.joining import Lead, decide
from complaints.intake.leads import address_of, carrier_of, evidence_of
from complaints.intake.models import Candidate
from complaints.mailroom import actions as mailroom
from complaints.mailroom import letters, reading
from complaints.mailroom.models import Fate, IncomingMail, IncomingMailQuerySet
from complaints.mailroom.reading import Attachment, ReadMail
from complaints.resolution import actions, links
from complaints.resolution.actions import Written
from complaints.resolution.actors import Actor, System, name_of
from complaints.resolution.exceptions import BadDocument, NotPermitted, ReasonNeeded
from complaints.resolution.models import Channel, Complaint, ContactChannel, Message, MessageKind
from complaints.resolution.permission import WORK

PREFIXES = re.compile(r"^\s*((re|aw|sv|antw|fwd?|wg|tr)\s*(\[\d+\])?\s*:\s*)+", re.IGNORECASE)
LONGEST_NOTE = 1000
#: Of one mail. Nobody reads more; the rest stays in the mail.
MOST_FILES = 20


@transaction.atomic
def sort_mail(mail: IncomingMail, *, read: ReadMail, now: datetime) -> IncomingMail:
    """Give a mail that has been read its fate. Answering it is the plan's business, and has its limits."""
    evidence = evidence_of(mail, read, now)
    verdict = decide(evidence)
    complaint = _named(verdict.complaint)
    if verdict.fate is Fate.JOINED and complaint is not None and complaint.customer is not None:
        may_answer = not evidence.unsuited
        _put_into(complaint, mail, read, by=complaint.customer, now=now, may_answer=may_answer)
    elif verdict.fate is Fate.OPENED:
        _open(mail, read, sender=evidence.sender, now=now, follows=complaint)
    else:
        _put_beside(mail, evidence.leads)
        _say_in_file(complaint, read, now=now)
    return mailroom.conclude(mail, fate=verdict.fate, why=verdict.why, now=now)


def _named(key: int | None) -> Complaint | None:
    return Complaint.objects.select_related("customer").get(pk=key) if key else None


def _put_into(
    complaint: Complaint,
    mail: IncomingMail,
    read: ReadMail,
    *,
    by: Actor,
    now: datetime,
    may_answer: bool = False,
    author: str = "",
) -> Message:
    body = read.new_text or read.text
    written = Written(
        mail=mail,
        subject=letters.one_line(read.subject),
        body=letters.paragraphs(body),
        whole=letters.paragraphs(read.text) if read.text != body else "",
        author=author,
    )
    message = actions.take_mail(complaint, written=written, by=by, now=now, may_answer=may_answer)
    _keep_files(complaint, message, read.attachments, by=by, now=now)
    return message


def _open(
    mail: IncomingMail,
    read: ReadMail,
    *,
    sender: str,
    now: datetime,
    name: str = "",
    title: str = "",
    follows: Complaint | None = None,
) -> Complaint:
    telling = Telling(
        token=f"mail:{mail.pk}",
        name=name or mail.sender_name or sender,
        email=sender,
        details={"preferred_channel": ContactChannel.EMAIL},
        title=title or title_of(read),
        words=letters.paragraphs(read.text),
        channel=Channel.EMAIL,
        received_at=mail.arrived_at,
        follows=follows,
        mail=mail,
    )
    complaint = take_in_mail(telling, now=now)
    message = complaint.messages.get(kind=MessageKind.COMPLAINT)
    _keep_files(complaint, message, read.attachments, by=complaint.customer or System.POST, now=now)
    return complaint


def title_of(read: ReadMail) -> str:
    """The subject without what mail programs put before it; the first words where there is none."""
    subject = letters.one_line(PREFIXES.sub("", read.subject))
    first_line = next((line for line in read.text.splitlines() if line.strip()), "")
    return subject or letters.one_line(first_line) or "E-mail without a subject"


def _keep_files(
    complaint: Complaint, message: Message, files: Sequence[Attachment], *, by: Actor, now: datetime
) -> None:
    """What is not taken as a document is named in the file; it is still in the mail as it came."""
    kept = set(complaint.documents.values_list("sha256", flat=True))
    left_out = [
        f"{file.name}: {why}"
        for file in files[:MOST_FILES]
        if (why := _keep_file(complaint, message, file, kept, by=by, now=now))
    ]
    if len(files) > MOST_FILES:
        left_out.append(f"and {len(files) - MOST_FILES} files more: it is more than we take from one mail.")
    if left_out:
        text = "Not taken as documents, but still in the mail as it came:\n" + "\n".join(left_out)
        actions.note(complaint, text=text[:LONGEST_NOTE], by=System.POST, now=now)


def _keep_file(
    complaint: Complaint, message: Message, file: Attachment, kept: set[str], *, by: Actor, now: datetime
) -> str:
    """Why it was not kept; nothing where it was. The same picture under every mail is kept once."""
    if file.inline and hashlib.sha256(file.content).hexdigest() in kept:
        return ""
    try:
        document = actions.keep_document(
            complaint, name=file.name, content=file.content, message=message, by=by, now=now
        )
    except BadDocument as refusal:
        return str(refusal)
    kept.add(document.sha256)
    return ""


def _put_beside(mail: IncomingMail, leads: Iterable[Lead]) -> None:
    Candidate.objects.bulk_create(
        [
            Candidate(mail=mail, complaint_id=lead.complaint, how=lead.how, is_theirs=lead.is_theirs)
            for lead in leads
        ],
        ignore_conflicts=True,
    )


def _say_in_file(complaint: Complaint | None, read: ReadMail, *, now: datetime) -> None:
    """An absence is worth knowing for whoever waits for an answer. It changes nothing."""
    if complaint is not None:
        words = links.without_keys(letters.paragraphs(read.new_text or read.text)).strip()[:LONGEST_NOTE]
        text = f"A machine answered from {read.sender}: {words or read.subject}"
        actions.note(complaint, text=text, by=System.POST, now=now)


@transaction.atomic
def join(mail: IncomingMail, *, complaint: Complaint, by: User, now: datetime) -> Message:
    """Put a mail that was held into a complaint, on the word of a colleague who has looked at both.

    A sender who is not the customer is named as who wrote it, and gains no access by it.
    """
    complaint = carrier_of(complaint)
    _decide(mail, Fate.JOINED, f"To {complaint.reference}.", by=by, now=now)
    read = reading.read(bytes(mail.raw))
    customer = complaint.customer
    known = customer is not None and customer.email == address_of(read)
    author = "" if known else f"{read.sender or 'Somebody who gave no address'}, not the customer's address"
    return _put_into(complaint, mail, read, by=by, now=now, author=author)


@transaction.atomic
def open_by(mail: IncomingMail, *, name: str, email: str, title: str, by: User, now: datetime) -> Complaint:
    """Open a complaint by a mail that was held. Who it is from, a colleague has looked at."""
    _decide(mail, Fate.OPENED, f"As a matter of its own: {title}", by=by, now=now)
    read = reading.read(bytes(mail.raw))
    return _open(mail, read, sender=letters.address(email).lower(), name=name, title=title, now=now)


@transaction.atomic
def refuse_mail(mail: IncomingMail, *, reason: str, by: User, now: datetime) -> IncomingMail:
    """Say that a mail is no business of ours, and why. It is kept all the same."""
    if not reason.strip():
        raise ReasonNeeded("Say why. Somebody may ask.")
    return _decide(mail, Fate.REFUSED, reason.strip(), by=by, now=now)


@transaction.atomic
def refuse_mails(mails: IncomingMailQuerySet, *, reason: str, by: User, now: datetime) -> int:
    """The same of all of these that are held. How many they were."""
    _require_sorter(by)
    if not reason.strip():
        raise ReasonNeeded("Say why. Somebody may ask.")
    return mailroom.conclude_all(mails, fate=Fate.REFUSED, why=reason.strip(), by=name_of(by), now=now)


@transaction.atomic
def read_mail_again(mail: IncomingMail, *, by: User, now: datetime) -> IncomingMail:
    _require_sorter(by)
    Candidate.objects.filter(mail=mail).delete()
    return mailroom.read_again(mail, now=now)


def _decide(mail: IncomingMail, fate: Fate, why: str, *, by: User, now: datetime) -> IncomingMail:
    _require_sorter(by)
    return mailroom.conclude(mail, fate=fate, why=why, by=name_of(by), now=now)


def _require_sorter(by: User) -> None:
    """Whoever may take down a complaint may decide what mail is one."""
    if not by.has_perm(WORK):
        raise NotPermitted
