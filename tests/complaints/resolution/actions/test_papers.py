"""Papers among the documents, with their hash; and a posted letter with the very sheet that left."""

import hashlib
import json
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from django.conf import LazySettings

from complaints.resolution import actions
from complaints.resolution.exceptions import AlreadyDone, NotPermitted
from complaints.resolution.models import Complaint, ContactChannel, Document, EntryKind, Message, MessageKind
from complaints.resolution.papers import PaperKind
from tests import factories
from tests.factories import LETTER, NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)


@pytest.fixture(autouse=True)
def _own_folder(settings: LazySettings, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path


def report(complaint: Complaint, kind: PaperKind = PaperKind.INCIDENT_REPORT) -> Document:
    return actions.make_report(complaint, kind=kind, by=factories.handler_user(), now=LATER)


def paper_letter() -> Message:
    customer = factories.CustomerFactory(preferred_channel=ContactChannel.LETTER)
    complaint = factories.investigating(customer=customer)
    assert complaint.handler is not None
    return actions.send_letter(
        complaint, kind=MessageKind.UPDATE, letter=LETTER, by=complaint.handler, now=NOW
    )


def test_the_incident_report_is_filed_with_its_hash_and_its_data() -> None:
    complaint = factories.closed()
    made = report(complaint)
    with made.file.open("rb") as file:
        pdf = file.read()
    assert made.content_type == "application/pdf"
    assert made.sha256 == hashlib.sha256(pdf).hexdigest()
    with complaint.documents.get(name__endswith=".json").file.open("rb") as file:
        data = json.load(file)
    assert data["reference"] == complaint.reference
    assert "Course of events" in [section["heading"] for section in data["sections"]]


def attached(message: Message) -> list[tuple[str, bytes]]:
    assert message.mail is not None
    mail = message_from_bytes(bytes(message.mail.mime), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return [(part.get_filename() or "", part.get_content()) for part in mail.iter_attachments()]


def answer(complaint: Complaint) -> Message:
    return complaint.messages.get(kind=MessageKind.FINAL_RESPONSE)


def test_a_final_response_brings_its_sheet_along_where_the_firm_wants_it(settings: LazySettings) -> None:
    settings.MAIL_AS_PDF = ["final_response"]
    message = answer(factories.responded())
    ((name, pdf),) = attached(message)
    assert name == f"Final response {message.complaint.reference}.pdf"
    (kept,) = message.documents.all()
    with kept.file.open("rb") as file:
        assert file.read() == pdf
    entries = message.complaint.entries.count()
    assert actions.file_letter(message, by=factories.handler_user(), now=LATER) == kept
    assert message.complaint.entries.count() == entries
    offer = factories.offered().messages.get(kind=MessageKind.OFFER)
    assert (attached(offer), list(offer.documents.all())) == ([], [])


def test_a_letter_goes_alone_unless_the_firm_wants_more_and_on_paper_it_is_the_sheet(
    settings: LazySettings,
) -> None:
    assert attached(answer(factories.responded())) == []
    settings.MAIL_AS_PDF = ["final_response", "offer"]
    customer = factories.CustomerFactory(preferred_channel=ContactChannel.LETTER)
    on_paper = answer(factories.responded(customer=customer))
    assert on_paper.mail is None
    assert not on_paper.documents.exists()


@pytest.mark.parametrize("kind", PaperKind)
def test_made_again_of_an_unchanged_file_it_is_the_same_document(kind: PaperKind) -> None:
    complaint = factories.closed()
    first = report(complaint, kind)
    count = complaint.entries.count(), complaint.documents.count()
    assert report(complaint, kind) == first
    assert (complaint.entries.count(), complaint.documents.count()) == count


def test_made_again_after_something_happened_it_is_another_one() -> None:
    complaint = factories.closed()
    first = report(complaint)
    actions.reopen(complaint, reason="Not right.", by=factories.handler_user(), now=NOW + timedelta(days=20))
    second = report(complaint)
    assert second.sha256 != first.sha256
    assert Document.objects.get(pk=first.pk).sha256 == first.sha256


def test_who_only_reads_makes_no_report() -> None:
    with pytest.raises(NotPermitted):
        actions.make_report(
            factories.closed(), kind=PaperKind.SUMMARY, by=factories.quality_user(), now=LATER
        )


def test_a_printed_letter_that_was_posted_is_kept_as_it_was() -> None:
    message = paper_letter()
    assert list(Message.objects.awaiting_posting()) == [message]
    handler = factories.handler_user()
    actions.post_printed(message, by=handler, now=LATER)
    message.refresh_from_db()
    assert message.sent_at == LATER
    kept = message.documents.get()
    assert kept.content_type == "application/pdf"
    assert message.complaint.entries.filter(kind=EntryKind.MESSAGE_OUT, text="Posted").count() == 1
    assert not Message.objects.awaiting_posting().exists()
    with pytest.raises(AlreadyDone):
        actions.post_printed(message, by=handler, now=LATER)
    assert actions.file_letter(message, by=handler, now=LATER) == kept


def test_a_letter_on_its_way_by_e_mail_is_not_to_be_printed() -> None:
    complaint = factories.investigating()
    assert complaint.handler is not None
    message = actions.send_letter(
        complaint, kind=MessageKind.UPDATE, letter=LETTER, by=complaint.handler, now=NOW
    )
    assert message.mail_id is not None
    assert not Message.objects.awaiting_posting().exists()
