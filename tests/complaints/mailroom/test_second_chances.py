import pytest
from django.contrib.auth.models import Permission, User
from django.core import mail as django_mail

from complaints.mailroom.actions import came_back, count_as_sent, send_again
from complaints.mailroom.exceptions import NotAllowed, NotWaiting
from complaints.mailroom.models import OutgoingMail, State
from complaints.mailroom.signals import Outcome
from tests.complaints.mailroom.post_office import NOW, Clock, a_letter, again, send_out, wire_bytes

pytestmark = pytest.mark.django_db
Heard = list[tuple[int, Outcome]]


def ended(state: State) -> OutgoingMail:
    mail = a_letter(expires_at=NOW)
    fields = {"sent_at": NOW} if state is State.SENT else {}
    OutgoingMail.objects.filter(pk=mail.pk).update(
        state=state, due_at=None, settled_at=NOW, attempts=51, **fields
    )
    return again(mail)


@pytest.mark.parametrize("state", [State.FAILED, State.AMBIGUOUS, State.BOUNCED])
def test_a_letter_that_got_stuck_is_sent_again_as_it_was(state: State, clock: Clock, heard: Heard) -> None:
    mail = ended(state)
    assert send_again(mail, by="operator", now=NOW).state == State.QUEUED
    send_out(clock)
    stored = again(mail)
    assert (stored.state, stored.decided_by, stored.attempts) == (State.SENT, "operator", 1)
    assert wire_bytes(django_mail.outbox[0]) == bytes(mail.mime)
    assert heard == [(mail.pk, Outcome.SENT)]


@pytest.mark.parametrize("state", [State.SENT, State.CANCELLED])
def test_a_letter_that_reached_its_end_is_not_sent_again(state: State) -> None:
    mail = ended(state)
    with pytest.raises(NotWaiting):
        send_again(mail, by="operator", now=NOW)
    assert again(mail).state == state


def test_a_letter_still_under_way_is_not_sent_again() -> None:
    with pytest.raises(NotWaiting):
        send_again(a_letter(), by="operator", now=NOW)


def test_a_doubtful_letter_can_be_counted_as_sent(heard: Heard) -> None:
    mail = ended(State.AMBIGUOUS)
    count_as_sent(mail, by="operator", now=NOW)
    assert (again(mail).state, again(mail).sent_at) == (State.SENT, NOW)
    assert heard == [(mail.pk, Outcome.SENT)]


def test_a_failed_letter_cannot_be_counted_as_sent() -> None:
    with pytest.raises(NotWaiting):
        count_as_sent(ended(State.FAILED), by="operator", now=NOW)


@pytest.mark.parametrize("verb", [send_again, count_as_sent])
def test_it_takes_the_permission(verb: object) -> None:
    person = User.objects.create_user("hal")
    mail = ended(State.AMBIGUOUS)
    with pytest.raises(NotAllowed):
        verb(mail, by=person, now=NOW)  # type: ignore[operator]
    assert again(mail).state == State.AMBIGUOUS
    person.user_permissions.add(Permission.objects.get(codename="resend_outgoingmail"))
    verb(mail, by=User.objects.get(pk=person.pk), now=NOW)  # type: ignore[operator]
    assert again(mail).decided_by == "hal"


def test_a_letter_that_came_back_says_so_once(heard: Heard) -> None:
    mail = ended(State.SENT)
    assert came_back(mail, now=NOW, said="550 5.1.1 No such user")
    assert not came_back(again(mail), now=NOW, said="550 5.1.1 No such user")
    stored = again(mail)
    assert (stored.state, stored.last_error) == (State.BOUNCED, "550 5.1.1 No such user")
    assert heard == [(mail.pk, Outcome.BOUNCED)]


def test_a_letter_that_came_back_before_its_sender_knew_it_had_gone_stays_so(clock: Clock) -> None:
    mail = a_letter()
    came_back(mail, now=NOW, said="550 5.1.1 No such user")
    assert send_out(clock) == 0
    assert again(mail).state == State.BOUNCED
