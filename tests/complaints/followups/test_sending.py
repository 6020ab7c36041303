"""A planned letter goes once, in its hour, while it is wanted."""

from datetime import datetime, time, timedelta

import pytest

from complaints.followups import actions as followups
from complaints.followups.actions import sending
from complaints.followups.models import PlannedLetter, PlannedState
from complaints.mailroom.models import OutgoingMail
from complaints.resolution import actions
from complaints.resolution.actors import System
from complaints.resolution.links import LINK_HERE
from complaints.resolution.models import (
    Complaint,
    Concern,
    ContactChannel,
    Customer,
    Message,
    MessageKind,
    State,
)
from tests import factories
from tests.complaints.followups.post import deliver, planned, the_letter, written
from tests.factories import NOW

pytestmark = pytest.mark.django_db
#: The close of business on which the first reminder of a question asked at NOW falls due.
REMINDED = NOW.replace(day=5, hour=17)
#: The day after factories' closed complaints were closed, and the days after that.
CLOSED = NOW + timedelta(days=30)


def sweep_until(last: datetime, *, first: datetime = NOW, every: timedelta = timedelta(hours=12)) -> None:
    moment = first
    while moment <= last:
        followups.send_due(now=moment)
        moment += every


def test_a_due_letter_becomes_a_message_and_a_mail() -> None:
    complaint = factories.received()
    assert followups.send_due(now=NOW) == 1
    letter = the_letter(complaint, MessageKind.ACKNOWLEDGEMENT)
    assert (letter.state, letter.settled_at) == (PlannedState.SENT, NOW)
    assert letter.message is not None
    assert letter.message.key == f"acknowledgement:{letter.cycle_id}:1"
    assert letter.message.automatic
    assert letter.message.author_name == "the follow-up"
    mail = OutgoingMail.objects.get()
    assert (mail.to, mail.automatic) == (complaint.customer and complaint.customer.email, True)


def test_a_letter_before_its_time_stays() -> None:
    factories.waiting()
    assert followups.send_due(now=REMINDED - timedelta(seconds=1)) == 0
    assert followups.send_due(now=REMINDED) == 1


def test_however_often_the_sweep_runs_one_letter_goes() -> None:
    complaint = factories.received()
    for minutes in range(20):
        followups.send_due(now=NOW + timedelta(minutes=minutes))
    assert written(complaint) == ["acknowledgement"]
    letter = the_letter(complaint, MessageKind.ACKNOWLEDGEMENT)
    assert followups.send_planned(letter, now=NOW + timedelta(hours=1)) is None


def test_a_letter_written_before_a_crash_is_found_and_not_written_again() -> None:
    """The key names the letter for ever, even where the planned letter has forgotten it."""
    complaint = factories.received()
    followups.send_due(now=NOW)
    PlannedLetter.objects.all().delete()
    followups.plan_missing(now=NOW)
    followups.send_due(now=NOW)
    assert written(complaint) == ["acknowledgement"]
    assert the_letter(complaint, MessageKind.ACKNOWLEDGEMENT).state == PlannedState.SENT


def test_the_acknowledgement_is_real_when_its_mail_has_left() -> None:
    complaint = factories.received()
    followups.send_due(now=NOW)
    complaint.refresh_from_db()
    assert complaint.state == State.RECEIVED
    assert deliver(NOW) == 1
    complaint = Complaint.objects.get(pk=complaint.pk)
    assert complaint.state == State.ACKNOWLEDGED


def test_both_reminders_of_a_question_go_once_each() -> None:
    complaint = factories.waiting()
    sweep_until(NOW + timedelta(days=20))
    assert written(complaint) == ["question_reminder", "question_reminder"]


def test_what_lost_its_announcement_is_cancelled_when_its_moment_comes() -> None:
    """The listener was deaf: the planned letter is still there, but the complaint has moved on."""
    complaint = factories.waiting()
    customer = complaint.customer
    assert customer is not None
    letter = the_letter(complaint, MessageKind.QUESTION_REMINDER)
    actions.hear(complaint, answers={complaint.questions.get().pk: "Blue."}, by=customer, now=NOW)
    PlannedLetter.objects.filter(pk=letter.pk, state=PlannedState.CANCELLED).update(
        state=PlannedState.PLANNED, settled_at=None, why_cancelled=""
    )
    assert followups.send_due(now=REMINDED) == 0
    letter.refresh_from_db()
    assert (letter.state, letter.why_cancelled) == (PlannedState.CANCELLED, "The complaint has moved on.")


