"""Staff begin a letter in the customer's language where there are words in it, and are told so."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from complaints.resolution.models import Complaint, Customer, MessageKind
from tests.complaints.desk.pages import LATELY, at_stage, do, filled
from tests.factories import find, handler_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client: Client) -> User:
    person = handler_user()
    client.force_login(person)
    return person


def in_language(language: str, person: User) -> Complaint:
    complaint = at_stage("investigating", by=person)
    Customer.objects.filter(complaints=complaint).update(language=language)
    complaint.refresh_from_db()
    find(complaint, by=person, now=LATELY)
    return complaint


def test_a_final_response_begins_and_goes_in_german_with_its_decision(client: Client, person: User) -> None:
    complaint = in_language("de-AT", person)
    address = do(complaint, "respond")
    assert "Deutsch, as the customer reads. Finish it in the same." in client.get(address).content.decode()
    typed = filled(client, address, outcome="partly_upheld")
    assert "unsere abschließende Antwort" in typed["subject_line"]
    assert client.post(address, typed).status_code == 303
    letter = complaint.messages.get(kind=MessageKind.FINAL_RESPONSE)
    assert "Wir geben Ihrer Beschwerde zum Teil statt" in letter.body
    assert letter.template.startswith("final_response de shipped ")


def test_where_there_are_no_words_in_it_the_writer_is_told(client: Client, person: User) -> None:
    page = client.get(do(in_language("fr", person), "update")).content.decode()
    assert "the customer reads “fr”; there are no words of ours in it, so this begins in English." in page


def test_in_the_language_of_the_house_nothing_is_said(client: Client, person: User) -> None:
    page = client.get(do(in_language("en-AU", person), "update")).content.decode()
    assert "<dt>Language</dt>" not in page
