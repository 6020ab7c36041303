from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from complaints.mailroom.models import OutgoingMail, State
from complaints.resolution import actions
from complaints.resolution.actions import sweeping
from complaints.resolution.actors import System, name_of
from complaints.resolution.exceptions import AlreadyLeft, NotPermitted, NotPossibleNow
from complaints.resolution.letters import Letter
from complaints.resolution.models import Complaint, Concern, Message, MessageKind
from tests import factories
from tests.complaints.mailroom.post_office import send_out
from tests.factories import LETTER, NOW

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(seconds=30)


@pytest.fixture(autouse=True)
def a_minute_to_think(settings: Any) -> None:
    settings.MAIL_UNDO_SECONDS = 60


def handler_of(complaint: Complaint) -> User:
    assert complaint.handler is not None
    return complaint.handler


def update(complaint: Complaint, **given: Any) -> Message:
    usual: dict[str, Any] = {
        "kind": MessageKind.UPDATE,
        "letter": LETTER,
        "by": handler_of(complaint),
        "now": NOW,
    }
    return actions.send_letter(complaint, **usual | given)


def question(complaint: Complaint) -> Message:
    return complaint.messages.get(kind=MessageKind.QUESTION)


def again(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def test_what_a_colleague_wrote_leaves_a_minute_later_and_what_the_house_wrote_at_once() -> None:
    complaint = factories.investigating()
    ours = update(complaint)
    houses = update(complaint, by=System.FOLLOW_UP)
    assert send_out(lambda: SOON) == 1
    assert again(houses).sent_at == SOON
    assert send_out(lambda: NOW + timedelta(seconds=60)) == 1
    assert again(ours).sent_at is not None


def test_a_letter_taken_back_never_leaves() -> None:
    complaint = factories.investigating()
    message = update(complaint)
    actions.take_back(message, by=handler_of(complaint), now=SOON)
    assert send_out(lambda: NOW + timedelta(days=1)) == 0
    mail = OutgoingMail.objects.get(message=message)
    assert (mail.state, mail.taken_back_at, mail.decided_by) == (
        State.CANCELLED,
        SOON,
        name_of(handler_of(complaint)),
    )
    assert again(message).sent_at is None
    assert "Taken back" in complaint.entries.latest("pk").text


def test_what_has_left_is_not_taken_back() -> None:
    complaint = factories.investigating()
    message = update(complaint)
    send_out(lambda: NOW + timedelta(minutes=2))
    with pytest.raises(AlreadyLeft):
        actions.take_back(again(message), by=handler_of(complaint), now=NOW + timedelta(minutes=3))
    assert OutgoingMail.objects.get().state == State.SENT


@pytest.mark.parametrize("held", [{"state": State.SENDING, "lease_until": NOW}, {"doubtful_since": NOW}])
def test_what_may_be_leaving_is_not_taken_back(held: dict[str, Any]) -> None:
    complaint = factories.investigating()
    message = update(complaint)
    OutgoingMail.objects.update(**held)
    with pytest.raises(AlreadyLeft):
        actions.take_back(again(message), by=handler_of(complaint), now=SOON)


def test_a_letter_of_the_house_or_on_paper_is_not_taken_back() -> None:
    paper = factories.investigating(customer=factories.CustomerFactory(email=""))
    complaint = factories.investigating()
    for message in (update(paper), update(complaint, by=System.FOLLOW_UP)):
        with pytest.raises(AlreadyLeft):
            actions.take_back(message, by=handler_of(complaint), now=SOON)


def test_it_takes_the_permission_to_work_the_complaint() -> None:
    message = update(factories.investigating())
    with pytest.raises(NotPermitted):
        actions.take_back(message, by=factories.quality_user(), now=SOON)
    with pytest.raises(NotPermitted):
        actions.write_anew(message, letter=LETTER, by=factories.quality_user(), now=SOON)


def test_after_a_letter_taken_back_we_have_been_silent_since_the_one_before() -> None:
    complaint = factories.investigating()
    update(complaint)
    before = [(one.clock, one.due_at) for one in complaint.deadlines.running()]
    later = NOW + timedelta(days=2)
    message = update(complaint, now=later)
    between = [(one.clock, one.due_at) for one in complaint.deadlines.running()]
    assert before != between
    actions.take_back(message, by=handler_of(complaint), now=later + timedelta(seconds=9))
    assert [(one.clock, one.due_at) for one in complaint.deadlines.running()] == before
    complaint.refresh_from_db()
    assert complaint.next_due_at == min(due_at for _, due_at in before)


def test_a_letter_written_anew_goes_once_in_the_place_of_the_one_taken_back() -> None:
    complaint = factories.waiting()
    asked = question(complaint)
    actions.take_back(asked, by=handler_of(complaint), now=SOON)
    letter = Letter("Another question", "Which card was it, please?")
    anew = [
        actions.write_anew(again(asked), letter=letter, by=handler_of(complaint), now=SOON) for _ in range(2)
    ]
    assert anew[0] == anew[1]
    assert (anew[0].kind, anew[0].body, anew[0].dates) == (MessageKind.QUESTION, letter.body, asked.dates)
    send_out(lambda: NOW + timedelta(hours=1))
    assert again(anew[0]).sent_at is not None
    assert again(asked).sent_at is None


def test_nothing_is_written_anew_that_was_not_taken_back_or_is_out_of_date() -> None:
    complaint = factories.waiting()
    asked = question(complaint)
    with pytest.raises(AlreadyLeft):
        actions.write_anew(asked, letter=LETTER, by=handler_of(complaint), now=SOON)
    actions.take_back(asked, by=handler_of(complaint), now=SOON)
    answers = {complaint.questions.get().pk: "The blue one."}
    actions.hear(complaint, answers=answers, by=handler_of(complaint), now=NOW + timedelta(days=3))
    with pytest.raises(NotPossibleNow):
        actions.write_anew(again(asked), letter=LETTER, by=handler_of(complaint), now=NOW + timedelta(days=4))


def test_a_decision_of_which_the_customer_never_heard_reaches_a_supervisor_once() -> None:
    plain, bound, mended = factories.investigating(), factories.waiting(), factories.waiting()
    for message in (update(plain), question(bound), question(mended)):
        actions.take_back(message, by=handler_of(message.complaint), now=SOON)
    actions.write_anew(again(question(mended)), letter=LETTER, by=handler_of(mended), now=SOON)
    assert sweeping.chase_taken_back(now=SOON + timedelta(minutes=59)) == 0
    for _ in range(2):
        sweeping.chase_taken_back(now=SOON + timedelta(minutes=61))
    concerns = {
        complaint.pk: complaint.entries.filter(concern=Concern.UNDELIVERED).count()
        for complaint in (plain, bound, mended)
    }
    assert concerns == {plain.pk: 0, bound.pk: 1, mended.pk: 0}


HEATED = Letter(
    "News", "Thank you. You failed to read the terms, as we told you.", despite="It is what happened."
)


def test_a_heated_letter_cools_off_longer_than_others(settings: Any) -> None:
    settings.MAIL_COOLING_MINUTES = 10
    complaint = factories.investigating()
    heated = update(complaint, letter=HEATED)
    assert send_out(lambda: NOW + timedelta(minutes=9)) == 0
    actions.take_back(heated, by=handler_of(complaint), now=NOW + timedelta(minutes=9))
    assert send_out(lambda: NOW + timedelta(days=1)) == 0
    other = update(complaint, letter=HEATED)
    assert send_out(lambda: NOW + timedelta(minutes=10)) == 1
    assert again(other).sent_at is not None


def test_no_letter_cools_off_past_a_date_it_may_be_there_to_keep(settings: Any) -> None:
    settings.MAIL_COOLING_MINUTES = 10
    complaint = factories.investigating()
    complaint.refresh_from_db()
    assert complaint.next_due_at is not None
    late = complaint.next_due_at - timedelta(minutes=4)
    message = update(complaint, letter=HEATED, now=late)
    assert message.mail is not None
    assert message.mail.due_at == complaint.next_due_at
    message = update(complaint, letter=HEATED, now=late + timedelta(days=90))
    assert message.mail is not None
    assert message.mail.due_at == late + timedelta(days=90, minutes=10)


def test_a_house_that_wants_no_cooling_off_has_none(settings: Any) -> None:
    settings.MAIL_COOLING_MINUTES = 0
    mail = update(factories.investigating(), letter=HEATED).mail
    assert mail is not None
    assert mail.due_at == NOW + timedelta(seconds=60)
