"""A letter to the customer: the link in the mail alone, and no gap left in it."""

import pytest

from complaints.resolution import actions, letters, links
from complaints.resolution.exceptions import LetterUnfinished
from complaints.resolution.letters import Letter
from complaints.resolution.links import LINK_HERE, Purpose
from complaints.resolution.models import Complaint, ContactChannel, Message, MessageKind
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
STAGES = {
    MessageKind.QUESTION: (factories.investigating, Purpose.ANSWER),
    MessageKind.OFFER: (factories.approved, Purpose.OFFER),
    MessageKind.OUTCOME: (factories.fulfilling, Purpose.STATUS),
    MessageKind.UPDATE: (factories.investigating, Purpose.STATUS),
}


def draft(kind: MessageKind, complaint: Complaint) -> Letter:
    written = letters.draft(kind, complaint, now=NOW, questions=["On which card?"], answer_by=NOW)
    return Letter(written.subject, written.body.replace(letters.SAY_HERE, "We have the records."))


def send(complaint: Complaint, kind: MessageKind, letter: Letter) -> Message:
    return actions.send_letter(complaint, kind=kind, letter=letter, by=factories.handler_user(), now=NOW)


@pytest.mark.parametrize("kind", STAGES)
def test_sec_43_the_link_is_in_the_mail_and_not_in_the_file(kind: MessageKind) -> None:
    make, purpose = STAGES[kind]
    complaint = make()
    message = send(complaint, kind, draft(kind, complaint))
    assert LINK_HERE in message.body
    assert "http" not in message.body
    assert message.mail is not None
    (address,) = [line for line in message.mail.body.splitlines() if line.startswith("http")]
    assert links.complaint_behind(purpose, address.rstrip("/").rsplit("/", 1)[1]) == complaint
    assert LINK_HERE not in message.mail.body


@pytest.mark.parametrize("kind", STAGES)
def test_on_paper_the_draft_says_in_words_how_to_answer(kind: MessageKind) -> None:
    paper = factories.CustomerFactory(preferred_channel=ContactChannel.LETTER)
    complaint = STAGES[kind][0](customer=paper)
    message = send(complaint, kind, draft(kind, complaint))
    assert message.awaits_posting
    assert LINK_HERE not in message.body
    assert "page" not in message.body


def test_a_letter_on_paper_with_a_link_to_press_is_refused() -> None:
    complaint = factories.investigating(
        customer=factories.CustomerFactory(preferred_channel=ContactChannel.LETTER)
    )
    with pytest.raises(LetterUnfinished, match="on paper"):
        send(complaint, MessageKind.UPDATE, Letter("Where we are", f"Look here: {LINK_HERE}"))
    assert not complaint.messages.filter(kind=MessageKind.UPDATE).exists()


def test_an_update_with_nothing_said_in_it_is_refused() -> None:
    complaint = factories.investigating()
    with pytest.raises(LetterUnfinished, match="own words"):
        send(complaint, MessageKind.UPDATE, letters.draft(MessageKind.UPDATE, complaint, now=NOW))
