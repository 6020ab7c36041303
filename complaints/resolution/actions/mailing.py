"""From a letter in the file to a mail in the post."""

from datetime import datetime
from email.utils import parseaddr

from django.conf import settings

from complaints.mailroom import actions as mailroom
from complaints.mailroom.letters import Attachment
from complaints.mailroom.models import OutgoingMail
from complaints.mailroom.reply_addresses import reply_address
from complaints.resolution import cooling, links
from complaints.resolution.exceptions import NoAddress
from complaints.resolution.models import Complaint, Customer, Message, MessageKind
from complaints.resolution.thread import thread_of

#: What binds us. Arriving twice it might be taken for two: in doubt a person decides.
NEVER_TWICE = (MessageKind.OFFER, MessageKind.OUTCOME)
#: What we would like to know and the customer need not tell; it says how to get no more of it.
NOT_OWED = (MessageKind.SURVEY, MessageKind.SURVEY_REMINDER)


def addressee(complaint: Complaint) -> Customer:
    customer = complaint.customer
    if customer is None or not (customer.email or customer.address):
        raise NoAddress
    return customer


def put_in_the_post(
    message: Message, customer: Customer, *, now: datetime, sheet: Attachment | None = None
) -> OutgoingMail:
    # A name typed into a public form is not repeated to whoever's address was typed beside it.
    unproven = message.kind == MessageKind.ACKNOWLEDGEMENT and message.automatic
    answers, the_firm = reply_address(message.complaint_id), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return mailroom.post(
        to=customer.email,
        to_name="" if unproven else customer.name,
        subject=message.subject,
        body=links.put_in(message.body, message.kind, message.complaint),
        kind=message.kind,
        dedupe_key=message.key or "",
        automatic=message.automatic,
        repeatable=message.kind not in NEVER_TWICE,
        reply_to=answers,
        unsubscribe=(answers or the_firm) if message.kind in NOT_OWED else "",
        references=thread_of(message.complaint_id),
        attachments=[sheet] if sheet else [],
        due_at=cooling.leaves_at(message, now=now),
        now=now,
    )
