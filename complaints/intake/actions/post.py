"""Mail finds its complaint, opens one, or is put before a person. Nothing is answered here, and nothing thrown away."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from complaints.intake.actions.files import LONGEST_NOTE, keep_files
from complaints.intake.actions.lodging import Telling, take_in_mails
from complaints.intake.evidence import evidence_of
from complaints.intake.exceptions import WroteAtOnce
from complaints.intake.joining import Evidence, Lead, decide
from complaints.intake.leads import carrier_of, unfinished_of
from complaints.intake.models import Candidate
from complaints.mailroom import actions as mailroom
from complaints.mailroom import letters, reading
from complaints.mailroom.arrivals import Arrival, address_of
from complaints.mailroom.models import Fate, IncomingMail, IncomingMailQuerySet
from complaints.mailroom.reading import ReadMail
from complaints.resolution import actions, links
from complaints.resolution.actions import Written
from complaints.resolution.actors import Actor, System, name_of
from complaints.resolution.exceptions import NotPermitted, ReasonNeeded
from complaints.resolution.models import Channel, Complaint, ContactChannel, Message, MessageKind
from complaints.resolution.permission import WORK

PREFIXES = re.compile(r"^\s*((re|aw|sv|antw|fwd?|wg|tr)\s*(\[\d+\])?\s*:\s*)+", re.IGNORECASE)


@transaction.atomic
def sort_mails(arrivals: Sequence[Arrival], *, now: datetime) -> None:
    """Give mails that have been read their fates. Answering them is the plan's business, and has its limits.

    What opens a complaint does so together with the others that do.
    """
    opening = []
    for arrival, evidence, complaint in _judged(arrivals, now=now):
        if arrival.fate is Fate.OPENED:
            telling = _telling(arrival.mail, arrival.read, sender=evidence.sender, follows=complaint)
            opening.append((arrival.read, telling))
        else:
            _put_where_it_belongs(arrival, evidence, complaint, now=now)
    if opening:
        _require_firsts(_open_all(opening, now=now))


def _require_firsts(opened: Sequence[Complaint]) -> None:
    """Two readers may have the first mails of one customer in hand. The second has waited for the first, at the
    counter of references, and knows better now; all it has here is undone and looked at again.
    """
    customers = [one.customer for one in opened if one.customer and one.follows_id is None]
    if unfinished_of(customers).exclude(pk__in=[one.pk for one in opened]).exists():
        raise WroteAtOnce


def _judged(
    arrivals: Sequence[Arrival], *, now: datetime
) -> list[tuple[Arrival, Evidence, Complaint | None]]:
    """With what speaks for it, and the complaint it belongs to. These are held from here on, all of them in one order:
    whoever else holds many would wait for us, and we for them, were they taken as the mails come.
    """
    found = evidence_of(arrivals, now)
    verdicts = [decide(evidence) for evidence in found]
    held = actions.lock_all(verdict.complaint for verdict in verdicts if verdict.complaint)
    for arrival, verdict in zip(arrivals, verdicts, strict=True):
        arrival.meets(verdict.fate, verdict.why)
    named = [held[verdict.complaint] if verdict.complaint else None for verdict in verdicts]
    return list(zip(arrivals, found, named, strict=True))


def _put_where_it_belongs(
    arrival: Arrival, evidence: Evidence, complaint: Complaint | None, *, now: datetime
) -> None:
    mail, read = arrival.mail, arrival.read
    if arrival.fate is Fate.JOINED and complaint is not None and complaint.customer is not None:
        may_answer = not evidence.unsuited
        _put_into(complaint, mail, read, by=complaint.customer, now=now, may_answer=may_answer)
    else:
        _put_beside(mail, evidence.leads)
        _say_in_file(complaint, read, now=now)


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
    keep_files({message: read.attachments}, by=by, now=now)
    return message


def _telling(
    mail: IncomingMail,
    read: ReadMail,
    *,
    sender: str,
    name: str = "",
    title: str = "",
    follows: Complaint | None = None,
) -> Telling:
    return Telling(
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


def _open_all(opening: Sequence[tuple[ReadMail, Telling]], *, now: datetime) -> list[Complaint]:
    complaints = take_in_mails([telling for _, telling in opening], now=now)
    files = {
        complaint.pk: read.attachments
        for complaint, (read, _) in zip(complaints, opening, strict=True)
        if read.attachments
    }
    if files:
        first = Message.objects.filter(complaint__in=files, kind=MessageKind.COMPLAINT).order_by("pk")
        messages = first.select_related("complaint__customer")
        keep_files({message: files[message.complaint_id] for message in messages}, now=now)
    return complaints


def title_of(read: ReadMail) -> str:
    """The subject without what mail programs put before it; the first words where there is none."""
    subject = letters.one_line(PREFIXES.sub("", read.subject))
    first_line = next((line for line in read.text.splitlines() if line.strip()), "")
    return subject or letters.one_line(first_line) or "E-mail without a subject"


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
    telling = _telling(mail, read, sender=letters.address(email).lower(), name=name, title=title)
    return _open_all([(read, telling)], now=now)[0]


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