def test_no_letter_leaves_outside_the_contact_window() -> None:
    """Due at five, but the workers were down until midnight."""
    complaint = factories.waiting()
    midnight = REMINDED.replace(hour=23, minute=55)
    assert followups.send_due(now=midnight) == 0
    assert the_letter(complaint, MessageKind.QUESTION_REMINDER).due_at == midnight.replace(
        day=6, hour=8, minute=0
    )
    assert followups.send_due(now=NOW.replace(day=6, hour=8)) == 1


def test_no_letter_leaves_outside_the_customers_hours() -> None:
    customer = factories.CustomerFactory(contact_from=time(18), contact_until=time(19))
    complaint = factories.received(customer=customer)
    assert followups.send_due(now=NOW) == 0
    assert followups.send_due(now=NOW.replace(hour=18)) == 1
    assert the_letter(complaint, MessageKind.ACKNOWLEDGEMENT).settled_at == NOW.replace(hour=18)


def test_letters_that_were_late_do_not_arrive_together() -> None:
    """The workers were down for three weeks: the second reminder still comes days after the first."""
    complaint = factories.waiting()
    back = NOW + timedelta(days=21)
    assert followups.send_due(now=back) == 1
    assert followups.send_due(now=back + timedelta(hours=1)) == 0
    second = the_letter(complaint, MessageKind.QUESTION_REMINDER, stage=2)
    assert second.due_at - back >= timedelta(days=4)


def test_a_customer_without_e_mail_gets_paper_that_waits_for_posting() -> None:
    paper = factories.CustomerFactory(email="", preferred_channel=ContactChannel.LETTER)
    complaint = factories.received(customer=paper)
    followups.send_due(now=NOW)
    message = Message.objects.get(complaint=complaint, kind=MessageKind.ACKNOWLEDGEMENT)
    assert message.awaits_posting
    assert LINK_HERE not in message.body
    assert not OutgoingMail.objects.exists()


def test_a_customer_we_cannot_write_to_is_not_tried_again_and_again() -> None:
    nowhere = factories.CustomerFactory(email="", address="", phone="020 7946 0000")
    complaint = factories.received(customer=nowhere)
    assert followups.send_due(now=NOW) == 0
    letter = the_letter(complaint, MessageKind.ACKNOWLEDGEMENT)
    assert letter.state == PlannedState.CANCELLED
    assert letter.why_cancelled.startswith("We have no address")


def test_an_address_no_mail_can_reach_is_somebodys_concern() -> None:
    complaint = factories.received()
    Customer.objects.filter(complaints=complaint).update(email="not an address")
    assert followups.send_due(now=NOW) == 0
    assert complaint.entries.filter(concern=Concern.UNDELIVERED).count() == 1
    assert the_letter(complaint, MessageKind.ACKNOWLEDGEMENT).state == PlannedState.CANCELLED


def test_one_letter_that_cannot_be_written_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(sending, "BATCH", 2)
    complaints = [factories.received() for _ in range(5)]
    poison = complaints[0]
    Complaint.objects.filter(pk=poison.pk).update(pack_code="no such pack")
    assert followups.send_due(now=NOW) == 4
    assert "could not be written" in caplog.text
    assert planned(poison) == [("acknowledgement", 1)]
    letter = the_letter(poison, MessageKind.ACKNOWLEDGEMENT)
    assert letter.due_at == NOW + sending.PUT_OFF

    Complaint.objects.filter(pk=poison.pk).update(pack_code="house")
    assert followups.send_due(now=letter.due_at) == 1


def test_one_sweep_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "BATCH", 2)
    monkeypatch.setattr(sending, "MOST_AT_ONCE", 4)
    for _ in range(5):
        factories.received()
    assert [followups.send_due(now=NOW) for _ in range(3)] == [4, 1, 0]


