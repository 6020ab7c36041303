from datetime import UTC, datetime, timedelta

import pytest

from complaints.resolution import actions as resolution
from complaints.resolution.actors import System
from complaints.resolution.models import Complaint, Concern, Deadline, MessageKind, Priority
from complaints.resolution.signals import moved
from escalations import actions, receivers, tasks
from escalations.models import Decision, Escalation, Reason, State
from tests import factories
from tests.escalations.people import LATER, ladder, manager, over_limit, raised, supervisor
from tests.factories import LETTER, NOW

pytestmark = pytest.mark.django_db


def unanswered(reason: Reason) -> list[Escalation]:
    return list(Escalation.objects.unanswered().filter(reason=reason))


@pytest.fixture
def deaf() -> object:
    """The file moves and nobody listens."""
    moved.disconnect(dispatch_uid="escalations.moved")
    yield
    moved.connect(receivers.hear, dispatch_uid="escalations.moved")


def test_the_fixture_makes_deaf(deaf: object) -> None:
    ladder()
    factories.received(priority=Priority.SERIOUS)
    assert not Escalation.objects.exists()


def silent_case() -> Complaint:
    """In hand, nothing missed, and nothing said for long."""
    complaint = factories.investigating()
    Deadline.objects.filter(complaint=complaint).update(stopped_at=NOW)
    return complaint


def test_a_long_silence_is_raised_once_and_ends_with_a_letter() -> None:
    ladder()
    handler = factories.handler_user()
    complaint = silent_case()
    tenth_day = datetime(2026, 3, 16, 17, 0, tzinfo=UTC)
    assert actions.raise_long_silence(now=tenth_day - timedelta(minutes=1)) == 0
    assert actions.raise_long_silence(now=tenth_day + timedelta(minutes=1)) == 1
    assert Escalation.objects.get().ask == "The customer has not heard from us since 2 Mar 2026, 11:00."
    assert actions.raise_long_silence(now=tenth_day + timedelta(days=1)) == 0
    resolution.send_letter(
        complaint, kind=MessageKind.UPDATE, letter=LETTER, by=handler, now=tenth_day + timedelta(days=1)
    )
    assert Escalation.objects.get().state == State.MOOT
    assert actions.raise_long_silence(now=tenth_day + timedelta(days=2)) == 0


def test_while_the_customer_must_answer_our_silence_is_no_fault() -> None:
    ladder()
    factories.waiting()
    factories.offered()
    Deadline.objects.update(stopped_at=NOW)
    assert actions.raise_long_silence(now=NOW + timedelta(days=60)) == 0


def test_silence_on_an_overdue_complaint_already_before_a_supervisor_is_not_asked_twice() -> None:
    ladder()
    factories.investigating()
    now = NOW + timedelta(days=60)
    assert actions.pass_milestones(now=now) > 1
    assert actions.raise_long_silence(now=now) == 0


def test_what_nobody_heard_is_found_in_the_file(deaf: object) -> None:
    ladder()
    supervisor(), manager()
    customer = factories.CustomerFactory(vulnerable=True)
    serious = factories.received(priority=Priority.SERIOUS, customer=customer, media_risk=True)
    referred = factories.referred()
    reopened = factories.responded()
    resolution.reopen(reopened, reason="Not right", by=System.FOLLOW_UP, now=NOW + timedelta(days=1))
    now = NOW + timedelta(days=1, hours=1)
    assert actions.raise_missed(now=now) == 5
    found = set(Escalation.objects.values_list("complaint", "reason"))
    assert found == {
        (serious.pk, "serious"),
        (serious.pk, "vulnerable"),
        (serious.pk, "media"),
        (referred.pk, "over_limit"),
        (reopened.pk, "unhappy"),
    }
    assert Escalation.objects.get(reason="over_limit").offer == factories.live_offer(referred)
    assert actions.raise_missed(now=now) == 0
    assert Escalation.objects.count() == 5


