"""Telling the people of a queue that something waits. Of the customer a notice says nothing but the reference."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from complaints.mailroom import actions as mailroom
from complaints.mailroom.models import OutgoingMail
from escalations.actions import steps
from escalations.models import Escalation, Substitution

KIND = "escalation_notice"


@transaction.atomic
def tell_queue(escalation: Escalation, *, now: datetime) -> list[OutgoingMail]:
    """Write to everybody who could take this question. Once: a second call writes nothing more."""
    told = Escalation.objects.unanswered().filter(pk=escalation.pk, told_at__isnull=True).update(told_at=now)
    if not told:
        return []
    escalation.refresh_from_db()
    return [_write_to(person, escalation, now=now) for person in people_to_tell(escalation, now=now)]


def people_to_tell(escalation: Escalation, *, now: datetime) -> list[User]:
    """Those who work the queue or stand in there, may see the complaint, have an address, and did not ask it."""
    group = escalation.queue.group_id
    standing_in = Substitution.objects.standing(now).filter(principal__groups=group).values("substitute")
    people = User.objects.filter(Q(groups=group) | Q(pk__in=standing_in), is_active=True).exclude(email="")
    return [
        person
        for person in people.distinct().order_by("pk")
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
