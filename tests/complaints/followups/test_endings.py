"""Closing what may be closed, without noise; and a question that stays unanswered becomes somebody's concern."""

from datetime import timedelta

import pytest

from complaints.followups import actions as followups
from complaints.followups.actions import endings
from complaints.resolution import actions
from complaints.resolution.actions import Terms
from complaints.resolution.exceptions import PromisesOpen
from complaints.resolution.models import Channel, Complaint, Concern, Direction, Promise, State
from tests import factories
from tests.factories import LETTER, NOW

pytestmark = pytest.mark.django_db
#: Factories' documented complaints are answered two days and an hour after NOW.
MAY_CLOSE = NOW + timedelta(days=16, hours=1)


@pytest.fixture(autouse=True)
def _asks_after_a_week(monkeypatch: pytest.MonkeyPatch) -> None:
    """The factories' offers promise a follow-up in late April; here none is promised later than the usual week."""
    real = factories.terms

    def terms(*amounts: str | int, **details: object) -> Terms:
        made = real(*amounts, **details)  # type: ignore[arg-type]
        return Terms(made.lines, made.open_until, (NOW + timedelta(days=5)).date(), made.benefit)

    monkeypatch.setattr(factories, "terms", terms)


def state_of(complaint: Complaint) -> str:
    return str(Complaint.objects.get(pk=complaint.pk).state)


def documented() -> Complaint:
    complaint = factories.documented()
    followups.send_due(now=NOW + timedelta(days=9, hours=2))
    return complaint


def test_a_documented_complaint_closes_when_its_time_to_object_has_run_out() -> None:
    complaint = documented()
    assert followups.close_due(now=MAY_CLOSE - timedelta(seconds=1)) == 0
    assert followups.close_due(now=MAY_CLOSE) == 1
    assert followups.close_due(now=MAY_CLOSE) == 0
    assert state_of(complaint) == State.CLOSED
    assert complaint.entries.get(move="close").actor_name == "the follow-up"


def test_a_yes_closes_it_at_once() -> None:
    complaint = documented()
    said = NOW + timedelta(days=10)
    assert complaint.customer is not None
    followups.take_follow_up_answer(complaint, satisfied=True, text="", by=complaint.customer, now=said)
    assert followups.close_due(now=said) == 1


def test_what_we_still_owe_by_our_word_stays_with_the_staff() -> None:
    complaint = documented()
    letter = complaint.messages.filter(direction=Direction.OUT)[0]
    owner, due = factories.handler_user(), MAY_CLOSE + timedelta(days=30)
    promise = Promise.objects.create(
        complaint=complaint, message=letter, text="Refund of the fee", due_at=due, owner=owner, made_at=NOW
    )
    with pytest.raises(PromisesOpen, match="“Refund of the fee”"):
        actions.close(complaint, by=owner, now=MAY_CLOSE)
    assert followups.close_due(now=MAY_CLOSE) == 0
    actions.keep_promise(promise, by=owner, now=MAY_CLOSE)
    assert followups.close_due(now=MAY_CLOSE) == 1


def test_what_is_not_documented_stays_with_the_staff(caplog: pytest.LogCaptureFixture) -> None:
    complaint = factories.answered()
    followups.send_due(now=NOW + timedelta(days=9, hours=2))
    assert followups.close_due(now=MAY_CLOSE + timedelta(days=100)) == 0
    assert state_of(complaint) == State.ANSWERED
    assert caplog.text == ""


def test_a_fault_without_a_root_cause_stays_with_the_staff() -> None:
    complaint = documented()
    finding = complaint.finding
    finding.root_cause = None
    finding.save()
    assert followups.close_due(now=MAY_CLOSE) == 0


def test_a_complaint_without_a_finding_closes_too() -> None:
    handler = factories.handler_user()
    complaint = factories.received()
    actions.settle(complaint, lines=[], acceptance="Yes.", proof="Done.", letter=LETTER, by=handler, now=NOW)
    actions.document(complaint, problem="p", cause="c", solution="s", by=handler, now=NOW)
    followups.send_due(now=NOW + timedelta(days=7))
    assert followups.close_due(now=NOW + timedelta(days=14)) == 1


