"""A letter is read before it goes: what stops it is shown with every word kept, what it promises is confirmed."""

from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from complaints.resolution import links
from complaints.resolution.links import Purpose
from complaints.resolution.models import Complaint, ContactChannel, Customer, Message, MessageKind, Promise
from tests.complaints.desk.pages import IN_A_WEEK, at_stage, do, filled, page_of
from tests.factories import handler_user

pytestmark = pytest.mark.django_db
FINE = "Thank you for waiting. The shop has sent us the till roll of that day, and it shows both payments."
CARD = f"{FINE} They were made with card 4111 1111 1111 1111."
PROMISE = f"{FINE} We will send you a copy by {IN_A_WEEK:%-d %B %Y}."


@pytest.fixture
def case(client: Client) -> tuple[Complaint, str]:
    person = handler_user()
    client.force_login(person)
    complaint = at_stage("investigating", by=person)
    return complaint, do(complaint, "update")


def send(client: Client, address: str, body: str, **more: Any) -> Any:
    return client.post(address, filled(client, address, body=body, **more))


def letters(complaint: Complaint) -> list[Message]:
    return list(complaint.messages.filter(kind=MessageKind.UPDATE))


def test_a_letter_nothing_stands_against_goes_at_once(client: Client, case: tuple[Complaint, str]) -> None:
    complaint, address = case
    assert send(client, address, FINE).status_code == 303
    assert len(letters(complaint)) == 1


def test_what_must_not_leave_is_shown_with_its_words_and_everything_typed_kept(
    client: Client, case: tuple[Complaint, str]
) -> None:
    complaint, address = case
    answer = send(client, address, CARD)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<q>4111 1111 1111 1111</q>" in page
    assert "the card ending in 1111" in page
    assert "Send it all the same, because" in page
    assert CARD in page
    assert letters(complaint) == []


def test_a_reason_sends_it_and_is_kept(client: Client, case: tuple[Complaint, str]) -> None:
    complaint, address = case
    assert send(client, address, CARD, despite="The number of a test card.").status_code == 303
    assert [letter.despite for letter in letters(complaint)] == ["The number of a test card."]


def test_the_story_tells_staff_what_was_sent_although_it_was_stopped(
    client: Client, case: tuple[Complaint, str]
) -> None:
    complaint, address = case
    send(client, address, FINE)
    assert "Sent although" not in client.get(page_of(complaint)).content.decode()
    send(client, address, CARD, despite="The number of a <b>test</b> card.")
    story = client.get(page_of(complaint)).content.decode()
    assert "Sent although <q>4111 1111 1111 1111</q>: This is a card number." in story
    assert "The writer’s reason: The number of a &lt;b&gt;test&lt;/b&gt; card." in story
    seen_by_the_customer = client.get(links.url(Purpose.STATUS, complaint)).content.decode()
    assert "Sent although" not in seen_by_the_customer
    assert "card number" not in seen_by_the_customer


def test_checking_shows_advice_and_sends_nothing(client: Client, case: tuple[Complaint, str]) -> None:
    complaint, address = case
    answer = send(client, address, f"{FINE} Pursuant to it we asked.", check="1")
    assert answer.status_code == 422
    assert "<q>Pursuant to</q>" in answer.content.decode()
    assert letters(complaint) == []


def test_checking_a_good_letter_says_that_it_is_good(client: Client, case: tuple[Complaint, str]) -> None:
    assert "Nothing stands against this letter" in send(client, case[1], FINE, check="1").content.decode()


def test_advice_alone_stops_nothing(client: Client, case: tuple[Complaint, str]) -> None:
    complaint, address = case
    assert send(client, address, f"{FINE} Pursuant to it we asked.").status_code == 303
    assert [one["rule"] for one in letters(complaint)[0].findings] == ["jargon"]


def confirmed(**more: Any) -> dict[str, Any]:
    said = f"We will send you a copy by {IN_A_WEEK:%-d %B %Y}"
    row = {"said": said, "text": said, "due_on": IN_A_WEEK.isoformat(), "keep": "on", **more}
    rows = {f"promises-0-{name}": value for name, value in row.items() if value}
    return {"promises-TOTAL_FORMS": "1", "promises-INITIAL_FORMS": "1", **rows}


def test_a_promise_is_shown_once_and_confirmed_by_sending_again(
    client: Client, case: tuple[Complaint, str]
) -> None:
    complaint, address = case
    answer = send(client, address, PROMISE)
    assert answer.status_code == 422
    assert answer.context["form"].promises.initial[0]["due_on"] == IN_A_WEEK
    assert letters(complaint) == []
    assert send(client, address, PROMISE, **confirmed()).status_code == 303
    promise = Promise.objects.get()
    assert promise.due_at.date() == IN_A_WEEK
    assert promise.message == letters(complaint)[0]


def test_a_promise_is_edited_or_waved_away(client: Client, case: tuple[Complaint, str]) -> None:
    _, address = case
    assert send(client, address, PROMISE, **confirmed(text="Copy of the till roll")).status_code == 303
    assert Promise.objects.get().text == "Copy of the till roll"
    assert send(client, address, PROMISE, **confirmed(keep="")).status_code == 303
    assert Promise.objects.count() == 1


def test_a_promise_to_be_watched_needs_its_day(client: Client, case: tuple[Complaint, str]) -> None:
    answer = send(client, case[1], PROMISE, **confirmed(due_on=""))
    assert answer.status_code == 422
    assert "Say by which day." in answer.content.decode()
    assert not Promise.objects.exists()


def test_another_promise_written_meanwhile_is_asked_about_too(
    client: Client, case: tuple[Complaint, str]
) -> None:
    answer = send(client, case[1], f"{PROMISE} I will call you tomorrow.", **confirmed())
    assert answer.status_code == 422
    assert len(answer.context["form"].promises.initial) == 2


def test_whoever_writes_on_paper_is_told_where_to_print_it(
    client: Client, case: tuple[Complaint, str]
) -> None:
    _, address = case
    Customer.objects.update(preferred_channel=ContactChannel.LETTER)
    story = client.post(address, filled(client, address, body=FINE), follow=True).content.decode()
    assert "The letter is on its way. It goes on paper: print it from “To print”." in story


def test_a_heated_letter_says_that_it_is_held_and_the_story_says_until_when(
    client: Client, case: tuple[Complaint, str], settings: Settings
) -> None:
    settings.MAIL_COOLING_MINUTES = 15
    _, address = case
    heated = f"{FINE} You failed to keep the receipt."
    assert "lies here for 15 minutes" in send(client, address, heated, check="1").content.decode()
    assert "lies here" not in send(client, address, FINE, check="1").content.decode()
    story = client.post(address, filled(client, address, body=heated), follow=True).content.decode()
    assert "The letter is on its way. It sounds heated, so it lies here for 15 minutes first" in story
    assert "cools off, leaves" in story
    assert "Take back" in story
