"""Files from outside are kept for those who may see the complaint, and never shown by the browser in our name."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from complaints.resolution import actions
from complaints.resolution.models import Complaint, Document, Reading
from tests.complaints.desk.pages import LATELY
from tests.factories import handler_user, investigating, quality_user, received, supervisor_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def kept(complaint: Complaint, by: User, name: str = "statement.pdf") -> Document:
    return actions.keep_document(complaint, name=name, content=b"%PDF-1.4 hello", by=by, now=LATELY)


def address(document: Document, complaint: Complaint | None = None) -> str:
    pk = complaint.pk if complaint else document.complaint_id
    return f"/desk/resolution/complaint/{pk}/documents/{document.pk}/"


def content_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_document_is_a_download_and_nothing_else(client: Client) -> None:
    person = handler_user()
    document = kept(investigating(by=person, now=LATELY), person)
    client.force_login(person)
    answer = client.get(address(document))
    assert content_of(answer) == b"%PDF-1.4 hello"
    assert answer["Content-Disposition"] == 'attachment; filename="statement.pdf"'
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]


def test_a_name_cannot_break_out_of_its_header(client: Client) -> None:
    person = handler_user()
    document = kept(investigating(by=person, now=LATELY), person, name='a"; filename=evil.html\r\nX: y.pdf')
    client.force_login(person)
    answer = client.get(address(document))
    assert "X" not in answer.headers
    assert answer["Content-Disposition"].startswith("attachment")
    content_of(answer)


def test_a_document_of_what_one_may_not_see_is_not_there(client: Client) -> None:
    person, colleague = handler_user(), handler_user()
    document = kept(received(now=LATELY, about=[colleague]), person)
    client.force_login(colleague)
    assert client.get(address(document)).status_code == 404


def test_a_document_is_found_under_its_own_complaint_alone(client: Client) -> None:
    person = handler_user()
    mine = investigating(by=person, now=LATELY)
    hidden = kept(received(now=LATELY, about=[person]), supervisor_user())
    client.force_login(person)
    assert client.get(address(hidden, mine)).status_code == 404


def test_reading_a_document_of_a_restricted_complaint_is_logged(client: Client) -> None:
    person = handler_user()
    complaint = investigating(by=person, now=LATELY)
    document = kept(complaint, person)
    actions.restrict(complaint, confidants=[], reason="Press", by=supervisor_user(), now=LATELY)
    client.force_login(person)
    content_of(client.get(address(document)))
    assert Reading.objects.get().reader == person


def test_a_document_is_only_ever_fetched(client: Client) -> None:
    document = kept(investigating(by=handler_user(), now=LATELY), handler_user())
    client.force_login(quality_user())
    assert client.post(address(document)).status_code == 405
    assert client.delete(address(document)).status_code == 405