def test_what_the_customer_wrote_since_the_answer_is_read_before_anything_is_closed() -> None:
    complaint = documented()
    assert complaint.customer is not None
    actions.take_message(
        complaint,
        body="But the fee?",
        channel=Channel.EMAIL,
        by=complaint.customer,
        now=NOW + timedelta(days=10),
    )
    assert followups.close_due(now=MAY_CLOSE) == 0


def test_an_objection_on_the_telephone_keeps_it_open_until_it_is_taken_back() -> None:
    complaint, handler = documented(), factories.handler_user()
    called = NOW + timedelta(days=10)
    actions.record_follow_up(complaint, satisfied=False, text="Not paid.", by=handler, now=called)
    assert followups.close_due(now=MAY_CLOSE) == 0
    actions.record_follow_up(complaint, satisfied=True, text="Found it.", by=handler, now=called)
    later = called + timedelta(days=1)
    actions.record_follow_up(complaint, satisfied=True, text="Found it.", by=handler, now=later)
    assert followups.close_due(now=MAY_CLOSE) == 1


@pytest.mark.parametrize("concern", [Concern.UNHAPPY, Concern.ASKED_FOR_MANAGER])
def test_a_concern_since_the_answer_keeps_it_open(concern: Concern) -> None:
    complaint = documented()
    actions.raise_concern(
        complaint, concern=concern, by=factories.handler_user(), now=NOW + timedelta(days=10)
    )
    assert followups.close_due(now=MAY_CLOSE) == 0


def test_nothing_is_closed_before_the_customer_was_asked_and_had_time_to_object() -> None:
    """The workers were down: the follow-up goes only after the fortnight is over."""
    factories.documented()
    back = MAY_CLOSE + timedelta(days=1)
    assert followups.close_due(now=back) == 0
    assert followups.send_due(now=back) == 1
    assert followups.close_due(now=back + timedelta(days=2)) == 0
    assert followups.close_due(now=back + timedelta(days=3)) == 1


def test_many_that_may_not_be_closed_do_not_hide_one_that_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endings, "BATCH", 2)
    handler = factories.handler_user()
    early = [factories.documented(by=handler, now=NOW + timedelta(days=10)) for _ in range(3)]
    complaint = documented()
    assert followups.close_due(now=MAY_CLOSE) == 1
    assert state_of(complaint) == State.CLOSED
    assert {state_of(one) for one in early} == {State.ANSWERED}


def test_one_that_fails_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    poison, well = documented(), documented()
    Complaint.objects.filter(pk=poison.pk).update(pack_code="no such pack")
    assert followups.close_due(now=MAY_CLOSE) == 1
    assert state_of(well) == State.CLOSED
    assert str(poison.pk) in caplog.text


def test_an_unanswered_question_is_reported_once() -> None:
    complaint = factories.waiting()
    silent_since = NOW.replace(day=16, hour=17)
    assert followups.report_unanswered(now=silent_since - timedelta(seconds=1)) == 0
    assert followups.report_unanswered(now=silent_since) == 1
    assert followups.report_unanswered(now=silent_since + timedelta(days=1)) == 0
    entry = complaint.entries.get(concern=Concern.NO_ANSWER)
    assert entry.text == "We asked on 2 March and have not heard."


def test_a_question_asked_again_is_reported_again() -> None:
    handler = factories.handler_user()
    complaint = factories.waiting(by=handler)
    again = NOW + timedelta(days=21)
    followups.report_unanswered(now=again)
    actions.hear(complaint, answers={}, waived_because="Asked otherwise.", by=handler, now=again)
    actions.ask(complaint, questions=["Which?"], letter=LETTER, answer_by=again, by=handler, now=again)
    assert followups.report_unanswered(now=again + timedelta(days=1)) == 0
    assert followups.report_unanswered(now=again + timedelta(days=21)) == 1
    assert complaint.entries.filter(concern=Concern.NO_ANSWER).count() == 2


def test_an_answered_question_is_not_reported() -> None:
    complaint = factories.waiting()
    assert complaint.customer is not None
    actions.hear(complaint, answers={complaint.questions.get().pk: "Blue."}, by=complaint.customer, now=NOW)
    assert followups.report_unanswered(now=NOW + timedelta(days=60)) == 0
