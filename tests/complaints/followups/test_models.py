"""What the database forbids, whoever asks."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from complaints.followups.models import PlannedLetter, PlannedState
from complaints.resolution.models import MessageKind
from tests import factories
from tests.complaints.followups.post import the_letter
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_the_same_letter_is_not_planned_twice() -> None:
    complaint = factories.received()
    letter = the_letter(complaint, MessageKind.ACKNOWLEDGEMENT)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedLetter.objects.create(
            complaint=complaint, kind=letter.kind, stage=letter.stage, cycle=letter.cycle, due_at=NOW
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": PlannedState.SENT, "settled_at": NOW},
        {"state": PlannedState.CANCELLED, "settled_at": NOW},
        {"state": PlannedState.CANCELLED, "why_cancelled": "Moot."},
        {"settled_at": NOW},
        {"state": "lost"},
    ],
    ids=[
        "sent without a message",
        "cancelled without a reason",
        "never settled",
        "settled yet planned",
        "unknown",
    ],
)
def test_a_letter_is_what_it_says(wrong: dict[str, Any]) -> None:
    letter = the_letter(factories.received(), MessageKind.ACKNOWLEDGEMENT)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlannedLetter.objects.filter(pk=letter.pk).update(**wrong)


def test_looking_for_due_letters_reads_the_index_of_waiting_ones() -> None:
    plan = PlannedLetter.objects.due(NOW).order_by("due_at", "pk")[:200].explain()
    if connection.vendor == "sqlite":
        assert "planned_letter_due" in plan
