"""The register of promises: what is due first, of complaints one may see; and the card on the complaint."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from complaints.resolution import actions
from complaints.resolution.letters import Letter, Undertaking
from complaints.resolution.models import Complaint, MessageKind
from tests.complaints.desk.pages import LATELY, at_stage, page_of
from tests.factories import handler_user

pytestmark = pytest.mark.django_db
PAGE = reverse("desk:promises")
NOW = timezone.now()


def promised(person: User, text: str, *, days: int = 2) -> Complaint:
    complaint = at_stage("investigating", by=person)
    words = Letter("News", "Thank you.", promises=(Undertaking(text, NOW + timedelta(days=days)),))
    actions.send_letter(complaint, kind=MessageKind.UPDATE, letter=words, by=person, now=LATELY)
    return complaint


def test_each_tab_shows_what_it_says(client: Client) -> None:
    person, colleague = handler_user(), handler_user()
    promised(person, "Send the till roll")
    promised(person, "Call about the key", days=-1)
    promised(colleague, "Mend the gate")
    client.force_login(person)
    mine, late, every = (
        client.get(f"{PAGE}?list={code}").content.decode() for code in ("mine", "late", "all")
    )
    assert mine.index("Call about the key") < mine.index("Send the till roll")
    assert "Mend the gate" not in mine
    assert "Call about the key" in late
    assert "Send the till roll" not in late
    assert "Mend the gate" in every


def test_promises_on_what_one_may_not_see_are_not_there(client: Client) -> None:
    person, colleague = handler_user(), handler_user()
    promised(colleague, "Mend the gate").about.add(person)
    client.force_login(person)
    assert "Mend the gate" not in client.get(f"{PAGE}?list=all").content.decode()


def test_the_list_costs_the_same_for_many_as_for_one(client: Client) -> None:
    person = handler_user()
    client.force_login(person)
    costs = []
    for _ in range(2):
        promised(person, "Send the till roll")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_the_complaint_shows_what_was_promised_and_how_to_end_it(client: Client) -> None:
    person = handler_user()
    complaint = promised(person, "Send the till roll")
    client.force_login(person)
    page = client.get(page_of(complaint)).content.decode()
    assert "Send the till roll" in page
    assert f"/do/keep-promise/{complaint.promises.get().pk}/" in page
