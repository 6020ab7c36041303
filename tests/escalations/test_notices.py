import pytest

from complaints.mailroom.models import OutgoingMail
from complaints.resolution import actions as resolution
from escalations import actions
from tests import factories
from tests.escalations.people import LATER, ladder, manager, over_limit, raised, supervisor

pytestmark = pytest.mark.django_db


def notices() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(kind="escalation_notice").order_by("pk"))


def test_the_people_of_the_queue_are_told_and_nobody_else() -> None:
    ladder()
    told, quiet, gone, asker = supervisor(), supervisor(email=""), supervisor(is_active=False), supervisor()
    manager(), factories.handler_user()
    raised(by=asker)
    assert actions.tell_queues(now=LATER) == 1
    assert [mail.to for mail in notices()] == [told.email]
    assert quiet.pk != gone.pk


def test_a_notice_says_nothing_of_the_customer_but_the_reference() -> None:
    ladder()
    supervisor()
    customer = factories.CustomerFactory(name="Petra Haddad", email="petra@example.com")
    asked = raised(factories.investigating(customer=customer), ask="May Petra Haddad have 80 pounds?")
    actions.tell_queues(now=LATER)
    mail = notices()[0]
    reference = asked.complaint.reference
    assert mail.subject == f"{reference}: Raised by staff, Supervisors"
    assert reference in mail.body
    assert "Answer due: Tue 3 Mar 2026, 17:00" in mail.body
    assert f"http://127.0.0.1:8000/desk/escalations/escalation/{asked.pk}/change/" in mail.body
    for secret in ("Haddad", "petra", "80 pounds", asked.complaint.title):
        assert secret not in mail.body + mail.subject


def test_telling_twice_writes_nothing_more() -> None:
    ladder()
    supervisor(), supervisor()
    asked = raised()
    assert actions.tell_queues(now=LATER) == 1
    assert actions.tell_queues(now=LATER) == 0
    assert actions.tell_queue(asked, now=LATER) == []
    assert len(notices()) == 2


def test_the_next_level_is_told_when_it_is_passed_up() -> None:
    ladder()
    person, top = supervisor(), manager()
    asked = raised()
    actions.tell_queues(now=LATER)
    actions.pass_up(asked, text="Policy.", by=person, now=LATER)
    actions.tell_queues(now=LATER)
    assert [mail.to for mail in notices()] == [person.email, top.email]


def test_who_may_not_see_the_complaint_does_not_hear_of_it() -> None:
    ladder()
    about, confidant, other, handler = supervisor(), supervisor(), supervisor(), factories.handler_user()
    complaint = factories.investigating(by=handler)
    complaint.about.add(about)
    resolution.restrict(complaint, confidants=[confidant], reason="Delicate", by=manager(), now=LATER)
    raised(complaint, by=handler)
    actions.tell_queues(now=LATER)
    assert [mail.to for mail in notices()] == [confidant.email]
    assert other.email


def test_the_proposer_is_not_asked_to_decide() -> None:
    ladder()
    proposer, other = supervisor(), supervisor()
    over_limit(by=proposer)
    actions.tell_queues(now=LATER)
    assert [mail.to for mail in notices()] == [other.email]


def test_what_is_answered_before_anybody_was_told_is_not_told() -> None:
    ladder()
    person = supervisor()
    actions.answer(raised(), text="Waive it.", by=person, now=LATER)
    assert actions.tell_queues(now=LATER) == 0
    assert notices() == []


def test_of_many_at_once_everybody_gets_one_letter() -> None:
    ladder()
    one, other, handler = supervisor(), supervisor(), factories.handler_user()
    asked = [raised(by=handler) for _ in range(6)]
    asked[0].complaint.about.add(other)
    assert actions.tell_queues(now=LATER) == 6
    assert {mail.to: mail.subject for mail in notices()} == {
        one.email: "6 questions wait in Supervisors",
        other.email: "5 questions wait in Supervisors",
    }
    assert "The first answer is due: Tue 3 Mar 2026, 17:00" in notices()[0].body
    assert actions.tell_queues(now=LATER) == 0
    assert len(notices()) == 2
