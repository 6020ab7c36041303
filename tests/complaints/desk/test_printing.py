"""Post on paper: what waits, its sheet, and that it has left (A10)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints.followups.actions import send_due
from complaints.mailroom.models import OutgoingMail
from complaints.resolution import actions
from complaints.resolution.models import Complaint, ContactChannel, Message, MessageKind, Reading
from tests import factories
from tests.complaints.desk.staff import member_of
from tests.dumps import whole_database
from tests.factories import LETTER, NOW

pytestmark = pytest.mark.django_db
QUEUE = "/desk/printing/"


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def client() -> Client:
    client = Client()
    client.force_login(member_of("Handler"))
    return client


def on_paper(complaint: Complaint, *, minutes: int = 0) -> Message:
    assert complaint.handler is not None
    return actions.send_letter(
        complaint,
        kind=MessageKind.UPDATE,
        letter=LETTER,
        by=complaint.handler,
        now=NOW + timedelta(minutes=minutes),
    )


def complaint_on_paper(name: str = "Ann Lee") -> Complaint:
    customer = factories.CustomerFactory(name=name, preferred_channel=ContactChannel.LETTER)
    return factories.investigating(customer=customer)


def sheet(message: Message) -> str:
    return f"/desk/printing/{message.pk}/letter.pdf"


def test_who_wants_letters_gets_no_e_mail_but_a_sheet_in_the_queue(client: Client) -> None:
    customer = factories.CustomerFactory(preferred_channel=ContactChannel.LETTER)
    complaint = factories.received(customer=customer)
    assert send_due(now=NOW + timedelta(hours=1)) == 1
    assert not OutgoingMail.objects.exists()
    page = client.get(QUEUE).content.decode()
    message = complaint.messages.get(kind=MessageKind.ACKNOWLEDGEMENT)
    assert complaint.reference in page
    assert sheet(message) in page
    pdf = client.get(sheet(message))
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    assert client.get(sheet(message)).content == pdf.content


def test_printed_and_posted_takes_it_from_the_queue_and_keeps_the_sheet(client: Client) -> None:
    message = on_paper(complaint_on_paper())
    pdf = client.get(sheet(message)).content
    answer = client.post(QUEUE, {"letter": message.pk}, follow=True)
    assert "Nothing waits to be printed." in answer.content.decode()
    message.refresh_from_db()
    assert message.sent_at is not None
    with message.documents.get().file.open("rb") as kept:
        assert kept.read() == pdf
    again = client.post(QUEUE, {"letter": message.pk}, follow=True)
    assert message.documents.count() == 1
    assert again.status_code == 200


def test_looking_changes_nothing(client: Client) -> None:
    message = on_paper(complaint_on_paper())
    before = whole_database()
    client.get(QUEUE)
    client.get(sheet(message))
    assert whole_database() == before


def test_the_oldest_stands_first_and_a_page_ends(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaints.desk.printing.AT_ONCE", 2)
    names = ["First Person", "Second Person", "Third Person"]
    for minutes, name in enumerate(names):
        on_paper(complaint_on_paper(name), minutes=minutes)
    answer = client.get(QUEUE)
    page = answer.content.decode()
    assert page.index("First Person") < page.index("Second Person")
    assert "Third Person" not in page
    later = client.get(f"{QUEUE}?after={answer.context['queue'].after}").content.decode()
    assert "Third Person" in later
    assert "First Person" not in later
    assert client.get(f"{QUEUE}?after=nonsense").status_code == 200


def test_the_queue_asks_as_much_at_one_letter_as_at_many(client: Client) -> None:
    costs: list[int] = []
    for _ in range(2):
        for _ in range(1 if not costs else 6):
            on_paper(complaint_on_paper())
        client.get(QUEUE)
        with CaptureQueriesContext(connection) as queries:
            client.get(QUEUE)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 6


def test_a_letter_of_a_complaint_one_may_not_see_is_not_there(client: Client) -> None:
    complaint = complaint_on_paper("Hidden Person")
    message = on_paper(complaint)
    actions.restrict(complaint, confidants=[], reason="Staff.", by=factories.supervisor_user(), now=NOW)
    assert "Hidden Person" not in client.get(QUEUE).content.decode()
    assert client.get(sheet(message)).status_code == 404
    assert client.post(QUEUE, {"letter": message.pk}).status_code == 404
    message.refresh_from_db()
    assert message.sent_at is None


def test_reading_a_letter_of_a_restricted_complaint_is_noted() -> None:
    complaint = complaint_on_paper()
    message = on_paper(complaint)
    supervisor = factories.supervisor_user()
    actions.restrict(complaint, confidants=[], reason="Staff.", by=supervisor, now=NOW)
    client = Client()
    client.force_login(supervisor)
    assert client.get(sheet(message)).status_code == 200
    assert Reading.objects.filter(complaint=complaint, reader=supervisor).exists()


@pytest.mark.parametrize("key", ["0", "99999999999999999999", "x", "-1"])
def test_what_names_no_letter_is_not_there(client: Client, key: str) -> None:
    assert client.get(f"/desk/printing/{key}/letter.pdf").status_code == 404
    assert client.post(QUEUE, {"letter": key}).status_code == 404


def test_what_the_customer_wrote_is_no_letter_of_ours(client: Client) -> None:
    said = complaint_on_paper().messages.get(kind=MessageKind.COMPLAINT)
    assert client.get(sheet(said)).status_code == 404


def test_who_only_reads_sees_sheets_and_posts_nothing() -> None:
    message = on_paper(complaint_on_paper())
    client = Client()
    client.force_login(member_of("Quality"))
    assert client.get(sheet(message)).status_code == 200
    assert client.get(QUEUE).status_code == 403
    assert client.post(QUEUE, {"letter": message.pk}).status_code == 403
    message.refresh_from_db()
    assert message.sent_at is None


def test_the_menu_counts_what_waits(client: Client) -> None:
    on_paper(complaint_on_paper())
    page = client.get(QUEUE).content.decode()
    assert "To print" in page
    assert 'href="/desk/printing/"' in page
