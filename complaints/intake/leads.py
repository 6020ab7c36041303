"""What our tables know of the names that mails carry: ids of letters, reply addresses, references, senders."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from complaints.intake.joining import Lead
from complaints.intake.models import How
from complaints.mailroom.arrivals import address_of
from complaints.mailroom.models import IncomingMail, OutgoingMail
from complaints.mailroom.reading import ReadMail
from complaints.mailroom.reply_addresses import read_reply_address
from complaints.resolution import reference, timing
from complaints.resolution.models import Complaint, Customer, Message, State

REFERENCE = re.compile(r"\bC\d\d-\d{6}-[A-Z]\b", re.ASCII)
#: Ids and references beyond these are not looked up: nobody answers more letters at once.
MOST_IDS, MOST_NAMED, MOST_OF_SENDER = 50, 5, 5
READ_FOR_REFERENCES = 5000


@dataclass(frozen=True, slots=True)
class Names:
    """What a mail says of where it belongs. `reply_keys` are the complaints of reply addresses that we signed."""

    sender: str
    message_ids: tuple[str, ...]
    reply_keys: tuple[int, ...]
    references: tuple[str, ...]


def names_in(read: ReadMail) -> Names:
    addresses = (*read.delivered_to, *read.to, *read.cc)[:MOST_IDS]
    keys = (read_reply_address(one.address) for one in addresses)
    words = f"{read.subject}\n{read.new_text[:READ_FOR_REFERENCES]}"
    written = dict.fromkeys(filter(None, map(reference.understand, REFERENCE.findall(words))))
    return Names(
        sender=address_of(read),
        message_ids=(*read.in_reply_to, *read.references[-MOST_IDS:]),
        reply_keys=tuple({key for key in keys if key is not None}),
        references=tuple(written)[:MOST_NAMED],
    )


def leads_of(named: Sequence[Names], now: datetime) -> list[tuple[Lead, ...]]:
    """For each of these mails the complaints it may belong to, each once, for the strongest reason there is."""
    known = list(_known(named))
    keys = {key for found in known for _, some in found for key in some}
    complaints = Complaint.objects.select_related("customer").in_bulk(keys) if keys else {}
    return [
        tuple(_leads(names.sender, found, complaints, now)) for names, found in zip(named, known, strict=True)
    ]


Found = Sequence[tuple[How, Collection[int]]]


def _known(named: Sequence[Names]) -> Iterator[Found]:
    """The strongest first."""
    by_id = _by_message_id({name for names in named for name in names.message_ids})
    by_reference = _by_reference({name for names in named for name in names.references})
    by_sender = _by_sender({names.sender for names in named})
    for names in named:
        yield (
            (How.THREAD, _first({key for name in names.message_ids for key in by_id.get(name, ())})),
            (How.ADDRESS, _first(names.reply_keys)),
            (How.REFERENCE, [by_reference[name] for name in names.references if name in by_reference]),
            (How.SENDER, by_sender.get(names.sender, ())),
        )


def _first(keys: Iterable[int]) -> list[int]:
    return sorted(keys)[: MOST_NAMED * 2]


def _leads(sender: str, found: Found, complaints: Mapping[int, Complaint], now: datetime) -> Iterator[Lead]:
    seen: set[int] = set()
    for how, keys in found:
        for complaint in map(carrier_of, (complaints[key] for key in keys if key in complaints)):
            if complaint.pk not in seen:
                seen.add(complaint.pk)
                customer = complaint.customer
                theirs = bool(sender) and customer is not None and customer.email == sender
                yield Lead(complaint.pk, complaint.reference, how, theirs, _is_past(complaint, now))


def _by_message_id(names: Collection[str]) -> Mapping[str, set[int]]:
    """Complaints by the Message-IDs of our letters, or of the customers' own mails in the file.

    Asked table by table: joined by "or" they would be read from end to end.
    """
    if not names:
        return {}
    sent = OutgoingMail.objects.filter(message_id__in=[f"<{name}>" for name in names])
    ours = {key: name[1:-1] for key, name in sent.values_list("pk", "message_id")}
    theirs = dict(IncomingMail.objects.filter(message_id__in=names).values_list("pk", "message_id"))
    found: dict[str, set[int]] = defaultdict(set)
    if ours or theirs:
        in_file = Message.objects.filter(Q(mail__in=ours) | Q(received_as__in=theirs))
        for mail, received_as, complaint in in_file.values_list("mail", "received_as", "complaint"):
            found[ours.get(mail) or theirs[received_as]].add(complaint)
    return found


def _by_reference(names: Collection[str]) -> dict[str, int]:
    if not names:
        return {}
    return dict(Complaint.objects.filter(reference__in=names).values_list("reference", "pk"))


def _by_sender(senders: Collection[str]) -> dict[str, list[int]]:
    """What customers of ours have open with us or may still come back to, the newest first."""
    customers = Customer.objects.filter(email__in=set(senders) - {""})
    return {customer.email: _of(customer) for customer in customers}


def unfinished_of(customers: Collection[Customer]) -> QuerySet[Complaint]:
    unfinished = Q(is_open=True) | Q(state=State.ANSWERED)
    return Complaint.objects.filter(unfinished, customer__in=customers, imported=False)


def _of(customer: Customer) -> list[int]:
    return list(
        unfinished_of([customer])
        .order_by("-received_at", "-pk")
        .values_list("pk", flat=True)[:MOST_OF_SENDER]
    )


def carrier_of(complaint: Complaint) -> Complaint:
    seen: set[int] = set()
    while complaint.merged_into is not None and complaint.pk not in seen:
        seen.add(complaint.pk)
        complaint = complaint.merged_into
    return complaint


def _is_past(complaint: Complaint, now: datetime) -> bool:
    """Ended too long ago to be taken up again: what comes now is a new matter that follows the old one."""
    return complaint.state in (State.CLOSED, State.WITHDRAWN) and now > timing.may_reopen_until(complaint)
