import logging
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.resolution import actions as resolution
from complaints.resolution.actors import System
from complaints.resolution.models import Complaint, Concern, Entry, EntryKind, Outcome, Priority
from escalations import actions
from escalations.models import Escalation, Reason, State
from escalations.moot import why_moot
from escalations.receivers import actor_of
from tests import factories
from tests.escalations.people import LATER, ladder, over_limit, supervisor
from tests.factories import LETTER, NOW

pytestmark = pytest.mark.django_db


def asked(complaint: Complaint) -> list[str]:
    return sorted(
        Escalation.objects.unanswered().filter(complaint=complaint).values_list("reason", flat=True)
    )


def test_a_referred_offer_is_put_before_a_supervisor_in_the_same_breath() -> None:
    ladder()
    handler = factories.handler_user()
    question = over_limit(by=handler)
    assert question.offer == factories.live_offer(question.complaint)
    assert (question.raised_by, question.raised_at) == (handler, NOW + timedelta(hours=4))


@pytest.mark.parametrize(
    "concern", [c for c in Concern if c is not Concern.NO_ANSWER and c is not Concern.SERIOUS]
)
def test_every_concern_reaches_a_supervisor(concern: Concern) -> None:
    ladder()
    complaint = factories.investigating(customer=factories.CustomerFactory(vulnerable=True))
    Escalation.objects.unanswered().filter(complaint=complaint)
    resolution.raise_concern(complaint, concern=concern, by=System.FOLLOW_UP, now=LATER, text="He said so.")
    question = Escalation.objects.unanswered().get(complaint=complaint, reason=concern)
    assert question.raised_by is None
    if concern is not Concern.VULNERABLE:  # that one stands since the opening
        assert (question.ask, question.raised_by_name) == ("He said so.", "the follow-up")


def test_every_concern_is_a_reason() -> None:
    assert {Reason(concern) for concern in Concern} <= set(Reason)


def test_serious_vulnerable_and_media_are_raised_at_the_opening() -> None:
    ladder()
    customer = factories.CustomerFactory(vulnerable=True)
    complaint = factories.received(customer=customer, priority=Priority.SERIOUS, media_risk=True)
    assert asked(complaint) == ["media", "serious", "vulnerable"]
    assert asked(factories.received()) == []


def test_found_serious_or_in_the_media_later_it_is_raised_then_and_calmed_it_ends() -> None:
    ladder()
    handler = factories.handler_user()
    complaint = factories.investigating(by=handler)
    resolution.correct(complaint, by=handler, now=LATER, priority=Priority.SERIOUS, media_risk=True)
    assert asked(complaint) == ["media", "serious"]
    resolution.correct(complaint, by=handler, now=LATER, priority=Priority.NORMAL)
    assert asked(complaint) == ["media"]


def note_on(complaints: list[Complaint]) -> int:
    """How many statements a note on each of these takes, written down and announced together."""
    notes = [(complaint, Entry(kind=EntryKind.NOTE, text="A line.")) for complaint in complaints]
    with CaptureQueriesContext(connection) as asked:
        resolution.record_all(notes, by=System.CLOCK, now=LATER)
    return len(asked)


def test_of_many_files_at_once_each_ends_its_own_questions_and_one_look_finds_them() -> None:
    ladder()
    quiet = [factories.received() for _ in range(9)]
    assert note_on(quiet[:2]) == note_on(quiet)
    alarmed = [factories.received(priority=Priority.SERIOUS) for _ in range(3)]
    calmed, still = alarmed[:2], alarmed[2]
    Complaint.objects.filter(pk__in=[one.pk for one in calmed]).update(priority=Priority.NORMAL)
    note_on([still, *quiet, *calmed])
    assert [asked(one) for one in alarmed] == [[], [], ["serious"]]


def test_abuse_is_put_before_a_supervisor_and_stays_when_the_complaint_ends() -> None:
    ladder()
    handler = factories.handler_user()
    complaint = factories.investigating(by=handler)
    resolution.hand_over_after_abuse(complaint, what="Threats, twice.", by=handler, now=LATER)
    question = Escalation.objects.unanswered().get(complaint=complaint, reason=Reason.ABUSE)
    assert (question.ask, question.raised_by) == ("Threats, twice.", handler)
    assert why_moot(question, factories.closed(by=handler), now=LATER) == ""


def test_a_customer_who_declines_and_wants_a_manager_reaches_one() -> None:
    ladder()
    complaint = factories.offered()
    assert complaint.customer is not None
    resolution.decline(
        complaint,
        reason="Too little.",
        wants_manager=True,
        by=complaint.customer,
        now=NOW + timedelta(days=1),
    )
    question = Escalation.objects.unanswered().get(complaint=complaint)
    assert (question.reason, question.ask) == (Reason.ASKED_FOR_MANAGER, "Too little.")
    assert question.raised_by_name == complaint.customer.name


