"""No letter of staff leaves unread: what must not leave is held back, what goes all the same says why."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from complaints.resolution import actions, guarding
from complaints.resolution.actors import System
from complaints.resolution.exceptions import HeldBack
from complaints.resolution.letters import Letter
from complaints.resolution.models import Channel, Complaint, Direction, MessageKind, Promise
from tests.factories import (
    NOW,
    CustomerFactory,
    approved,
    handler_user,
    investigating,
    received,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)
KIND = MessageKind.UPDATE
CARD = "Thank you. We looked at the payment with card 4111 1111 1111 1111 and found it twice."


def handler_of(complaint: Complaint) -> User:
    assert complaint.handler is not None
    return complaint.handler


def write(complaint: Complaint, body: str, **more: object) -> object:
    letter = Letter("News", body, **more)  # type: ignore[arg-type]
    return actions.send_letter(complaint, kind=KIND, letter=letter, by=handler_of(complaint), now=LATER)


def rules(complaint: Complaint, body: str) -> set[str]:
    letter = Letter("News", body)
    found = guarding.findings_in(letter, complaint, kind=KIND, by=handler_of(complaint), now=LATER)
    return {finding.rule for finding in found}


def test_what_must_not_leave_is_held_back_and_nothing_of_it_is_kept() -> None:
    complaint = investigating()
    before = complaint.messages.count(), complaint.entries.count()
    with pytest.raises(HeldBack) as held:
        write(complaint, CARD)
    assert [finding.rule for finding in held.value.findings if finding.blocks] == ["card"]
    assert (complaint.messages.count(), complaint.entries.count()) == before


def test_with_a_reason_it_goes_and_the_ledger_says_so() -> None:
    complaint = investigating()
    write(complaint, CARD, despite="It is the number of a test card.")
    message = complaint.messages.get(kind=KIND)
    assert message.despite == "It is the number of a test card."
    (overruled,) = message.overruled
    assert (overruled["rule"], overruled["quote"]) == ("card", "4111 1111 1111 1111")
    assert "card number" in overruled["reason"]
    facts = complaint.entries.latest("pk").facts
    assert facts["message"] == message.pk
    assert facts["despite"] == message.despite
    assert "block:card" in facts["guard"]


def test_advice_stops_nothing_and_is_kept_and_a_reason_not_needed_is_not() -> None:
    complaint = investigating()
    body = "Pursuant to your letter we asked the shop, which has sent us the till roll of that day."
    write(complaint, body, despite="I took the card number out.")
    message = complaint.messages.get(kind=KIND)
    assert {one["rule"] for one in message.findings} >= {"jargon", "courtesy.thanks"}
    assert {one["level"] for one in message.findings} == {"advice"}
    assert (message.despite, message.overruled) == ("", [])


def test_a_letter_with_nothing_against_it_keeps_no_findings_and_no_reason() -> None:
    complaint = investigating()
    write(complaint, "Thank you for waiting. The shop has sent us the till roll of that day.", despite="No.")
    message = complaint.messages.get(kind=KIND)
    assert (message.findings, message.despite) == ([], "")
    assert "guard" not in complaint.entries.latest("pk").facts


def test_what_goes_by_itself_is_not_asked() -> None:
    complaint = investigating()
    letter = Letter("News", CARD)
    actions.send_letter(complaint, kind=KIND, letter=letter, by=System.FOLLOW_UP, now=LATER)
    assert complaint.messages.get(kind=KIND).findings == []
    assert not Promise.objects.exists()


def test_only_a_sum_somebody_approved_is_promised() -> None:
    complaint = approved()
    line = complaint.offers.get().lines.get()
    assert line.amount is not None
    assert "amount.granted" not in rules(complaint, f"We will refund {line.amount}.")
    assert "amount.granted" in rules(complaint, f"We will refund {line.amount * 2}.")


def test_a_sum_the_customer_named_may_be_named() -> None:
    complaint = investigating(words="You charged me £312.40 twice.")
    assert "amount.named" not in rules(complaint, "The bill of £312.40 was booked twice.")
    assert "amount.named" in rules(complaint, "The bill of £312.50 was booked twice.")


def test_another_customers_name_and_reference_are_known_and_ones_own_are_not_held_against_one() -> None:
    other = received(customer=CustomerFactory(name="Joan Whitcombe"))
    complaint = investigating(customer=CustomerFactory(name="Ruth Calloway"))
    sibling = received(customer=complaint.customer)
    assert "others.name" in rules(complaint, "We mixed you up with JOAN WHITCOMBE.")
    assert "others.reference" in rules(complaint, f"See {other.reference}.")
    assert not rules(complaint, f"Thank you, Ruth Calloway. See {sibling.reference}, {complaint.reference}.")


def test_a_colleague_who_is_called_like_a_customer_may_be_named() -> None:
    CustomerFactory(name="Omar Fenn")
    handler_user(first_name="Omar", last_name="Fenn")
    assert "others.name" not in rules(investigating(), "Thank you. Omar Fenn has your file.")


def test_looking_up_costs_the_same_however_many_customers_there_are(
    django_assert_max_num_queries: object,
) -> None:
    complaint = investigating()
    for _ in range(20):
        received()
    letter = Letter("News", "Thank you, Mr Hale and Joan Whitcombe. " * 50)
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        guarding.findings_in(letter, complaint, kind=KIND, by=handler_of(complaint), now=LATER)


def test_the_customers_own_words_are_never_checked() -> None:
    complaint = investigating()
    actions.take_message(complaint, body=CARD, channel=Channel.PHONE, by=handler_of(complaint), now=LATER)
    assert complaint.messages.filter(direction=Direction.IN, body=CARD).get().findings == []
