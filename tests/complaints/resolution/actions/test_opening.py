from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from complaints.mailroom.models import OutgoingMail
from complaints.mailroom.signals import Outcome
from complaints.resolution import actions
from complaints.resolution.actions import Person
from complaints.resolution.actors import System
from complaints.resolution.exceptions import NotAcknowledged, NotPermitted, OwnMatter, UnknownPerson
from complaints.resolution.models import (
    Channel,
    Complaint,
    Concern,
    Customer,
    EntryKind,
    MessageKind,
    Priority,
    State,
)
from tests import factories
from tests.factories import LETTER, NOW

pytestmark = pytest.mark.django_db


def test_opening_keeps_the_words_starts_the_clocks_and_writes_the_ledger() -> None:
    words = "  You charged me  twice.\n\nNobody called back. "
    complaint = factories.received(words=words, points=["Charged twice", "No call back"])

    assert complaint.messages.get().body == words
    assert [point.text for point in complaint.points.all()] == ["Charged twice", "No call back"]
    assert {deadline.clock for deadline in complaint.deadlines.all()} == {
        "acknowledgement",
        "update",
        "resolve",
        "final_response",
    }
    assert complaint.entries.get().kind == EntryKind.OPENED
    stored = Complaint.objects.get()
    assert (stored.next_due_at, stored.next_due_label) == (complaint.next_due_at, "Acknowledge the complaint")


def test_clocks_run_from_receipt_and_both_moments_are_kept() -> None:
    friday_evening = datetime(2026, 2, 27, 19, 0, tzinfo=UTC)
    complaint = factories.received(now=NOW, received_at=friday_evening)

    assert (complaint.received_at, complaint.registered_at) == (friday_evening, NOW)
    acknowledgement = complaint.deadlines.get(clock="acknowledgement")
    assert acknowledgement.due_at == datetime(2026, 3, 3, 17, 0, tzinfo=UTC)
    assert any("Monday" in reason for reason in acknowledgement.reasons)


def test_a_customer_is_known_again_by_address_and_never_overwritten() -> None:
    first = actions.find_or_make_customer(Person("Aiko Tanaka", "Aiko@Example.com", "1"), now=NOW)
    again = actions.find_or_make_customer(Person("Somebody Else", " aiko@example.COM", "2"), now=NOW)
    assert again == first
    assert (Customer.objects.get().name, Customer.objects.get().phone) == ("Aiko Tanaka", "1")


def test_many_customers_are_written_down_in_one_order_however_they_come() -> None:
    come = [Person("C", "c@example.com"), Person("A", "A@example.com"), Person("B", " b@example.com")]
    known = actions.find_or_make_customers(come, now=NOW)
    written = Customer.objects.order_by("pk")
    assert [customer.name for customer in written] == ["A", "B", "C"]
    assert known == {customer.email: customer for customer in written}


def test_a_nameless_customer_is_refused() -> None:
    with pytest.raises(UnknownPerson):
        actions.find_or_make_customer(Person("  ", "a@example.com"), now=NOW)


def test_serious_matters_and_vulnerable_customers_are_announced_at_once() -> None:
    complaint = factories.received(
        priority=Priority.SERIOUS, customer=factories.CustomerFactory(vulnerable=True)
    )
    concerns = set(complaint.entries.filter(kind=EntryKind.CONCERN).values_list("concern", flat=True))
    assert concerns == {Concern.SERIOUS, Concern.VULNERABLE}


def test_work_does_not_begin_before_the_customer_is_thanked() -> None:
    complaint = factories.received()
    with pytest.raises(NotAcknowledged):
        actions.acknowledge(complaint, by=factories.handler_user(), now=NOW)


def test_a_letter_acknowledges_when_it_has_left_the_house_and_not_before() -> None:
    complaint = factories.received()
    message = actions.acknowledge_by_letter(
        complaint, letter=LETTER, by=System.FOLLOW_UP, now=NOW, key="ack:1"
    )
    assert message.dates["final_response"]
    assert Complaint.objects.get().state == State.RECEIVED

    for _ in range(2):
        actions.letter_ended(message, outcome=Outcome.SENT, now=NOW + timedelta(minutes=5))

    complaint.refresh_from_db()
    assert complaint.state == State.ACKNOWLEDGED
    assert complaint.acknowledged_at == NOW + timedelta(minutes=5)
    assert complaint.entries.moves().count() == 1


def test_a_letter_that_fails_is_said_once_in_the_file() -> None:
    complaint = factories.received()
    message = actions.acknowledge_by_letter(
        complaint, letter=LETTER, by=System.FOLLOW_UP, now=NOW, key="ack:1"
    )
    for _ in range(2):
        actions.letter_ended(message, outcome=Outcome.FAILED, now=NOW)

    assert complaint.entries.filter(concern=Concern.UNDELIVERED).count() == 1
    complaint.refresh_from_db()
    assert complaint.state == State.RECEIVED


