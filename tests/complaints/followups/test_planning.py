"""Which letters are planned when something happens, and which of them it makes moot."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.followups import actions as followups
from complaints.followups.models import PlannedLetter, PlannedState
from complaints.resolution import actions
from complaints.resolution.actions import PastComplaint
from complaints.resolution.actors import System
from complaints.resolution.models import Channel, Complaint, Customer, Entry, MessageKind, State
from tests import factories
from tests.complaints.followups.post import planned, the_letter
from tests.factories import LETTER, NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=6)


def customer_of(complaint: Complaint) -> Customer:
    assert complaint.customer is not None
    return complaint.customer


def test_every_stage_of_life_has_exactly_its_letters() -> None:
    stages = {
        factories.received: [("acknowledgement", 1)],
        factories.acknowledged: [],
        factories.investigating: [],
        factories.waiting: [("question_reminder", 1), ("question_reminder", 2)],
        factories.referred: [],
        factories.approved: [],
        factories.offered: [("offer_reminder", 1)],
        factories.fulfilling: [],
        factories.answered: [("follow_up", 1)],
        factories.responded: [("follow_up", 1)],
        factories.closed: [("closing", 1), ("survey", 1), ("survey_reminder", 1)],
    }
    assert {make.__name__: planned(make()) for make in stages} == {
        make.__name__: expected for make, expected in stages.items()
    }


def test_an_answer_cancels_the_reminders_of_the_question() -> None:
    complaint = factories.waiting()
    question = complaint.questions.get()
    actions.hear(complaint, answers={question.pk: "The blue one."}, by=customer_of(complaint), now=LATER)
    assert planned(complaint) == []
    cancelled = the_letter(complaint, MessageKind.QUESTION_REMINDER)
    assert (cancelled.state, cancelled.settled_at) == (PlannedState.CANCELLED, LATER)
    assert cancelled.why_cancelled == "Overtaken by: Record the answer"


def test_a_second_question_has_reminders_of_its_own() -> None:
    handler = factories.handler_user()
    complaint = factories.waiting(by=handler)
    actions.hear(complaint, answers={}, waived_because="Found it.", by=handler, now=LATER)
    actions.ask(
        complaint,
        questions=["And when?"],
        letter=LETTER,
        answer_by=NOW + timedelta(days=9),
        by=handler,
        now=LATER + timedelta(hours=1),
    )
    assert planned(complaint) == [("question_reminder", 1), ("question_reminder", 2)]
    assert len(planned(complaint, PlannedState.CANCELLED)) == 3  # the acknowledgement among them


@pytest.mark.parametrize("ending", ["accept", "decline", "lapse", "withdraw"])
def test_whatever_becomes_of_an_offer_its_reminder_is_cancelled(ending: str) -> None:
    complaint = factories.offered()
    customer = customer_of(complaint)
    deeds = {
        "accept": lambda: actions.accept(complaint, by=customer, now=LATER),
        "decline": lambda: actions.decline(complaint, reason="Too little.", by=customer, now=LATER),
        "lapse": lambda: actions.lapse(complaint, by=System.CLOCK, now=NOW + timedelta(days=20)),
        "withdraw": lambda: actions.withdraw(complaint, words="Never mind.", by=customer, now=LATER),
    }
    deeds[ending]()
    assert planned(complaint) == []


def test_reopening_cancels_the_follow_up() -> None:
    complaint = factories.answered()
    actions.reopen(complaint, reason="Not paid.", by=System.FOLLOW_UP, now=NOW + timedelta(days=3))
    assert planned(complaint) == []


def test_reopening_cancels_closing_letter_and_survey() -> None:
    complaint = factories.closed()
    actions.reopen(complaint, reason="Not paid.", by=System.FOLLOW_UP, now=NOW + timedelta(days=31))
    assert planned(complaint) == []


def test_a_follow_up_by_telephone_spares_the_customer_the_letter() -> None:
    handler = factories.handler_user()
    complaint = factories.answered(by=handler)
    actions.record_follow_up(
        complaint, satisfied=True, text="Called.", by=handler, now=NOW + timedelta(days=3)
    )
    assert planned(complaint) == []
    assert the_letter(complaint, MessageKind.FOLLOW_UP).why_cancelled == "The customer has said how it is."


def test_a_note_cancels_nothing() -> None:
    complaint = factories.waiting()
    actions.note(complaint, text="Called, nobody there.", by=complaint.handler, now=LATER)  # type: ignore[arg-type]
    assert len(planned(complaint)) == 2


def test_settling_or_spoken_thanks_spare_the_customer_the_acknowledgement() -> None:
    thanked, settled = factories.acknowledged(), factories.received()
    actions.settle(
        settled,
        lines=[],
        acceptance="Yes, thank you.",
        proof="Changed the address.",
        letter=LETTER,
        by=factories.handler_user(),
        now=LATER,
    )
    assert planned(thanked) == []
    assert planned(settled) == [("follow_up", 1)]


def test_a_merged_complaint_leaves_the_letters_to_the_other() -> None:
    customer = factories.CustomerFactory()
    one, other = factories.received(customer=customer), factories.received(customer=customer)
    actions.merge(one, into=other, reason="The same.", by=factories.handler_user(), now=LATER)
    assert planned(one) == []
    assert planned(other) == [("acknowledgement", 1)]


def imported(*, closed: bool) -> Complaint:
    past = PastComplaint(
        external_source="old",
        external_id=f"1-{closed}",
        title="An old one",
        words="Long ago.",
        channel=Channel.LETTER,
        received_at=NOW - timedelta(days=20),
        closed=closed,
        closed_at=NOW - timedelta(days=1) if closed else None,
        customer=factories.CustomerFactory(),
    )
    [complaint] = actions.record_history([past], by=System.IMPORTER, now=NOW)
    return complaint


def test_imported_history_gets_no_letters() -> None:
    for complaint in (imported(closed=True), imported(closed=False)):
        followups.plan_missing(now=NOW)
        followups.plan_for([complaint.entries.get()], now=NOW)
        assert planned(complaint) == []


def test_an_imported_complaint_that_is_worked_on_gets_no_letters_either() -> None:
    complaint = imported(closed=False)
    actions.acknowledge(complaint, spoken="Thanked.", by=factories.handler_user(), now=NOW)
    actions.investigate(complaint, by=factories.handler_user(), now=NOW)
    actions.reopen(imported(closed=True), reason="Came back.", by=System.FOLLOW_UP, now=NOW)
    assert not PlannedLetter.objects.exists()


def test_planning_twice_plans_once() -> None:
    complaint = factories.received()
    entry = complaint.entries.get()
    first = followups.plan_for([entry], now=NOW)
    assert followups.plan_for([entry], now=LATER) == first
    assert PlannedLetter.objects.count() == 1


def test_an_old_turn_plans_nothing_any_more() -> None:
    complaint = factories.waiting()
    followups.plan_for(complaint.entries.filter(kind="opened"), now=LATER)
    assert planned(complaint) == [("question_reminder", 1), ("question_reminder", 2)]


def test_the_sweep_plans_what_the_listener_missed_and_nothing_else() -> None:
    complaints = [factories.received(), factories.waiting(), factories.offered(), factories.answered()]
    complaints.append(factories.closed())
    before = {complaint.pk: planned(complaint) for complaint in complaints}
    PlannedLetter.objects.filter(settled_at=None).delete()

    assert followups.plan_missing(now=NOW + timedelta(days=31)) == 8
    assert {complaint.pk: planned(complaint) for complaint in complaints} == before
    assert followups.plan_missing(now=NOW + timedelta(days=31)) == 0


def test_the_sweep_plans_late_letters_for_the_moment_they_were_due() -> None:
    complaint = factories.received()
    PlannedLetter.objects.all().delete()
    followups.plan_missing(now=NOW + timedelta(days=2))
    assert the_letter(complaint, MessageKind.ACKNOWLEDGEMENT).due_at == NOW


def test_a_complaint_that_cannot_be_planned_does_not_stop_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    poison, well = factories.received(), factories.received()
    PlannedLetter.objects.all().delete()
    Complaint.objects.filter(pk=poison.pk).update(pack_code="no such pack")
    assert followups.plan_missing(now=LATER) == 1
    assert planned(well) == [("acknowledgement", 1)]
    assert f"complaint {poison.pk}" in caplog.text


def test_long_closed_complaints_are_left_in_peace() -> None:
    factories.closed()
    PlannedLetter.objects.filter(settled_at=None).delete()
    assert followups.plan_missing(now=NOW + timedelta(days=100)) == 0


def test_the_sweep_asks_the_database_once_when_nothing_is_missing() -> None:
    factories.received()
    factories.waiting()
    with CaptureQueriesContext(connection) as queries:
        followups.plan_missing(now=LATER)
    assert len(queries) == 1


def test_the_states_that_wait_for_letters_are_those_the_plan_knows() -> None:
    """A letter planned on arriving in a state that the sweep does not look at would be lost with its announcement."""
    arrived = set(Entry.objects.filter(planned_letters__isnull=False).values_list("to_state", flat=True))
    assert arrived == set()
    for make in (factories.waiting, factories.offered, factories.answered, factories.closed):
        make()
    arrived = set(Entry.objects.filter(planned_letters__isnull=False).values_list("to_state", flat=True))
    assert arrived == {State.RECEIVED, State.WAITING, State.OFFERED, State.ANSWERED, State.CLOSED}
