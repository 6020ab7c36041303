"""Letters that belong to a date: read like every other before they go, and only where one goes."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from complaints.resolution import actions
from complaints.resolution.models import Complaint, Dispute, EntryKind, MessageKind, Promise
from tests.complaints.desk.pages import LATELY, at_stage, do, filled
from tests.factories import handler_user

pytestmark = pytest.mark.django_db
UNTIL = timezone.localdate() + timedelta(days=60)
FINE = "Thank you for waiting. The courier does not answer, so it takes longer than we said."
CARD = f"{FINE} It was card 4111 1111 1111 1111."


@pytest.fixture
def person(client: Client) -> User:
    person = handler_user()
    client.force_login(person)
    return person


@pytest.fixture
def complaint(person: User) -> Complaint:
    return at_stage("investigating", by=person)


def move(client: Client, complaint: Complaint, body: str, **more: Any) -> Any:
    address = do(complaint, "move-date")
    typed = {"clock": "resolve", "until": UNTIL.isoformat(), "reason": "The courier does not answer."}
    return client.post(address, filled(client, address, **{**typed, "body": body, **more}))


def was_moved(complaint: Complaint) -> bool:
    return complaint.deadlines.running().get(clock="resolve").was_moved


def told(complaint: Complaint) -> list[str]:
    return list(complaint.messages.filter(kind=MessageKind.UPDATE).values_list("body", flat=True))


def test_what_must_not_leave_is_shown_and_the_date_stays(client: Client, complaint: Complaint) -> None:
    answer = move(client, complaint, CARD)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<q>4111 1111 1111 1111</q>" in page
    assert "Send it all the same, because" in page
    assert CARD in page
    assert not was_moved(complaint)
    assert told(complaint) == []


def test_with_a_reason_the_letter_goes_and_the_ledger_says_so(client: Client, complaint: Complaint) -> None:
    assert move(client, complaint, CARD, despite="The number of a test card.").status_code == 303
    assert was_moved(complaint)
    facts = complaint.entries.filter(kind=EntryKind.MESSAGE_OUT).latest("pk").facts
    assert facts["despite"] == "The number of a test card."


def test_checking_moves_nothing_be_there_a_letter_or_not(client: Client, complaint: Complaint) -> None:
    assert "Nothing stands against" in move(client, complaint, FINE, check="1").content.decode()
    assert "No letter goes by this" in move(client, complaint, "", tell="later", check="1").content.decode()
    assert not was_moved(complaint)


def test_what_is_told_later_is_not_read_now(client: Client, complaint: Complaint) -> None:
    assert move(client, complaint, CARD, subject_line="", tell="later").status_code == 303
    assert was_moved(complaint)
    assert complaint.deadlines.running().filter(clock="tell").exists()
    assert told(complaint) == []


def test_a_letter_that_is_to_go_now_is_written(client: Client, complaint: Complaint) -> None:
    answer = move(client, complaint, " ")
    assert answer.status_code == 422
    assert "Write the letter to the customer." in answer.content.decode()
    assert not was_moved(complaint)


def test_the_new_date_is_a_clocks_and_no_promise_beside_it(client: Client, complaint: Complaint) -> None:
    said = f"{FINE} We will answer by {UNTIL:%-d %B %Y}. I will call you tomorrow."
    asked = move(client, complaint, said).context["form"]
    assert [row["said"] for row in asked.promises.initial] == ["I will call you tomorrow"]
    assert move(client, complaint, f"{FINE} We will answer by {UNTIL:%-d %B %Y}.").status_code == 303
    assert not Promise.objects.exists()


def test_what_the_rule_wants_said_is_put_in_by_a_tick_with_the_new_date(
    client: Client, complaint: Complaint, person: User
) -> None:
    Complaint.objects.filter(pk=complaint.pk).update(pack_code="uk_disp", pack_version=1)
    complaint.refresh_from_db()
    actions.change_rules(complaint, dispute=Dispute.NONE, reason="Another house.", by=person, now=LATELY)
    answer = move(client, complaint, FINE, clock="final_response")
    assert answer.status_code == 422
    assert "by when we expect to answer" in answer.content.decode()
    assert told(complaint) == []
    late = move(client, complaint, FINE, clock="final_response", put_in="on")
    assert late.status_code == 303, late.context["form"].errors
    notice = complaint.messages.get(kind=MessageKind.DELAY_NOTICE)
    assert f"We expect to answer by {date_format(UNTIL, 'l j F Y')}." in notice.body
    assert "Ombudsman" in notice.body
    assert notice.template.startswith("update en-GB")


@pytest.fixture
def second_stage(person: User) -> Complaint:
    complaint = at_stage("answered", by=person)
    Complaint.objects.filter(pk=complaint.pk).update(pack_code="uk_council", pack_version=1)
    complaint.refresh_from_db()
    actions.request_stage(complaint, words="Please look again.", by=person, now=timezone.now())
    return Complaint.objects.get(pk=complaint.pk)


def test_the_next_stage_is_acknowledged_by_a_letter_with_its_dates(
    client: Client, second_stage: Complaint
) -> None:
    address = do(second_stage, "stage-thanks")
    typed = filled(client, address)
    last = second_stage.deadlines.running().latest("due_at")
    assert date_format(timezone.localtime(last.due_at), "l j F Y") in typed["body"]
    stopped = client.post(address, {**typed, "body": f"{typed['body']}\nCard 4111 1111 1111 1111."})
    assert stopped.status_code == 422
    assert "Stops it" in stopped.content.decode()
    assert client.post(address, typed).status_code == 303
    letter = second_stage.messages.filter(kind=MessageKind.ACKNOWLEDGEMENT).latest("pk")
    assert letter.mail is not None
    assert second_stage.entries.filter(kind=EntryKind.STAGE, facts__message=letter.pk).exists()


def test_what_was_spoken_about_the_next_stage_is_written_down(
    client: Client, second_stage: Complaint
) -> None:
    address = do(second_stage, "stage-thanks")
    answer = client.post(address, filled(client, address, tell="spoken"))
    assert answer.status_code == 422
    assert "Write down what you told the customer." in answer.content.decode()
    spoken = filled(client, address, tell="spoken", spoken="Told her who, and by when.")
    assert client.post(address, spoken).status_code == 303
    assert second_stage.messages.filter(body="Told her who, and by when.", mail=None).exists()
