"""Drafts: in the firm's words and the customer's language, marked with the version they began as."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission, User
from djmoney.money import Money

from complaints.followups.actions import send_due
from complaints.policies.actions import write_template
from complaints.policies.letter_names import Wording, names_of
from complaints.policies.letter_text import LetterText
from complaints.policies.models import LetterTemplate
from complaints.resolution import actions, letter_values, letters
from complaints.resolution.models import Complaint, MessageKind, OfferLine, RemedyKind
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
HOSTILE = "{{ settings.SECRET_KEY }}{% load static %}{0.__class__}{reference}[if by_email]"


def author() -> User:
    user: User = factories.UserFactory()
    user.user_permissions.add(Permission.objects.get(codename="add_lettertemplate"))
    return user


def choose(wording: Wording, subject: str, body: str, language: str = "en-GB") -> LetterTemplate:
    text = LetterText(subject, body)
    return write_template(
        wording, language=language, text=text, reason="Ours.", copied_from=0, by=author(), now=NOW
    )


def german(**details: object) -> Complaint:
    return factories.received(customer=factories.CustomerFactory(language="de", **details))


def test_a_draft_is_in_the_firms_own_words_and_says_which() -> None:
    choose(Wording.UPDATE, "News on {reference}", "Dear {customer_name}, no news.")
    complaint = factories.investigating()
    draft = letters.draft(MessageKind.UPDATE, complaint, now=NOW)
    name = complaint.customer.name if complaint.customer else ""
    assert (draft.subject, draft.body) == (f"News on {complaint.reference}", f"Dear {name}, no news.\n")
    assert draft.template == "update en-GB 1"


def test_sec_09_what_a_customer_typed_is_never_read_as_a_template() -> None:
    complaint = factories.investigating(customer=factories.CustomerFactory(name=HOSTILE), restatement=HOSTILE)
    draft = letters.draft(MessageKind.UPDATE, complaint, now=NOW)
    assert f"Dear {HOSTILE}," in draft.body


def test_sec_09_a_name_slipped_past_the_verb_resolves_to_nothing_of_ours() -> None:
    """As if somebody had written into the table by hand: the list of the letter still holds."""
    LetterTemplate.objects.bulk_create(
        [
            LetterTemplate(
                kind=Wording.UPDATE,
                language="en-GB",
                version=1,
                subject="s",
                body="{{ settings.SECRET_KEY }} {0.__class__}",
                made_by=author(),
                made_at=NOW,
                reason="r",
                in_use_from=NOW,
            )
        ]
    )
    draft = letters.draft(MessageKind.UPDATE, factories.investigating(), now=NOW)
    assert draft.body == "{{ settings.SECRET_KEY }} {0.__class__}\n"


def test_automatic_letters_go_in_german_to_who_reads_german() -> None:
    complaint = german()
    assert send_due(now=NOW + timedelta(hours=1)) == 1
    message = complaint.messages.get(kind=MessageKind.ACKNOWLEDGEMENT)
    assert message.body.startswith("Guten Tag,\n\ndanke, dass Sie uns das gesagt haben.")
    assert "Montag, 27. April 2026" in message.body
    assert message.template.startswith("acknowledgement de shipped ")


def test_a_letter_to_who_reads_french_is_in_the_language_of_the_policy() -> None:
    complaint = factories.received(customer=factories.CustomerFactory(language="fr"))
    draft = letters.draft(Wording.SURVEY, complaint, now=NOW)
    assert "Thank you." in draft.body


def test_the_message_keeps_which_wording_it_was_begun_from() -> None:
    complaint = factories.investigating()
    choose(Wording.UPDATE, "News on {reference}", "No news.")
    draft = letters.draft(MessageKind.UPDATE, complaint, now=NOW)
    assert complaint.handler is not None
    message = actions.send_letter(
        complaint, kind=MessageKind.UPDATE, letter=draft, by=complaint.handler, now=NOW
    )
    message.refresh_from_db()
    assert message.template == draft.template == "update en-GB 1"


def test_a_letter_with_no_words_of_its_own_carries_no_mark() -> None:
    complaint = factories.received()
    assert letters.mark_of(MessageKind.DELAY_NOTICE, complaint, now=NOW) == ""
    assert letters.mark_of(MessageKind.SURVEY, complaint, now=NOW).startswith("survey en-GB shipped ")


def test_a_line_is_said_in_the_language_of_the_letter() -> None:
    choose(Wording.OFFER, "Angebot {reference}", "{what_we_offer}", language="de")
    line = OfferLine(
        kind=RemedyKind.REFUND,
        amount=Money("1234.50", "EUR"),  # type: ignore[misc]
        action="Flug",
        due_on=date(2026, 3, 9),
        conditions="nur einmal",
    )
    draft = letters.draft(MessageKind.OFFER, german(), now=NOW, lines=[line])
    assert draft.body == "- Rückzahlung: 1.234,50\xa0€: Flug, bis zum 9. März 2026 (nur einmal)\n"


def test_a_day_in_a_question_is_told_as_its_letter_tells_days() -> None:
    assert letters.day_told(german(), date(2026, 3, 9), now=NOW) == "Montag, 9. März 2026"


@pytest.mark.parametrize("wording", Wording)
def test_every_fact_that_is_told_has_a_name_on_some_list(wording: Wording) -> None:
    values = letter_values.values_for(
        letters.chosen(wording, factories.received(), now=NOW), factories.received(), {}
    )
    assert set(values) == set(names_of(wording))
