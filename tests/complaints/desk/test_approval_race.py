"""Many presses of “Approve” through the pages: one winner an offer, and no error page for anybody.

REDRESS_PRESSES=1000 makes it a thousand; the verbs themselves are pressed that often in every run.
"""

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.resolution.models import Entry, Move, Offer, OfferState
from escalations.models import Escalation
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
AT_ONCE = 8
OFFERS = 10
TURNS = int(os.environ.get("REDRESS_PRESSES", "100")) // OFFERS


def test_sec_61_approvals_through_the_pages_have_one_winner_an_offer_and_no_error_page() -> None:
    call_command("setup_roles", verbosity=0)
    call_command("setup_queues", verbosity=0)
    now = timezone.now() - timedelta(hours=6)
    handler = factories.handler_user()
    supervisors = [factories.supervisor_user() for _ in range(AT_ONCE)]
    for _ in range(OFFERS):
        factories.referred(by=handler, amount=500, now=now)
    presses = [
        (reverse("admin:escalations_escalation_do", args=[asked.pk, "approve"]), asked.offer.seal)
        for asked in Escalation.objects.select_related("offer")
        if asked.offer is not None
    ]
    assert len(presses) == OFFERS
    start = Barrier(AT_ONCE)

    def press(number: int) -> Counter[int]:
        client = Client(raise_request_exception=False)
        client.force_login(supervisors[number])
        try:
            start.wait(timeout=60)
            return Counter(
                client.post(address, {"seal": seal}).status_code
                for turn in range(number, TURNS, AT_ONCE)
                for address, seal in presses
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as people:
        answers = sum(people.map(press, range(AT_ONCE)), Counter[int]())

    assert answers.total() == OFFERS * TURNS
    assert {status for status in answers if status >= 500} == set()
    assert answers[303] == OFFERS, answers
    assert set(answers) <= {303, 403, 409}
    assert Offer.objects.filter(state=OfferState.APPROVED).count() == OFFERS
    assert Entry.objects.filter(move=Move.APPROVE).count() == OFFERS
