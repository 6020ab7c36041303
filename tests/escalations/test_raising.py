from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from complaints.resolution import actions as resolution
from complaints.resolution.actors import System
from complaints.resolution.exceptions import NotPermitted, NotVisible
from complaints.resolution.exceptions import Refused as FileRefused
from complaints.resolution.models import AuthorityLimit, EntryKind, Priority
from escalations import actions
from escalations.exceptions import AlreadyAsked, AskNeeded, NoQueue, Refused, TriedNeeded
from escalations.models import Escalation, Queue, Reason, State
from tests import factories
from tests.escalations.people import LATER, ladder, manager, queue, raised, supervisor
from tests.factories import NOW, TRIED

pytestmark = pytest.mark.django_db


def test_a_question_by_hand_says_what_is_asked_what_was_tried_and_how_the_customer_is() -> None:
    supervisors, _ = ladder()
    supervisor()
    handler = factories.handler_user()
    complaint = factories.investigating(by=handler)
    asked = raised(complaint, by=handler, wanted_by=LATER + timedelta(hours=1))
    assert (asked.queue, asked.level, asked.state) == (supervisors, 1, State.OPEN)
    assert (asked.ask, asked.tried, asked.mood) == (
        "May I waive the fee?",
        "Explained the fee twice.",
        "upset",
    )
    assert (asked.raised_by, asked.raised_by_name) == (handler, handler.get_full_name())
    assert asked.due_at == LATER + timedelta(hours=1)


def test_the_wish_for_a_late_answer_does_not_put_it_off() -> None:
    ladder()
    assert raised(wanted_by=LATER + timedelta(days=30)).due_at < LATER + timedelta(days=2)


def test_the_question_stands_in_the_complaints_ledger() -> None:
    ladder()
    asked = raised()
    entry = asked.complaint.entries.get(kind=EntryKind.ESCALATION)
    assert "put before Managers" in entry.text or "put before Supervisors" in entry.text
    assert entry.facts["escalation"] == asked.pk
    assert entry.at == LATER


@pytest.mark.parametrize("tried", ["", "  \n"])
def test_without_what_was_tried_so_far_it_is_refused(tried: str) -> None:
    ladder()
    with pytest.raises(TriedNeeded):
        raised(tried=tried)
    assert not Escalation.objects.exists()


def test_the_database_too_wants_to_know_what_was_tried() -> None:
    ladder()
    asked = raised()
    with pytest.raises(IntegrityError), transaction.atomic():
        Escalation.objects.filter(pk=asked.pk).update(tried="")


def test_without_a_question_it_is_refused() -> None:
    ladder()
    with pytest.raises(AskNeeded):
        raised(ask=" ")


def test_only_those_who_work_complaints_raise_by_hand() -> None:
    ladder()
    with pytest.raises(NotPermitted):
        raised(by=factories.quality_user())
    with pytest.raises(NotPermitted):
        actions.raise_escalation(
            factories.investigating(), reason=Reason.RAISED, by=System.CLOCK, now=LATER, ask="a", tried="b"
        )


def test_what_one_may_not_see_one_may_not_raise() -> None:
    ladder()
    handler = factories.handler_user()
    complaint = factories.investigating()
    complaint.about.add(handler)
    with pytest.raises(NotVisible):
        raised(complaint, by=handler)


def test_raising_the_same_twice_changes_nothing_more() -> None:
    ladder()
    handler = factories.handler_user()
    complaint = factories.investigating(by=handler)
    first, entries = raised(complaint, by=handler), complaint.entries.count()
    assert raised(complaint, by=handler, now=LATER + timedelta(minutes=1)) == first
    assert (Escalation.objects.count(), complaint.entries.count()) == (1, entries)


def test_a_second_question_by_hand_waits_for_the_first_and_is_not_lost_silently() -> None:
    ladder()
    handler = factories.handler_user()
    complaint = factories.investigating(by=handler)
    raised(complaint, by=handler)
    with pytest.raises(AlreadyAsked):
        raised(complaint, by=handler, ask="Something else?")
    assert (
        actions.raise_escalation(complaint, reason=Reason.SERIOUS, by=handler, now=LATER).reason == "serious"
    )


def test_the_database_holds_one_unanswered_question_a_reason() -> None:
    ladder()
    asked = raised()
    twin = Escalation.objects.get(pk=asked.pk)
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