def test_an_offer_that_has_run_out_is_not_recalled() -> None:
    complaint = factories.offered()
    followups.send_due(now=NOW + timedelta(days=15))
    letter = the_letter(complaint, MessageKind.OFFER_REMINDER)
    assert (letter.state, letter.why_cancelled) == (PlannedState.CANCELLED, "The offer has run out.")


def test_closing_letter_survey_and_one_reminder_go_in_their_order() -> None:
    complaint = factories.closed()
    sweep_until(CLOSED + timedelta(days=40), first=CLOSED)
    assert written(complaint) == ["closing", "survey", "survey_reminder"]


def test_a_restricted_complaint_is_acknowledged_but_its_customer_is_asked_nothing() -> None:
    supervisor = factories.supervisor_user()
    thanked, asked = factories.received(), factories.closed()
    for complaint in (thanked, asked):
        actions.restrict(complaint, confidants=[], reason="Fraud.", by=supervisor, now=CLOSED)
    sweep_until(CLOSED + timedelta(days=40), first=CLOSED)
    assert written(thanked) == ["acknowledgement"]
    assert written(asked) == ["closing"]


def test_a_customer_is_asked_once_in_ninety_days_whatever_they_complained_of() -> None:
    customer = factories.CustomerFactory()
    handler = factories.handler_user()
    first = factories.closed(by=handler, customer=customer)
    second = factories.closed(by=handler, customer=customer, now=NOW + timedelta(days=20))
    third = factories.closed(by=handler, customer=customer, now=NOW + timedelta(days=95))
    sweep_until(CLOSED + timedelta(days=150), first=CLOSED, every=timedelta(days=1, hours=2))
    assert written(first) == ["closing", "survey", "survey_reminder"]
    assert written(second) == ["closing"]
    assert the_letter(second, MessageKind.SURVEY).why_cancelled == (
        "The customer was asked within the last 90 days."
    )
    assert written(third) == ["closing", "survey", "survey_reminder"]


def test_an_answered_survey_is_not_recalled() -> None:
    complaint = factories.closed()
    sweep_until(CLOSED + timedelta(days=5), first=CLOSED)
    followups.take_survey(complaint, score=5, still_open=False, text="", now=CLOSED + timedelta(days=5))
    sweep_until(CLOSED + timedelta(days=40), first=CLOSED + timedelta(days=5))
    assert written(complaint) == ["closing", "survey"]


def test_a_broken_listener_takes_the_letter_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Message and planned letter are one transaction: never the one without the other."""
    complaint = factories.received()

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_take_along", fail)
        assert followups.send_due(now=NOW) == 0
    assert written(complaint) == []
    assert not OutgoingMail.objects.exists()


def test_a_bound_number_of_queries_a_letter(django_assert_max_num_queries: object) -> None:
    factories.received()
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        followups.send_due(now=NOW)


def test_letters_are_written_by_the_house() -> None:
    complaint = factories.waiting()
    followups.send_due(now=REMINDED)
    entry = complaint.entries.filter(kind="message_out").latest("pk")
    assert (entry.actor, entry.actor_name) == (None, str(System.FOLLOW_UP))


def test_a_reminder_still_in_the_outbox_is_called_back_when_the_answer_comes() -> None:
    """The mail server was down: a reminder that arrives after the answer would be an insult."""
    complaint = factories.waiting()
    customer = complaint.customer
    assert customer is not None
    followups.send_due(now=REMINDED)
    reminder = OutgoingMail.objects.get(kind=MessageKind.QUESTION_REMINDER)
    question = OutgoingMail.objects.get(kind=MessageKind.QUESTION)
    actions.hear(complaint, answers={complaint.questions.get().pk: "Blue."}, by=customer, now=REMINDED)
    reminder.refresh_from_db()
    question.refresh_from_db()
    assert (reminder.state, reminder.last_error) == ("cancelled", "Overtaken by: Record the answer")
    assert question.state == "queued"


def test_what_has_left_stays_left() -> None:
    complaint = factories.received()
    followups.send_due(now=NOW)
    deliver(NOW)
    mail = OutgoingMail.objects.get()
    assert mail.state == "sent"
    assert Complaint.objects.get(pk=complaint.pk).state == State.ACKNOWLEDGED
