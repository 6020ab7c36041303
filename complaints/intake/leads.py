"""What a mail says of where it belongs, and what we know of who sent it. Questions to the tables, no decision."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from complaints.intake.joining import MOST_A_DAY, Evidence, Lead
from complaints.intake.models import How
from complaints.mailroom import letters
from complaints.mailroom.exceptions import BadAddress
from complaints.mailroom.models import IncomingMail, OutgoingMail
from complaints.mailroom.reading import Kind, ReadMail
from complaints.mailroom.reply_addresses import read_reply_address
from complaints.resolution import reference, timing
from complaints.resolution.models import Complaint, Message, State

REFERENCE = re.compile(r"\bC\d\d-\d{6}-[A-Z]\b", re.ASCII)
#: Ids and references beyond these are not looked up: nobody answers more letters at once.
MOST_IDS, MOST_NAMED, MOST_OF_SENDER = 50, 5, 5
READ_FOR_REFERENCES = 5000
FORWARDED = re.compile(r"\s*(fwd?|wg|tr|i|enc|doorst|vs|rv)\s*:", re.IGNORECASE)
ENCLOSED = "message/rfc822"
#: Most mails name nothing, and nobody need ask the tables about that.
NOTHING = Q(pk__in=[])
A_DAY = timedelta(days=1)
SUBADDRESS = re.compile(r"\+[^@]*(?=@)")


def evidence_of(mail: IncomingMail, read: ReadMail, now: datetime) -> Evidence:
    sender = address_of(read)
    return Evidence(
        sender=sender,
        is_from_us=is_ours(sender),
        is_automatic=read.kind == Kind.AUTO_REPLY,
        is_empty=not read.text.strip() and not read.attachments,
        unsuited=_unsuited(read),
        not_own=_not_own(read),
        of_today=_of_today(mail),
        leads=tuple(_leads(read, sender, now)),
    )


def address_of(read: ReadMail) -> str:
    """The sender, in the form in which customers are known; nothing for one whom no letter could reach.

    Only plain ASCII is folded: of letters that merely look or fold alike, none is the other.
    """
    try:
        return letters.address(read.sender.address).lower() if read.sender else ""
    except BadAddress:
        return ""


def is_ours(sender: str) -> bool:
    """A colleague's address, or one of the firm's mailboxes, with whatever stands behind a plus."""
    mailboxes = (settings.DEFAULT_FROM_EMAIL, settings.MAIL_REPLY_ADDRESS, settings.MAIL_BOUNCE_ADDRESS)
    ours = {parseaddr(mailbox)[1].lower() for mailbox in mailboxes} - {""}
    return (
        SUBADDRESS.sub("", sender) in ours
        or User.objects.filter(email__iexact=sender).exclude(email="").exists()
    )


def _of_today(mail: IncomingMail) -> int:
    """Counted no further than matters, by when the mailbox got them: a backlog fetched at once is no flood."""
    theirs = IncomingMail.objects.of_sender(mail.sender).filter(
        arrived_at__gt=mail.arrived_at - A_DAY, arrived_at__lte=mail.arrived_at
    )
    return theirs.order_by("-pk")[: MOST_A_DAY + 1].count()


def _unsuited(read: ReadMail) -> str:
    if read.may_be_answered_automatically:
        return ""
    reasons = "; ".join(read.reasons)[:500]
    return (
        f"No person may have written it: {reasons}." if reasons else "It was sent to many, or by a machine."
    )


def _not_own(read: ReadMail) -> str:
    """Whoever forwards a mail, or wants the answer sent to another, may write for somebody else."""
    if FORWARDED.match(read.subject) or any(file.content_type == ENCLOSED for file in read.attachments):
        return "It forwards somebody's mail. Whose matter it is, a machine cannot tell."
    named = {one.address.lower() for one in read.reply_to}
    if named and read.sender and read.sender.address.lower() not in named:
        return "It asks to be answered at another address than it comes from."
    return ""


def _leads(read: ReadMail, sender: str, now: datetime) -> Iterator[Lead]:
    """Each complaint once, for the strongest reason there is."""
    seen: set[int] = set()
    for how, complaints in _found(read, sender):
        for complaint in complaints:
            if complaint.pk not in seen:
                seen.add(complaint.pk)
                theirs = (
                    bool(sender) and complaint.customer is not None and complaint.customer.email == sender
                )
                yield Lead(complaint.pk, complaint.reference, how, theirs, _is_past(complaint, now))


def _found(read: ReadMail, sender: str) -> Iterator[tuple[How, Iterable[Complaint]]]:
    yield How.THREAD, _carrying(_answered(read))
    yield How.ADDRESS, _carrying(_written_to(read))
    yield How.REFERENCE, _carrying(_named(read))
    if sender:
        yield How.SENDER, _of(sender)


def _answered(read: ReadMail) -> Q:
    """By the Message-IDs of our letters, or of the customer's own mails in the file.

    Asked table by table: joined by "or" they would be read from end to end.
    """
    names = [*read.in_reply_to, *read.references[-MOST_IDS:]]
    if not names:
        return NOTHING
    ours = _keys(OutgoingMail.objects.filter(message_id__in=[f"<{name}>" for name in names]))
    theirs = _keys(IncomingMail.objects.filter(message_id__in=names))
    if not ours and not theirs:
        return NOTHING
    in_file = Message.objects.filter(Q(mail__in=ours) | Q(received_as__in=theirs))
    return Q(pk__in=list(in_file.values_list("complaint", flat=True)))


def _keys(mails: QuerySet[Any]) -> list[int]:
    return list(mails.values_list("pk", flat=True))


def _written_to(read: ReadMail) -> Q:
    addresses = (*read.delivered_to, *read.to, *read.cc)
    keys = {read_reply_address(one.address) for one in addresses[:MOST_IDS]} - {None}
    return Q(pk__in=keys) if keys else NOTHING


def _named(read: ReadMail) -> Q:
    words = f"{read.subject}\n{read.new_text[:READ_FOR_REFERENCES]}"
    found = dict.fromkeys(filter(None, map(reference.understand, REFERENCE.findall(words))))
    return Q(reference__in=list(found)[:MOST_NAMED]) if found else NOTHING


def _carrying(narrow: Q) -> list[Complaint]:
    """These complaints, or the ones into which they were merged."""
    if narrow is NOTHING:
        return []
    found = Complaint.objects.filter(narrow).select_related("customer").order_by("pk")
    return list({one.pk: one for one in map(carrier_of, found[: MOST_NAMED * 2])}.values())


def carrier_of(complaint: Complaint) -> Complaint:
    seen: set[int] = set()
    while complaint.merged_into is not None and complaint.pk not in seen:
        seen.add(complaint.pk)
        complaint = complaint.merged_into
    return complaint


def _of(sender: str) -> list[Complaint]:
    theirs = Complaint.objects.filter(customer__email=sender, imported=False).select_related("customer")
    unfinished = theirs.filter(Q(is_open=True) | Q(state=State.ANSWERED))
    return list(unfinished.order_by("-received_at", "-pk")[:MOST_OF_SENDER])


def _is_past(complaint: Complaint, now: datetime) -> bool:
    """Ended too long ago to be taken up again: what comes now is a new matter that follows the old one."""
    return complaint.state in (State.CLOSED, State.WITHDRAWN) and now > timing.may_reopen_until(complaint)