def test_one_declined_offer_is_the_handlers_matter_a_second_one_a_supervisors() -> None:
    ladder()
    handler = factories.handler_user()
    complaint = factories.offered(by=handler)
    resolution.decline(complaint, reason="No.", by=handler, now=NOW + timedelta(days=1))
    assert asked(complaint) == []
    then = NOW + timedelta(days=2)
    resolution.propose(complaint, terms=factories.terms(50, now=then), by=handler, now=then)
    resolution.offer(complaint, letter=LETTER, by=handler, now=then)
    resolution.decline(complaint, reason="No, again.", by=handler, now=then)
    assert asked(complaint) == ["declined"]
    resolution.propose(complaint, terms=factories.terms(20, now=then), by=handler, now=then)
    assert asked(complaint) == []


def test_reopened_by_the_customers_word_it_reaches_a_supervisor_by_a_colleagues_not() -> None:
    ladder()
    handler = factories.handler_user()
    later = NOW + timedelta(days=5)
    told, taken_up = factories.responded(by=handler), factories.responded(by=handler)
    resolution.reopen(told, reason="Not put right", by=System.FOLLOW_UP, now=later)
    resolution.reopen(taken_up, reason="New evidence", by=handler, now=later)
    assert (asked(told), asked(taken_up)) == (["unhappy"], [])


def test_an_unhappy_answer_and_the_reopening_that_follows_are_one_question() -> None:
    ladder()
    complaint = factories.responded()
    later = NOW + timedelta(days=5)
    resolution.raise_concern(
        complaint, concern=Concern.UNHAPPY, by=System.FOLLOW_UP, now=later, text="1 of 5"
    )
    resolution.reopen(complaint, reason="1 of 5", by=System.FOLLOW_UP, now=later)
    assert Escalation.objects.filter(complaint=complaint).count() == 1


def test_no_answer_ends_when_the_customer_answers() -> None:
    ladder()
    handler = factories.handler_user()
    complaint = factories.waiting(by=handler)
    resolution.raise_concern(complaint, concern=Concern.NO_ANSWER, by=System.FOLLOW_UP, now=LATER)
    assert asked(complaint) == ["no_answer"]
    question = complaint.questions.get()
    resolution.hear(complaint, answers={question.pk: "The blue one."}, by=handler, now=LATER)
    ended = Escalation.objects.get(complaint=complaint)
    assert (ended.state, ended.decided_by, ended.decision_text) == (
        State.MOOT,
        None,
        "We no longer wait for the answer.",
    )


def test_withdrawn_ends_every_question_answered_only_those_of_open_complaints() -> None:
    ladder()
    handler = factories.handler_user()
    complaint = factories.ready_to_offer(by=handler, priority=Priority.SERIOUS)
    resolution.raise_concern(complaint, concern=Concern.ASKED_FOR_MANAGER, by=System.POST, now=LATER)
    resolution.respond(complaint, outcome=Outcome.UPHELD, letter=LETTER, by=handler, now=LATER)
    assert asked(complaint) == ["asked_for_manager"]
    other = factories.ready_to_offer(by=handler, priority=Priority.SERIOUS)
    resolution.raise_concern(other, concern=Concern.ASKED_FOR_MANAGER, by=System.POST, now=LATER)
    resolution.withdraw(other, words="Forget it.", by=handler, now=LATER)
    assert asked(other) == []


def test_without_a_queue_the_file_goes_on_and_the_log_says_so(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="escalations"):
        complaint = factories.received(priority=Priority.SERIOUS)
    assert complaint.pk
    assert "no queue" in caplog.text
    assert not Escalation.objects.exists()


def test_a_listener_that_fails_takes_the_whole_change_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    ladder()

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(actions, "raise_escalation", fail)
    with pytest.raises(RuntimeError):
        factories.received(priority=Priority.SERIOUS)
    assert not Complaint.objects.exists()


def test_the_one_who_did_it_is_known_again_from_the_ledger() -> None:
    complaint = factories.received()
    assert complaint.customer is not None
    colleague = factories.handler_user()
    assert actor_of(Entry(actor=colleague, actor_name="x"), complaint) == colleague
    assert actor_of(Entry(actor_name=complaint.customer.name), complaint) == complaint.customer
    assert actor_of(Entry(actor_name="the post"), complaint) is System.POST
    assert actor_of(Entry(actor_name="nobody known"), complaint) is System.CLOCK


def test_what_supervisors_do_raises_nothing_by_itself() -> None:
    ladder()
    person = supervisor()
    question = over_limit()
    actions.claim(question, by=person, now=LATER)
    actions.release(question, by=person, now=LATER)
    assert Escalation.objects.count() == 1
