"""One registration, one complaint. Stands in until intake's own verb does this."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import transaction

from complaints.resolution import actions
from complaints.resolution.models import Channel, Complaint, Customer, Priority

DAY = 24 * 60 * 60


@transaction.atomic
def lodge(submission: dict[str, Any], *, by: User, now: datetime) -> Complaint:
    customer: Customer = submission["customer"] or actions.find_or_make_customer(
        name=submission["name"],
        email=submission["email"],
        phone=submission["phone"],
        address=submission["address"],
        postcode=submission["postcode"],
        preferred_channel=submission["preferred_channel"],
        access_needs=submission["access_needs"],
        vulnerable=submission["vulnerable"],
        now=now,
    )
    key = f"registered:{submission['token']}"
    if known := Complaint.objects.filter(pk=cache.get(key)).first():
        return known
    complaint = actions.open_complaint(
        customer=customer,
        title=submission["title"],
        words=submission["words"],
        channel=Channel(submission["channel"]),
        received_at=submission["received_at"],
        category=submission["category"],
        company=submission["company"],
        desired_outcome=submission["desired_outcome"],
        restatement=submission["restatement"],
        points=submission["points"],
        priority=Priority(submission["priority"]),
        media_risk=submission["media_risk"],
        about=submission["about"],
        by=by,
        now=now,
    )
    cache.set(key, complaint.pk, DAY)
    return complaint