def test_a_reason_may_come_up_again_once_answered() -> None:
    ladder()
    person = supervisor()
    handler = factories.handler_user()
    complaint = factories.investigating(by=handler)
    first = raised(complaint, by=handler)
    actions.answer(first, text="Waive it.", by=person, now=LATER)
    assert raised(complaint, by=handler, ask="And the second fee?") != first


def test_without_any_queue_there_is_nobody_to_ask() -> None:
    with pytest.raises(NoQueue):
        raised()


def test_a_queue_out_of_use_is_not_asked() -> None:
    supervisors, managers = ladder()
    supervisor(), manager()
    Queue.objects.filter(pk=supervisors.pk).update(active=False)
    assert raised().queue == managers


def test_who_asks_is_not_counted_among_those_who_could_answer() -> None:
    ladder()
    only_one, top = supervisor(), manager()
    assert raised(by=only_one).queue.group == top.groups.get()


def test_a_question_goes_where_somebody_may_see_the_complaint() -> None:
    supervisors, managers = ladder()
    one, top = supervisor(), manager()
    complaint = factories.investigating()
    complaint.about.add(one)
    assert raised(complaint).queue == managers
    hidden = factories.investigating()
    resolution.restrict(hidden, confidants=[], reason="Delicate", by=top, now=LATER)
    assert raised(hidden, by=top).queue in (
        supervisors,
        managers,
    )  # nobody else sees it: the highest is asked
    assert raised(hidden, by=top).queue == managers


def test_an_offer_goes_to_the_lowest_queue_whose_group_may_grant_it() -> None:
    supervisors, managers = ladder()
    supervisor(), manager()
    low, high = factories.referred(amount=900), factories.referred(amount=1500)
    assert Escalation.objects.get(complaint=low).queue == supervisors
    assert Escalation.objects.get(complaint=high).queue == managers


def test_what_was_granted_before_counts_against_a_queues_ceiling() -> None:
    supervisors, managers = ladder()
    supervisor(), manager()
    factories.house_limits()
    customer = factories.CustomerFactory()
    for _ in range(4):  # 400 of the 2,000 a year that supervisors may grant one customer: 100 each
        factories.offered(customer=customer)
    just = factories.referred(amount=1000, customer=customer)
    assert Escalation.objects.get(complaint=just).queue == supervisors
    AuthorityLimit.objects.filter(group__name="Supervisor").update(per_customer=1399)
    over = factories.referred(amount=1000, customer=customer)
    assert Escalation.objects.get(complaint=over).queue == managers


def test_a_limit_for_the_category_or_kind_counts_before_the_general_one() -> None:
    supervisors, managers = ladder()
    supervisor(), manager()
    category = factories.CategoryFactory()
    factories.house_limits()
    factories.limit("Supervisor", 50, category=category)
    special = factories.referred(amount=500, category=category)
    assert Escalation.objects.get(complaint=special).queue == managers
    plain = factories.referred(amount=500)
    assert Escalation.objects.get(complaint=plain).queue == supervisors


def test_another_currency_needs_a_limit_of_its_own() -> None:
    _, managers = ladder()
    supervisor(), manager()
    handler = factories.handler_user()
    factories.limit("Manager", 900, currency="EUR")
    complaint = factories.ready_to_offer(by=handler)
    resolution.refer(
        complaint, tried=TRIED, terms=factories.terms(100, currency="EUR"), by=handler, now=LATER
    )
    assert Escalation.objects.get(complaint=complaint).queue == managers


def test_the_weight_is_written_down_when_it_is_raised() -> None:
    ladder()
    customer = factories.CustomerFactory(vulnerable=True)
    complaint = factories.investigating(customer=customer, priority=Priority.SERIOUS)
    assert raised(complaint).urgency >= 6


def test_the_first_queues_are_made_once() -> None:
    made = actions.set_up_queues()
    assert [(one.name, one.level, one.group.name) for one in made] == [
        ("Supervisors", 1, "Supervisor"),
        ("Managers", 2, "Manager"),
    ]
    assert actions.set_up_queues() == []
    assert Group.objects.filter(name="Supervisor").count() == 1


def test_a_queue_for_one_reason_is_meant_before_the_general_one() -> None:
    ladder()
    supervisor()
    press = queue("Press", 1, "Press office", reasons=["media"])
    factories.user_in("Press office", factories.SUPERVISOR)
    complaint = factories.received(media_risk=True, now=NOW)
    assert Escalation.objects.get(complaint=complaint, reason=Reason.MEDIA).queue == press


def test_every_refusal_is_one_of_the_files_refusals_so_that_one_face_catches_both() -> None:
    assert issubclass(Refused, FileRefused)
