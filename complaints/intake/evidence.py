"""What speaks for and against taking a mail as a complaint. Questions to the tables, no decision."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count
from django.db.models.functions import Lower

from complaints.intake.joining import MOST_A_DAY, Evidence
from complaints.intake.leads import leads_of, names_in
from complaints.mailroom.arrivals import Arrival
from complaints.mailroom.models import IncomingMail
from complaints.mailroom.reading import Kind, ReadMail

FORWARDED = re.compile(r"\s*(fwd?|wg|tr|i|enc|doorst|vs|rv)\s*:", re.IGNORECASE)
ENCLOSED = "message/rfc822"
A_DAY = timedelta(days=1)
SUBADDRESS = re.compile(r"\+[^@]*(?=@)")


def evidence_of(arrivals: Sequence[Arrival], now: datetime) -> list[Evidence]:
    """Of mails of which none can bear on another, in their order: each table is asked once for all of them."""
    named = [names_in(arrival.read) for arrival in arrivals]
    colleagues = _colleagues_among({names.sender for names in named})
    crowded = _crowded([arrival.mail for arrival in arrivals])
    return [
        Evidence(
            sender=names.sender,
            is_from_us=names.sender in colleagues or is_mailbox(names.sender),
            is_automatic=arrival.read.kind == Kind.AUTO_REPLY,
            is_empty=not arrival.read.text.strip() and not arrival.read.attachments,
            unsuited=_unsuited(arrival.read),
            not_own=_not_own(arrival.read),
            of_today=_of_today(arrival.mail) if arrival.mail.sender in crowded else 1,
            leads=leads,
        )
        for arrival, names, leads in zip(arrivals, named, leads_of(named, now), strict=True)
    ]


def is_mailbox(sender: str) -> bool:
    """One of the firm's own, with whatever stands behind a plus."""
    mailboxes = (settings.DEFAULT_FROM_EMAIL, settings.MAIL_REPLY_ADDRESS, settings.MAIL_BOUNCE_ADDRESS)
    ours = {parseaddr(mailbox)[1].lower() for mailbox in mailboxes} - {""}
    return SUBADDRESS.sub("", sender) in ours


def _colleagues_among(senders: Collection[str]) -> set[str]:
    folded = User.objects.exclude(email="").annotate(folded=Lower("email")).filter(folded__in=senders)
    return set(folded.values_list("folded", flat=True))


def _crowded(mails: Sequence[IncomingMail]) -> set[str]:
    """Senders of so many mails that it matters how many of them are of today."""
    others = IncomingMail.objects.exclude(pk__in=[mail.pk for mail in mails])
    theirs = others.filter(sender__in={mail.sender for mail in mails} - {""}).order_by().values("sender")
    many = theirs.annotate(number=Count("pk")).filter(number__gte=MOST_A_DAY)
    return set(many.values_list("sender", flat=True))


def _of_today(mail: IncomingMail) -> int:
    """With it, counted no further than matters, by when the mailbox got them: a backlog fetched at once is no flood."""
    theirs = IncomingMail.objects.of_sender(mail.sender).filter(
        arrived_at__gt=mail.arrived_at - A_DAY, arrived_at__lte=mail.arrived_at
    )
    return theirs.exclude(pk=mail.pk).order_by("-pk")[:MOST_A_DAY].count() + 1


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
