"""A complaint arrives, through the form or told to one of us."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from complaints.intake.exceptions import FromTheFuture, NothingSaid, NoWayToReach
from complaints.intake.models import Submission
from complaints.mailroom.models import IncomingMail
from complaints.resolution import actions
from complaints.resolution.actions import Opening, Person
from complaints.resolution.actors import Actor
from complaints.resolution.exceptions import NotPermitted
from complaints.resolution.models import Category, Channel, Complaint, Customer, Priority
from complaints.resolution.permission import WORK

#: So long the same words again from the same person are the same complaint.
LATELY, MOST = timedelta(days=1), 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What was told, by whom and how. `customer` is somebody we know already; otherwise who it is stands below."""

    token: str
    title: str
    words: str
    channel: Channel
    received_at: datetime
    customer: Customer | None = None
    name: str = ""
    email: str = ""
    phone: str = ""
    details: dict[str, Any] = field(default_factory=dict)
    points: Sequence[str] = ()
    desired_outcome: str = ""
    restatement: str = ""
    restatement_confirmed: bool = False
    category: Category | None = None
    company: str = ""
    priority: Priority = Priority.NORMAL
    media_risk: bool = False
    about: Sequence[User] = ()
    follows: Complaint | None = None
    mail: IncomingMail | None = None

    @property
    def teller(self) -> Person:
        return Person(self.name, self.email, self.phone, self.details)


def lodge(telling: Telling, *, now: datetime) -> Complaint:
    """Take in what a customer sent through the form. The same token again gives the same complaint.

    But who goes back, writes something else and sends that, has not clicked twice: browsers keep the token with the
    words. It is another complaint, under a token of its own that is found again in the same way.
    """
    before = Submission.objects.filter(token=telling.token).first()
    if before is not None and _says_otherwise(telling, before):
        said = hashlib.sha256(f"{telling.title}\n{telling.words}".encode()).hexdigest()
        telling = replace(telling, token=f"{telling.token[:31]}:{said[:32]}")
    return _sent_lately(telling, now=now) or _take_in(telling, taken_by=None, now=now)


def _sent_lately(telling: Telling, *, now: datetime) -> Complaint | None:
    """The open complaint the same person sent in the same words a moment ago. Who goes back and sends once more may
    find the words as they were and the token drawn anew: so does Chromium.
    """
    email, phone = telling.email.strip().lower(), telling.phone.strip()
    if not (email or phone):
        return None
    who = {"complaint__customer__email": email} if email else {"complaint__customer__phone": phone}
    lately = Submission.objects.filter(**who, complaint__received_at__gte=now - LATELY, channel=Channel.WEB)
    same = lately.filter(words=telling.words, complaint__title=telling.title).select_related("complaint")
    return next((one.complaint for one in same[:MOST] if one.complaint.is_open), None)


def _says_otherwise(telling: Telling, before: Submission) -> bool:
    return (telling.title, telling.words) != (before.payload.get("title"), before.words)


def register(telling: Telling, *, by: User, now: datetime) -> Complaint:
    """Take down what a customer told one of us by telephone, letter or in person (D8)."""
    if not by.has_perm(WORK):
        raise NotPermitted
    return _take_in(telling, taken_by=by, now=now)


def _take_in(telling: Telling, *, taken_by: User | None, now: datetime) -> Complaint:
    _require_sense(telling, now)
    if known := _opened_by(telling.token):
        return known
    try:
        with transaction.atomic():
            return _open(telling, taken_by=taken_by, now=now)
    except IntegrityError:
        # The other half of a double click was faster.
        if known := _opened_by(telling.token):
            return known
        raise


def _opened_by(token: str) -> Complaint | None:
    submission = _opened_by_any([token]).first()
    return submission.complaint if submission else None


def _opened_by_any(tokens: Sequence[str]) -> QuerySet[Submission]:
    return Submission.objects.filter(token__in=tokens).select_related("complaint")


def _require_sense(telling: Telling, now: datetime) -> None:
    details = telling.details
    if telling.customer is None and not (telling.email or telling.phone or details.get("address")):
        raise NoWayToReach
    if not telling.words.strip() and telling.mail is None:
        raise NothingSaid
    if telling.received_at > now:
        raise FromTheFuture


def _open(telling: Telling, *, taken_by: User | None, now: datetime) -> Complaint:
    customer = telling.customer or actions.find_or_make_customer(telling.teller, now=now)
    opening = _opening(telling, customer, by=taken_by or customer, now=now)
    complaint = actions.open_complaint(opening, now=now)
    _submission(complaint, telling, taken_by=taken_by).save()
    return complaint


@transaction.atomic
def take_in_mails(tellings: Sequence[Telling], *, now: datetime) -> list[Complaint]:
    """Open a complaint by each of these mails. Who wrote it is the sender; one that is a picture has no words.

    All of them or, where one cannot be opened, none. The same token again gives the same complaint.
    """
    for telling in tellings:
        _require_sense(telling, now)
    known = {one.token: one.complaint for one in _opened_by_any([telling.token for telling in tellings])}
    fresh = [telling for telling in tellings if telling.token not in known]
    customers = actions.find_or_make_customers([telling.teller for telling in fresh], now=now)
    theirs = [customers[telling.teller.address] for telling in fresh]
    openings = [
        _opening(telling, customer, by=customer, now=now)
        for telling, customer in zip(fresh, theirs, strict=True)
    ]
    opened = list(zip(actions.open_complaints(openings, now=now), fresh, strict=True))
    Submission.objects.bulk_create(_submission(complaint, telling) for complaint, telling in opened)
    known |= {telling.token: complaint for complaint, telling in opened}
    return [known[telling.token] for telling in tellings]


def _opening(telling: Telling, customer: Customer, *, by: Actor, now: datetime) -> Opening:
    return Opening(
        customer=customer,
        title=telling.title,
        words=telling.words,
        channel=telling.channel,
        received_at=telling.received_at,
        category=telling.category,
        company=telling.company,
        desired_outcome=telling.desired_outcome,
        restatement=telling.restatement,
        restatement_confirmed_at=now if telling.restatement_confirmed else None,
        points=telling.points,
        priority=telling.priority,
        media_risk=telling.media_risk,
        about=telling.about,
        follows=telling.follows,
        mail=telling.mail,
        by=by,
    )


def _submission(complaint: Complaint, telling: Telling, *, taken_by: User | None = None) -> Submission:
    """Not yet written."""
    return Submission(
        complaint=complaint,
        channel=telling.channel,
        token=telling.token,
        words=telling.words,
        payload=_as_received(telling),
        received_at=telling.received_at,
        taken_by=taken_by,
    )


def _as_received(telling: Telling) -> dict[str, Any]:
    """Everything that was told, in a form that keeps; who is complained about stays out of it."""
    told = {
        "name": telling.name,
        "email": telling.email,
        "phone": telling.phone,
        "title": telling.title,
        "points": list(telling.points),
        "desired_outcome": telling.desired_outcome,
        "category": str(telling.category or ""),
        "company": telling.company,
        **{key: str(value) for key, value in telling.details.items()},
    }
    return {key: value for key, value in told.items() if value}
