"""Telling the people of a queue that something waits. Of the customer a notice says nothing but the reference."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Min, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse

from complaints.mailroom import actions as mailroom
from complaints.mailroom.models import OutgoingMail
from escalations.actions import steps
from escalations.models import Escalation, Queue, Substitution

KIND = "escalation_notice"
#: So many at most go into one letter.
MANY = 5000


@transaction.atomic
def tell_queue(escalation: Escalation, *, now: datetime) -> list[OutgoingMail]:
    """Write to everybody who could take this question. Once: a second call writes nothing more."""
    told = Escalation.objects.unanswered().filter(pk=escalation.pk, told_at__isnull=True).update(told_at=now)
    if not told:
        return []
    escalation.refresh_from_db()
    return [_write_to(person, escalation, now=now) for person in people_to_tell(escalation, now=now)]


@transaction.atomic
def tell_of_many(queue: Queue, *, now: datetime) -> int:
    """One letter to each of its people about all that came into the queue since the last. Returns how much it was."""
    untold = Escalation.objects.unanswered().filter(queue=queue, told_at__isnull=True).order_by("pk")
    found = list(untold.select_for_update(skip_locked=True, of=("self",)).only("pk")[:MANY])
    Escalation.objects.filter(pk__in=[one.pk for one in found]).update(told_at=now)
    for person in hands_of(queue, now=now):
        theirs = Escalation.objects.claimable_by(person, now=now).filter(pk__in=[one.pk for one in found])
        seen = theirs.aggregate(number=Count("pk"), first_due=Min("due_at"))
        if seen["number"]:
            _write_of_many(person, queue, found[-1].pk, now=now, **seen)
    return len(found)


def hands_of(queue: Queue, *, now: datetime) -> QuerySet[User]:
    """Those who work the queue or stand in there, and have an address."""
    standing_in = Substitution.objects.standing(now).filter(principal__groups=queue.group_id)
    hands = Q(groups=queue.group_id) | Q(pk__in=standing_in.values("substitute"))
    return User.objects.filter(hands, is_active=True).exclude(email="").distinct().order_by("pk")


def people_to_tell(escalation: Escalation, *, now: datetime) -> list[User]:
    """Of its queue those who may see the complaint and did not ask the question."""
    return [
        person
        for person in hands_of(escalation.queue, now=now)
        if Escalation.objects.claimable_by(person, now=now).filter(pk=escalation.pk).exists()
    ]


def _write_to(person: User, escalation: Escalation, *, now: datetime) -> OutgoingMail:
    reference, reason = escalation.complaint.reference, escalation.get_reason_display()
    body = render_to_string(
        "escalations/notice.txt",
        {
            "person": person.get_short_name() or person.get_username(),
            "escalation": escalation,
            "reference": reference,
            "address": settings.SITE_URL
            + reverse("admin:escalations_escalation_change", args=[escalation.pk]),
            "firm": steps.firm(),
        },
    )
    return mailroom.post(
        to=person.email,
        to_name=person.get_full_name(),
        subject=f"{reference}: {reason}, {escalation.queue}",
        body=body,
        kind=KIND,
        dedupe_key=f"escalation:{escalation.pk}:{escalation.level}:{person.pk}",
        now=now,
    )


def _write_of_many(
    person: User, queue: Queue, last: int, *, number: int, first_due: datetime, now: datetime
) -> OutgoingMail:
    body = render_to_string(
        "escalations/notice_of_many.txt",
        {
            "person": person.get_short_name() or person.get_username(),
            "queue": queue,
            "number": number,
            "first_due": first_due,
            "address": settings.SITE_URL + reverse("admin:escalations_escalation_changelist"),
            "firm": steps.firm(),
        },
    )
    return mailroom.post(
        to=person.email,
        to_name=person.get_full_name(),
        subject=f"{number} questions wait in {queue}",
        body=body,
        kind=KIND,
        dedupe_key=f"escalations:{queue.pk}:{last}:{person.pk}",
        now=now,
    )
