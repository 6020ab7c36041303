"""Signs of trouble: which hold, what they weigh, and that a rise is heard of once."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.policies.ladder import Factor
from complaints.resolution import actions as resolution
from complaints.resolution.letters import Undertaking
from complaints.resolution.models import Channel, Complaint, MessageKind, Promise
from escalations import actions
from escalations.early_warning import Warned, warned_of
from escalations.models import Escalation, Mood, Reason, State, Weighing
from tests import factories
from tests.escalations.people import ladder, raised, supervisor
from tests.factories import LETTER, NOW

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def warned(complaint: Complaint, now: datetime) -> Warned:
    complaint = Complaint.objects.select_related("customer").get(pk=complaint.pk)
    found = warned_of(complaint, now=now)
    assert found is not None
    return found


def said(complaint: Complaint, words: str, now: datetime) -> None:
    handler = factories.handler_user()
    resolution.take_message(complaint, body=words, channel=Channel.PHONE, by=handler, now=now)


def write(complaint: Complaint, now: datetime) -> None:
    resolution.send_letter(
        complaint, kind=MessageKind.UPDATE, letter=LETTER, by=factories.handler_user(), now=now
    )


def test_a_plain_complaint_shows_no_sign() -> None:
    assert warned(factories.received(), NOW + HOUR) == Warned((), 5)


def test_every_sign_says_what_it_is_and_what_it_weighs() -> None:
    customer = factories.CustomerFactory(vulnerable=True)
    complaint = factories.fulfilling(customer=customer)
    Complaint.objects.filter(pk=complaint.pk).update(media_risk=True)
    for hours in (30, 31):
        said(complaint, "This is a disgrace. I am fed up!", NOW + hours * HOUR)
    found = warned(complaint, NOW + timedelta(days=60))
    assert {sign.factor: sign.points for sign in found.signs} == {
        Factor.MEDIA: 4,
        Factor.BROKEN_PROMISE: 3,
        Factor.VULNERABLE: 3,
        Factor.REPEATED_CONTACT: 2,
        Factor.SILENCE: 2,
        Factor.MOOD: 1,
    }
    assert found.score == 15
    assert "Heated words: “disgrace”, “fed up” +1" in str(found)
    assert "Media mentioned +4" in str(found)


def test_while_it_is_their_turn_our_silence_is_no_sign() -> None:
    assert not warned(factories.waiting(), NOW + timedelta(days=60)).signs


def test_three_contacts_in_two_days_are_a_sign_until_we_answer_and_do_not_fade_by_waiting() -> None:
    complaint = factories.received()
    said(complaint, "Hello?", NOW + 20 * HOUR)
    assert not warned(complaint, NOW + 21 * HOUR).signs
    said(complaint, "Anybody?", NOW + 40 * HOUR)
    for now in (NOW + 41 * HOUR, NOW + timedelta(days=9)):
        assert warned(complaint, now).factors == [Factor.REPEATED_CONTACT]
    write(complaint, NOW + 42 * HOUR)
    assert not warned(complaint, NOW + 43 * HOUR).signs


def test_three_contacts_over_a_week_are_not() -> None:
    complaint = factories.received()
    said(complaint, "Hello?", NOW + timedelta(days=3))
    said(complaint, "Hello?", NOW + timedelta(days=6))
    assert not warned(complaint, NOW + timedelta(days=6, hours=1)).signs


def test_a_colleagues_mark_stands_until_the_customer_writes_again() -> None:
    ladder()
    complaint = factories.investigating()
    raised(complaint, mood=Mood.ANGRY, now=NOW + 5 * HOUR)
    assert str(warned(complaint, NOW + 6 * HOUR)) == "Customer angry +1"
    said(complaint, "Thank you for calling.", NOW + 7 * HOUR)
    assert not warned(complaint, NOW + 8 * HOUR).signs


def test_a_calm_mark_outweighs_the_words() -> None:
    ladder()
    complaint = factories.investigating()
    said(complaint, "Furious. Unacceptable.", NOW + 4 * HOUR)
    raised(complaint, mood=Mood.CALM, now=NOW + 5 * HOUR)
    assert not warned(complaint, NOW + 6 * HOUR).signs


def rising() -> Complaint:
    """Vulnerable, and in the media."""
    complaint = factories.received(customer=factories.CustomerFactory(vulnerable=True), media_risk=True)
    Escalation.objects.all().delete()
    return complaint


def early() -> list[Escalation]:
    return list(Escalation.objects.filter(reason=Reason.EARLY_WARNING).order_by("pk"))


def test_reaching_the_score_is_raised_once() -> None:
    ladder()
    complaint = rising()
    assert actions.watch(now=NOW + HOUR) == 1
    (asked,) = early()
    assert asked.complaint == complaint
    assert asked.ask == "It scores 7. Media mentioned +4 · Vulnerable customer +3."
    assert [actions.watch(now=NOW + hours * HOUR) for hours in (2, 3)] == [0, 0]
    assert len(early()) == 1


def test_answered_it_is_not_raised_again_while_the_score_stays_up() -> None:
    ladder()
    person = supervisor()
    complaint = rising()
    actions.watch(now=NOW + HOUR)
    actions.answer(early()[0], text="I will ring her.", by=person, now=NOW + HOUR)
    said(complaint, "Furious. Unacceptable.", NOW + 2 * HOUR)
    assert actions.watch(now=NOW + 3 * HOUR) == 0
    assert Weighing.objects.current().get().score == 8


def test_fallen_and_risen_anew_it_is_raised_again_and_what_was_before_is_kept() -> None:
    ladder()
    handler = factories.handler_user()
    complaint = rising()
    actions.watch(now=NOW + HOUR)
    resolution.correct(complaint, media_risk=False, reason="A mistake", by=handler, now=NOW + 2 * HOUR)
    actions.watch(now=NOW + 3 * HOUR)
    actions.settle_all_moot(now=NOW + 3 * HOUR)
    (first,) = early()
    assert (first.state, first.decision_text) == (State.MOOT, "The signs of trouble have passed.")
    resolution.correct(complaint, media_risk=True, reason="It was none", by=handler, now=NOW + 4 * HOUR)
    assert actions.watch(now=NOW + 5 * HOUR) == 1
    assert len(early()) == 2
    scores = Weighing.objects.order_by("pk").values_list("score", "superseded_at")
    assert list(scores) == [(7, NOW + 3 * HOUR), (3, NOW + 5 * HOUR), (7, None)]


def test_a_silence_that_grows_is_noticed_though_nobody_touched_the_file() -> None:
    ladder()
    customer = factories.CustomerFactory(vulnerable=True)
    factories.investigating(customer=customer)
    actions.watch(now=NOW + 3 * HOUR)
    assert Weighing.objects.current().get().factors == [Factor.VULNERABLE]
    actions.watch(now=NOW + timedelta(days=10))
    assert Weighing.objects.current().get().score == 3
    assert actions.watch(now=NOW + timedelta(days=20)) == 1
    assert Weighing.objects.current().get().factors == [Factor.VULNERABLE, Factor.SILENCE]


def test_a_promise_that_is_broken_is_noticed_though_nobody_touched_the_file() -> None:
    complaint = factories.fulfilling()
    actions.watch(now=NOW + timedelta(days=2))
    remedy = complaint.deadlines.get(clock="remedy")
    actions.watch(now=remedy.due_at + HOUR)
    assert Factor.BROKEN_PROMISE in Weighing.objects.current().get().factors


def promised(complaint: Complaint, *, by: datetime) -> Promise:
    undertaking = Undertaking("Send the till roll", by)
    letter = replace(LETTER, promises=(undertaking,))
    handler = complaint.handler
    assert handler is not None
    resolution.send_letter(complaint, kind=MessageKind.UPDATE, letter=letter, by=handler, now=NOW + 4 * HOUR)
    return Promise.objects.get()


def test_what_a_letter_promised_and_nobody_did_is_noticed_though_nobody_touched_the_file() -> None:
    complaint = factories.investigating()
    promise = promised(complaint, by=NOW + timedelta(days=2))
    actions.watch(now=NOW + timedelta(days=1))
    assert not Weighing.objects.exists()
    actions.watch(now=promise.due_at + HOUR)
    assert Weighing.objects.current().get().factors == [Factor.BROKEN_PROMISE]
    assert str(warned(complaint, promise.due_at + HOUR)) == "Promise broken: Send the till roll +3"


@pytest.mark.parametrize(("days", "factors"), [(1, []), (3, [Factor.BROKEN_PROMISE])])
def test_kept_late_a_promise_was_broken_and_let_go_it_was_none(days: int, factors: list[Factor]) -> None:
    complaint = factories.investigating()
    handler = factories.handler_user()
    promise = promised(complaint, by=NOW + timedelta(days=2))
    kept, now = NOW + timedelta(days=days), NOW + timedelta(days=4)
    resolution.keep_promise(promise, by=handler, now=kept)
    assert warned(complaint, now).factors == factors
    Promise.objects.update(kept_at=None, dropped_at=kept)
    assert not warned(complaint, now).signs


def test_a_customer_found_to_be_vulnerable_is_noticed() -> None:
    complaint = factories.received()
    actions.watch(now=NOW + HOUR)
    assert not Weighing.objects.exists()
    customer = complaint.customer
    assert customer is not None
    customer.vulnerable = True
    customer._history_date = NOW
    customer.save()
    actions.watch(now=NOW + 2 * HOUR)
    assert Weighing.objects.get().factors == [Factor.VULNERABLE]


def test_what_could_not_be_raised_is_raised_by_the_next_look() -> None:
    rising()
    assert actions.watch(now=NOW + HOUR) == 0
    ladder()
    assert actions.watch(now=NOW + 2 * HOUR) == 1


def test_queries_do_not_grow_with_what_nobody_touched() -> None:
    ladder()
    factories.received()
    actions.watch(now=NOW + HOUR)
    few = queries(NOW + 2 * HOUR)
    for _ in range(5):
        factories.received()
    actions.watch(now=NOW + 2 * HOUR)
    assert queries(NOW + 3 * HOUR) <= few


def queries(now: datetime) -> int:
    with CaptureQueriesContext(connection) as asked:
        actions.watch(now=now)
    return len(asked)