def test_two_declined_offers_nobody_heard_of_are_found(deaf: object) -> None:
    ladder()
    handler = factories.handler_user()
    complaint = factories.offered(by=handler)
    then = NOW + timedelta(days=1)
    resolution.decline(complaint, reason="No.", by=handler, now=then)
    assert actions.raise_missed(now=then) == 0
    resolution.propose(complaint, terms=factories.terms(50, now=then), by=handler, now=then)
    resolution.offer(complaint, letter=LETTER, by=handler, now=then)
    resolution.decline(complaint, reason="No.", by=handler, now=then)
    assert [actions.raise_missed(now=then) for _ in range(2)] == [1, 0]
    assert unanswered(Reason.DECLINED)


def test_what_was_heard_and_answered_is_not_found_again() -> None:
    ladder()
    person = supervisor()
    complaint = factories.received(priority=Priority.SERIOUS)
    actions.answer(Escalation.objects.get(), text="On it.", by=person, now=LATER)
    decided = over_limit()
    actions.refuse(decided, text="No.", by=person, now=LATER)
    assert actions.raise_missed(now=LATER) == 0
    assert Escalation.objects.filter(complaint=complaint).count() == 1


def test_what_has_answered_itself_meanwhile_is_not_raised(deaf: object) -> None:
    ladder()
    handler = factories.handler_user()
    complaint = factories.waiting(by=handler)
    resolution.raise_concern(complaint, concern=Concern.NO_ANSWER, by=System.FOLLOW_UP, now=LATER)
    resolution.hear(complaint, answers={complaint.questions.get().pk: "Blue."}, by=handler, now=LATER)
    actions.raise_missed(now=LATER)
    assert not Escalation.objects.exists()


def test_the_repair_waits_for_a_queue() -> None:
    factories.received(priority=Priority.SERIOUS)
    assert actions.raise_missed(now=LATER) == 0
    ladder()
    assert actions.raise_missed(now=LATER) == 1


def test_moot_questions_are_ended_though_nobody_listened(deaf: object) -> None:
    ladder()
    handler, person = factories.handler_user(), manager()
    referred = factories.referred(by=handler)
    kept = factories.received(priority=Priority.SERIOUS)
    actions.raise_missed(now=LATER)
    resolution.approve(referred, seal=factories.live_offer(referred).seal, by=person, now=LATER)
    assert [actions.settle_all_moot(now=LATER) for _ in range(2)] == [1, 0]
    ended = Escalation.objects.get(complaint=referred)
    assert (ended.decision, ended.decision_text) == (
        Decision.MOOT,
        "The offer no longer waits for approval: it is approved.",
    )
    assert Escalation.objects.get(complaint=kept).is_unanswered


def test_urgency_is_weighed_anew_as_deadlines_come_nearer() -> None:
    ladder()
    complaint = factories.received(now=NOW)
    asked = raised(complaint, now=NOW)
    before = asked.urgency
    now = NOW + timedelta(days=60)
    assert actions.refresh_urgency(now=now) == 1
    asked.refresh_from_db()
    assert asked.urgency == before + 3 - 2 + 2  # missed instead of near, and the answer is overdue
    assert actions.refresh_urgency(now=now) == 0


def test_the_sweeps_do_not_ask_more_of_the_database_for_more_to_look_at(
    django_assert_max_num_queries: object,
) -> None:
    ladder()
    for _ in range(3):
        factories.received()
    now = NOW + timedelta(hours=1)
    assert callable(django_assert_max_num_queries)
    with django_assert_max_num_queries(12):
        for sweep in (actions.pass_milestones, actions.raise_long_silence):
            assert sweep(now=now) == 0
        actions.raise_missed(now=now)


def test_every_task_looks_at_the_moment_it_is_given_and_twice_changes_nothing_more() -> None:
    ladder()
    supervisor(), manager()
    factories.received(customer=factories.CustomerFactory(vulnerable=True))
    over_limit()
    raised()
    now = (NOW + timedelta(days=30)).isoformat()
    every = [
        tasks.raise_missed,
        tasks.pass_milestones,
        tasks.raise_long_silence,
        tasks.settle_moot,
        tasks.pass_up_unanswered,
        tasks.refresh_urgency,
        tasks.tell_queues,
    ]
    for task in every:
        task(now=now)
    rows = list(Escalation.objects.order_by("pk").values())
    assert {row["level"] for row in rows} == {1, 2}
    for task in every:
        task(now=now)
    assert list(Escalation.objects.order_by("pk").values()) == rows
