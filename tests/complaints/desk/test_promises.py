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
from complaints.resolution.models import Complaint, Direction, EntryKind, MessageKind, Promise, State
from tests.complaints.desk.pages import LATELY, at_stage, do, page_of
from tests.factories import handler_user, responded

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


def owing(person: User, *texts: str) -> tuple[Complaint, list[Promise]]:
    """Answered, documented and followed up; and these are still owed."""
    complaint = responded(by=person, now=LATELY)
    actions.document(complaint, problem="P", cause="C", solution="S", by=person, now=LATELY)
    actions.record_follow_up(complaint, satisfied=True, text="", by=person, now=LATELY)
    letter = complaint.messages.filter(direction=Direction.OUT)[0]
    facts = {"complaint": complaint, "message": letter, "owner": person, "due_at": LATELY, "made_at": LATELY}
    return complaint, [Promise.objects.create(**facts, text=text) for text in texts]


def test_what_was_promised_is_asked_about_before_the_complaint_is_closed(client: Client) -> None:
    person = handler_user()
    complaint, (rung, roll) = owing(person, "Ring her", "Send the roll")
    client.force_login(person)
    address = do(complaint, "close")
    assert "“Ring her”" in client.get(address).content.decode()
    undone = {f"end_{rung.pk}": "kept", f"end_{roll.pk}": "dropped", f"why_{rung.pk}": "On Monday"}
    for typed, says in (({}, "keeps the complaint open"), (undone, "Say why this need not be done")):
        answer = client.post(address, typed)
        assert answer.status_code == 422
        assert says in answer.content.decode()
    assert client.post(address, undone | {f"why_{roll.pk}": "She found it"}).status_code == 303
    assert Complaint.objects.get(pk=complaint.pk).state == State.CLOSED
    said = complaint.entries.filter(kind=EntryKind.PROMISE).order_by("pk").values_list("text", flat=True)
    assert list(said) == ["Kept: Ring her (On Monday)", "Let go: Send the roll (She found it)"]


def test_a_closing_that_is_refused_ends_no_promise(client: Client) -> None:
    person = handler_user()
    complaint, (rung,) = owing(person, "Ring her")
    Complaint.objects.filter(pk=complaint.pk).update(cause="")
    client.force_login(person)
    address = do(complaint, "close")
    assert client.post(address, {f"end_{rung.pk}": "kept"}).status_code == 409
    assert Promise.objects.get().is_open