def test_one_key_one_letter() -> None:
    complaint = factories.received()
    letters = {
        actions.acknowledge_by_letter(complaint, letter=LETTER, by=System.FOLLOW_UP, now=NOW, key="ack:1").pk
        for _ in range(3)
    }
    assert len(letters) == 1
    assert OutgoingMail.objects.count() == 1


def test_spoken_thanks_are_kept_with_the_dates_told() -> None:
    complaint = factories.acknowledged()
    thanks = complaint.messages.get(kind=MessageKind.ACKNOWLEDGEMENT)
    assert thanks.direction == "out"
    assert set(thanks.dates) == {"acknowledgement", "update", "resolve", "final_response"}
    assert complaint.deadlines.get(clock="acknowledgement").kept


def test_investigating_takes_an_unassigned_complaint_in_hand() -> None:
    handler = factories.handler_user()
    assert factories.investigating(by=handler).handler == handler


def test_nobody_investigates_their_own_matter() -> None:
    accused, supervisor = factories.handler_user(), factories.supervisor_user()
    complaint = factories.acknowledged()
    complaint.handler = accused
    complaint.save()
    complaint.about.add(accused)
    with pytest.raises(OwnMatter):
        actions.investigate(complaint, by=supervisor, now=NOW)


def test_the_ledger_says_whom_it_is_about_and_to_whom_it_is_shown() -> None:
    accused, boss = factories.handler_user(), factories.supervisor_user()
    friend = factories.handler_user(first_name="Ida", last_name="Lund")
    complaint = factories.received(about=[accused])
    actions.restrict(complaint, confidants=[friend], reason="Press", by=boss, now=NOW)
    opened, restricted = (complaint.entries.get(kind=kind) for kind in ("opened", "restriction"))
    assert opened.facts["about"] == {str(accused.pk): accused.get_full_name()}
    assert restricted.facts["confidants"] == {str(friend.pk): "Ida Lund", str(boss.pk): boss.get_full_name()}


def test_of_a_complaint_about_nobody_the_ledger_names_nobody() -> None:
    assert "about" not in factories.received().entries.get(kind="opened").facts


def test_saving_a_complaint_writes_the_row_and_its_history_and_nothing_else(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    complaint = factories.received()
    with django_assert_num_queries(2):
        complaint.save()


def test_the_house_cannot_investigate_by_itself() -> None:
    with pytest.raises(NotPermitted):
        actions.investigate(factories.acknowledged(), by=System.CLOCK, now=NOW)


def test_a_correction_is_in_the_ledger_and_the_old_value_in_the_history() -> None:
    handler = factories.handler_user()
    complaint = factories.received()
    actions.correct(complaint, title="Charged three times", reason="Misheard", by=handler, now=NOW)

    complaint.refresh_from_db()
    assert complaint.title == "Charged three times"
    assert complaint.entries.get(kind=EntryKind.CORRECTION).text == "Misheard"
    assert {row.title for row in complaint.history.all()} == {
        "Charged three times",
        "Charged twice for the same booking",
    }
    assert complaint.history.first().history_user == handler


@pytest.mark.parametrize("field", ["state", "reference", "received_at", "handler", "customer", "restricted"])
def test_what_staff_may_not_correct_stays_as_it_is(field: str) -> None:
    complaint = factories.received()
    before = getattr(complaint, field)
    actions.correct(complaint, by=factories.handler_user(), now=NOW, reason="No", **{field: "forged"})
    complaint.refresh_from_db()
    assert getattr(complaint, field) == before


def test_a_posted_thanks_acknowledges_as_a_sent_one_does() -> None:
    customer = factories.CustomerFactory(preferred_channel="letter")
    message = actions.acknowledge_by_letter(
        factories.received(customer=customer), letter=LETTER, by=System.FOLLOW_UP, now=NOW, key="ack:1"
    )
    actions.mark_posted(message, by=factories.handler_user(), now=NOW)
    assert Complaint.objects.get().state == State.ACKNOWLEDGED


def test_a_restatement_is_confirmed_until_it_is_changed() -> None:
    handler = factories.handler_user()
    complaint = factories.received(restatement="You were charged twice.")
    complaint = actions.confirm_restatement(complaint, by=handler, now=NOW)
    assert complaint.restatement_confirmed_at == NOW
    complaint = actions.correct(complaint, restatement="You were charged three times.", by=handler, now=NOW)
    assert complaint.restatement_confirmed_at is None


def test_staff_who_only_read_keep_no_words_and_no_documents() -> None:
    complaint, reader = factories.received(), factories.quality_user()
    with pytest.raises(NotPermitted):
        actions.take_message(complaint, body="Hello", channel=Channel.PHONE, by=reader, now=NOW)
    with pytest.raises(NotPermitted):
        actions.keep_document(complaint, name="a.txt", content=b"a", by=reader, now=NOW)
