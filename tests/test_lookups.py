"""What every mail, every page and every import asks is asked of an index, on both engines."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q, QuerySet

from complaints.mailroom.models import OutgoingMail
from complaints.resolution.models import Complaint, Customer, Message

pytestmark = pytest.mark.django_db
ASKED: dict[str, tuple[Callable[[], QuerySet[Any]], str]] = {
    "who writes": (lambda: Customer.objects.filter(email="ann@example.com"), "customer_"),
    "who calls": (lambda: Customer.objects.filter(phone="0800"), "customer_by_phone"),
    "what they have with us": (
        lambda: Complaint.objects.filter(customer__email="ann@example.com", imported=False),
        "customer_",
    ),
    "what a mail answers": (
        lambda: Message.objects.filter(Q(mail__in=[1, 2]) | Q(received_as__in=[3])),
        "mail_id",
    ),
    "what was imported before": (
        lambda: Complaint.objects.filter(external_source__in=["crm"], external_id__in=["1", "2"]),
        "complaint_",
    ),
    "letters somebody must see to": (OutgoingMail.objects.needing_attention, "mailroom_attention"),
}


@pytest.mark.parametrize("asked", ASKED)
def test_is_looked_up_in_an_index(asked: str) -> None:
    rows, index = ASKED[asked]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")  # the tables are empty
    plan = rows().order_by().explain()
    assert index in plan
    assert not [
        step for step in plan.splitlines() if ("SCAN" in step and "INDEX" not in step) or "Seq Scan" in step
    ]
