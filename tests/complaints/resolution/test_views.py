"""The customer's signed pages."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from complaints.resolution import actions, links
from complaints.resolution.links import Purpose
from complaints.resolution.models import (
    Complaint,
    Concern,
    Document,
    Entry,
    Message,
    MessageKind,
    Offer,
    OfferState,
    State,
)
from tests import factories
from tests.dumps import whole_database

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n" + b"0" * 64


@pytest.fixture(autouse=True)
def _media(settings: LazySettings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def offered() -> Complaint:
    return factories.offered(now=timezone.now() - timedelta(days=1))


def page(purpose: Purpose, complaint: Complaint, step: str = "") -> str:
    return links.path(purpose, links.token(purpose, complaint)) + step


def accept(client: Client, complaint: Complaint, **changes: str) -> object:
    data = {"reference": complaint.reference, "sure": "on", **changes}
    return client.post(page(Purpose.OFFER, complaint, "accept/"), data)


@pytest.mark.parametrize("purpose", [Purpose.STATUS, Purpose.ANSWER, Purpose.OFFER])
@pytest.mark.parametrize("stage", ["received", "waiting", "offered", "fulfilling", "closed"])
def test_every_page_answers_in_every_state(client: Client, stage: str, purpose: Purpose) -> None:
    complaint = getattr(factories, stage)()
    response = client.get(page(purpose, complaint))
    assert response.status_code == 200
    assert complaint.reference in response.content.decode()


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_sec_41_looking_changes_nothing_however_often(client: Client, method: str) -> None:
    complaint = offered()
    pages = [
        page(Purpose.STATUS, complaint),
        page(Purpose.STATUS, complaint, "withdraw/"),
        page(Purpose.ANSWER, complaint),
        page(Purpose.OFFER, complaint),
        page(Purpose.OFFER, complaint, "accept/"),
        page(Purpose.OFFER, complaint, "decline/"),
    ]
    before = whole_database()
    for address in pages:
        for _ in range(10):
            assert getattr(client, method)(address, headers={"purpose": "prefetch"}).status_code in (200, 302)
    assert whole_database() == before


def test_the_offer_page_says_what_is_offered_and_until_when(client: Client) -> None:
    complaint = offered()
    text = client.get(page(Purpose.OFFER, complaint)).content.decode()
    assert "Refund of £100.00" in text
    assert "Our payment system tried twice." in text
    assert "If we hear nothing, nothing is decided" in text
    assert "The gateway retried without a key." not in text


def test_accepting_takes_the_typed_reference_and_the_tick(client: Client) -> None:
    complaint = offered()
    for wrong in ({"reference": ""}, {"reference": "C26-000009-A"}, {"sure": ""}):
        response = accept(client, complaint, **wrong)
        assert response.status_code == 200  # type: ignore[attr-defined]
        assert "There is a problem" in response.content.decode()  # type: ignore[attr-defined]
    assert Offer.objects.get().state == OfferState.SENT

    response = accept(client, complaint, reference=complaint.reference.lower())
    assert response.status_code == 303  # type: ignore[attr-defined]
    assert Offer.objects.get().state == OfferState.ACCEPTED
    assert "You have accepted our offer" in client.get(page(Purpose.OFFER, complaint)).content.decode()


def test_sec_44_an_answered_offer_shows_what_was_recorded(client: Client) -> None:
    complaint = offered()
    accept(client, complaint)
    again = accept(Client(), complaint)
    declined = client.post(page(Purpose.OFFER, complaint, "decline/"), {"reason": "Changed my mind"})

    assert "What you accepted" in client.get(page(Purpose.OFFER, complaint)).content.decode()
    assert (again.status_code, declined.status_code) == (303, 303)  # type: ignore[attr-defined]
    assert Entry.objects.filter(move="accept").count() == 1
    assert not Entry.objects.filter(move="decline").exists()


def test_an_offer_that_ran_out_cannot_be_accepted_and_says_so(client: Client) -> None:
    complaint = factories.offered()
    text = client.get(page(Purpose.OFFER, complaint)).content.decode()
    assert "This offer has ended" in text
    assert "What we offered" in text
    accept(client, complaint)
    assert Offer.objects.get().state == OfferState.SENT


def test_declining_asks_why_keeps_what_was_typed_and_calls_a_manager(client: Client) -> None:
    complaint = offered()
    address = page(Purpose.OFFER, complaint, "decline/")
    assert "Please tell us what is not right" in client.post(address, {"reason": " "}).content.decode()

    client.post(address, {"reason": "Too little for two weeks.", "wants_manager": "on"})

    complaint.refresh_from_db()
    assert complaint.state == State.INVESTIGATING
    assert Offer.objects.get().decline_reason == "Too little for two weeks."
    assert complaint.entries.filter(concern=Concern.ASKED_FOR_MANAGER).exists()


def test_answering_our_question_with_a_document(client: Client) -> None:
    complaint = factories.waiting()
    question = complaint.questions.get()
    statement = SimpleUploadedFile("statement.pdf", PDF)
    client.post(
        page(Purpose.ANSWER, complaint), {f"answer_{question.pk}": "The blue one.", "documents": [statement]}
    )

    complaint.refresh_from_db()
    question.refresh_from_db()
    assert complaint.state == State.INVESTIGATING
    assert question.answer == "The blue one."
    assert Document.objects.get().name == "statement.pdf"


def test_sec_56_one_bad_file_refuses_the_whole_and_keeps_the_words(client: Client) -> None:
    complaint = factories.waiting()
    question = complaint.questions.get()
    files = [SimpleUploadedFile("good.pdf", PDF), SimpleUploadedFile("bad.exe", b"MZ\x90\x00" * 20)]
    response = client.post(
        page(Purpose.ANSWER, complaint), {f"answer_{question.pk}": "The blue one.", "documents": files}
    )
    text = response.content.decode()
    assert "bad.exe: We take PDF" in text
    assert "The blue one." in text
    assert not Document.objects.exists()
    assert Complaint.objects.get().state == State.WAITING


def test_an_empty_answer_is_refused(client: Client) -> None:
    complaint = factories.waiting()
    text = client.post(page(Purpose.ANSWER, complaint), {}).content.decode()
    assert "Please write your answer." in text


def test_a_message_is_kept_word_for_word_and_moves_nothing(client: Client) -> None:
    complaint = factories.investigating()
    words = "Any news?\n\n  <b>Please</b>"
    response = client.post(page(Purpose.STATUS, complaint), {"body": words, "wants_manager": "on"})

    assert response.status_code == 303
    assert Message.objects.get(kind=MessageKind.REPLY).body.replace("\r\n", "\n") == words
    complaint.refresh_from_db()
    assert complaint.state == State.INVESTIGATING
    assert "&lt;b&gt;Please&lt;/b&gt;" in client.get(page(Purpose.STATUS, complaint)).content.decode()


def test_the_status_page_shows_no_notes_and_no_internal_dates(client: Client) -> None:
    handler = factories.handler_user()
    complaint = factories.investigating(by=handler)
    actions.note(complaint, text="Difficult person", by=handler, now=factories.NOW)
    text = client.get(page(Purpose.STATUS, complaint)).content.decode()
    assert "Difficult person" not in text
    assert "Resolve the complaint" not in text
    assert "final response by" in text
    assert "8 weeks: due" in text
    assert "FCA DISP" not in text, "where the house has its rule from is for the house"


def test_taking_a_complaint_back_needs_the_tick(client: Client) -> None:
    complaint = factories.received()
    address = page(Purpose.STATUS, complaint, "withdraw/")
    client.post(address, {"body": "Found it."})
    assert Complaint.objects.get().state == State.RECEIVED
    client.post(address, {"body": "Found it.", "sure": "on"})
    assert Complaint.objects.get().state == State.WITHDRAWN


def test_sec_43_every_bad_link_is_the_same_page(client: Client) -> None:
    complaint = offered()
    token = links.token(Purpose.OFFER, complaint)
    answers = {
        client.get(address).content
        for address in (
            links.path(Purpose.OFFER, token[:-1] + "x"),
            links.path(Purpose.STATUS, token),
            links.path(Purpose.ANSWER, "nonsense"),
        )
    }
    assert len(answers) == 1
    assert client.get(links.path(Purpose.STATUS, token)).status_code == 404


def test_pages_are_private_and_tell_no_other_site(client: Client) -> None:
    response = client.get(page(Purpose.OFFER, offered()))
    # Not "no-referrer": browsers then send "Origin: null" with a form, which the forgery check must refuse.
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]
    assert "default-src 'none'" in response["Content-Security-Policy"]


def test_sec_52_no_answer_without_the_forgery_token() -> None:
    complaint = offered()
    strict = Client(enforce_csrf_checks=True)
    assert accept(strict, complaint).status_code == 403  # type: ignore[attr-defined]
    assert Offer.objects.get().state == OfferState.SENT


def test_a_huge_message_is_refused_in_words(client: Client) -> None:
    complaint = factories.received()
    text = client.post(page(Purpose.STATUS, complaint), {"body": "x" * 20_001}).content.decode()
    assert "at most 20000 characters" in text
    assert not Message.objects.filter(kind=MessageKind.REPLY).exists()
