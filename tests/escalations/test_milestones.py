"""Parts of deadlines used up: who hears of them, once, whatever became of the ticks."""

from datetime import datetime, timedelta
from decimal import Decimal
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.desk import lists
from complaints.resolution import actions as resolution
from complaints.resolution import timing
from complaints.resolution.models import Complaint, Entry, EntryKind, Milestone
from escalations import actions
from escalations.actions.steps import spoken
from escalations.calls import Call, call_of
from escalations.models import Escalation, Queue, Reason, State
from tests import factories
from tests.escalations.people import ladder, manager, queue, supervisor
from tests.factories import LETTER, NOW

pytestmark = pytest.mark.django_db
SOON = timedelta(minutes=1)
LONG = timedelta(days=90)


def part_of(complaint: Complaint, clock: str, part: str = "1") -> Milestone:
    return Milestone.objects.select_related("deadline").get(
        deadline__complaint=complaint, deadline__clock=clock, part=Decimal(part)
    )


def manned_ladder() -> None:
    ladder()
    supervisor(), manager()


def only(complaint: Complaint, *clocks: str) -> Complaint:
    """Of its clocks these alone call anybody."""
    Milestone.objects.filter(deadline__complaint=complaint).exclude(deadline__clock__in=clocks).delete()
    return complaint


def traces() -> list[Entry]:
    return list(Entry.objects.filter(facts__has_key="milestone").order_by("pk"))


@pytest.mark.parametrize(
    ("clock", "part", "expected"),
    [
        ("resolve", "0.8", Call(Reason.ABOUT_TO_BE_OVERDUE, 1)),
        ("resolve", "1", Call(Reason.OVERDUE, 2)),
        ("final_response", "0.8", Call(Reason.ABOUT_TO_BE_OVERDUE, 3)),
        ("acknowledgement", "0.8", Call()),
        ("acknowledgement", "1", Call(Reason.OVERDUE, 1)),
        ("remedy", "1", Call(Reason.OVERDUE, 1)),
    ],
)
def test_the_policy_says_who_hears_of_which_part(clock: str, part: str, expected: Call) -> None:
    pack = timing.pack_of(factories.received())
    assert call_of(pack, clock, Decimal(part)) == expected


def test_a_part_the_ladder_does_not_name_is_a_warning_to_the_handler_alone() -> None:
    ladder()
    complaint = only(factories.received(), "acknowledgement")
    nearly = part_of(complaint, "acknowledgement", "0.8")
    assert actions.pass_milestones(now=nearly.at - SOON) == 0
    assert actions.pass_milestones(now=nearly.at) == 1
    assert not Escalation.objects.exists()
    (warning,) = traces()
    assert (warning.kind, warning.actor_name) == (EntryKind.WARNING, "the clock")
    assert warning.text == "80% of “Acknowledge the complaint” is used up: it is due 3 Mar 2026, 17:00."
    assert actions.pass_milestones(now=nearly.at + SOON) == 0
    assert len(traces()) == 1


def test_a_part_the_ladder_names_is_put_before_the_level_it_names() -> None:
    manned_ladder()
    complaint = only(factories.received(), "resolve")
    nearly = part_of(complaint, "resolve", "0.8")
    assert actions.pass_milestones(now=nearly.at) == 1
    asked = Escalation.objects.get()
    assert (asked.reason, asked.level, asked.deadline) == (Reason.ABOUT_TO_BE_OVERDUE, 1, nearly.deadline)
    assert asked.true_due_at is None
    (entry,) = traces()
    assert entry.kind == EntryKind.ESCALATION
    assert entry.facts["escalation"] == asked.pk


def test_the_breach_takes_its_place_at_the_level_above() -> None:
    ladder()
    complaint = only(factories.received(), "resolve")
    actions.pass_milestones(now=part_of(complaint, "resolve", "0.8").at)
    breach = part_of(complaint, "resolve")
    actions.pass_milestones(now=breach.at + SOON)
    nearly, overdue = Escalation.objects.order_by("pk")
    assert (nearly.state, nearly.decision_text) == (
        State.MOOT,
        "It has become overdue, and that is asked instead.",
    )
    assert (overdue.reason, overdue.level, overdue.queue.name) == (Reason.OVERDUE, 2, "Managers")
    assert overdue.ask == "“Resolve the complaint” was due 30 Mar 2026, 17:00."
    said = list(complaint.entries.filter(kind=EntryKind.ESCALATION).values_list("text", flat=True))
    assert "About to be overdue: no longer needed. It has become overdue, and that is asked instead." in said


def test_a_question_that_stands_is_lifted_to_the_level_named_and_not_asked_twice() -> None:
    manned_ladder()
    complaint = only(factories.received(), "acknowledgement", "resolve")
    actions.pass_milestones(now=part_of(complaint, "acknowledgement").at + SOON)
    assert Escalation.objects.get().level == 1
    actions.pass_milestones(now=part_of(complaint, "resolve").at + SOON)
    lower, higher = Escalation.objects.order_by("pk")
    assert (lower.state, higher.level, higher.passed_up_from) == (State.PASSED_UP, 2, lower)
    assert lower.decision_text == "“Resolve the complaint” was due 30 Mar 2026, 17:00."


def test_where_the_firm_has_no_level_so_high_its_highest_is_asked() -> None:
    queue()
    complaint = only(factories.received(), "final_response")
    actions.pass_milestones(now=part_of(complaint, "final_response", "0.8").at)
    assert Escalation.objects.get().level == 1


def test_the_ladder_says_by_when_its_level_must_take_it() -> None:
    ladder()
    Queue.objects.filter(level=2).update(answer_within="2 business hours")
    complaint = only(factories.received(), "resolve")
    breach = part_of(complaint, "resolve")
    actions.pass_milestones(now=breach.at + timedelta(hours=16))
    assert Escalation.objects.get().due_at == breach.at + timedelta(hours=18)


def test_nobody_to_take_it_there_it_passes_to_the_next() -> None:
    manned_ladder()
    complaint = only(factories.received(), "acknowledgement")
    actions.pass_milestones(now=part_of(complaint, "acknowledgement").at + SOON)
    actions.pass_up_unanswered(now=Escalation.objects.get().due_at + SOON)
    assert Escalation.objects.unanswered().get().level == 2


def test_what_the_customer_owes_us_is_not_our_delay() -> None:
    ladder()
    complaint = only(factories.waiting(), "answer")
    assert actions.pass_milestones(now=NOW + LONG) == 0
    assert not Escalation.objects.filter(complaint=complaint).exists()


def test_what_we_promised_and_missed_is() -> None:
    ladder()
    only(factories.fulfilling(), "remedy")
    assert actions.pass_milestones(now=NOW + LONG) == 1
    assert Escalation.objects.get().reason == Reason.OVERDUE


def test_answered_overdue_rises_again_for_the_next_deadline_missed() -> None:
    ladder()
    person = supervisor()
    complaint = only(factories.received(), "acknowledgement", "update")
    now = part_of(complaint, "acknowledgement").at + SOON
    actions.pass_milestones(now=now)
    actions.answer(Escalation.objects.get(), text="Call him today.", by=person, now=now)
    assert actions.pass_milestones(now=now + SOON) == 0
    actions.pass_milestones(now=part_of(complaint, "update").at + SOON)
    assert Escalation.objects.unanswered().get().reason == Reason.OVERDUE


def test_nothing_overdue_any_more_ends_the_question() -> None:
    ladder()
    handler = factories.handler_user()
    complaint = factories.received()
    now = part_of(complaint, "acknowledgement").at + SOON
    actions.pass_milestones(now=now)
    resolution.acknowledge(complaint, spoken="Thanked, told the dates.", by=handler, now=now)
    ended = Escalation.objects.get()
    assert (ended.state, ended.decision_text) == (State.MOOT, "Nothing is overdue any more.")


def test_a_date_put_off_ends_the_question_and_it_is_raised_anew_when_the_new_one_is_near() -> None:
    manned_ladder()
    complaint = only(factories.investigating(), "resolve")
    lead = factories.supervisor_user()
    nearly = part_of(complaint, "resolve", "0.8").at
    actions.pass_milestones(now=nearly)
    seen = Complaint.objects.filter(pk=complaint.pk)
    assert lists.about_to_be_overdue(seen, nearly + SOON).exists()
    until = nearly + timedelta(days=60)
    move: dict[str, Any] = {
        "clock": "resolve",
        "until": until,
        "reason": "Ill.",
        "letter": LETTER,
        "by": lead,
    }
    resolution.move_date(complaint, now=nearly + SOON, **move)
    first = Escalation.objects.get()
    assert (first.state, first.decision_text) == (State.MOOT, f"It is not due before {spoken(until)} now.")
    assert not lists.about_to_be_overdue(seen, nearly + 2 * SOON).exists()
    only(complaint, "resolve")
    (again,) = Milestone.objects.ahead().filter(part=Decimal("0.8"))
    assert actions.pass_milestones(now=again.at - SOON) == 0
    assert actions.pass_milestones(now=again.at) == 1
    second = Escalation.objects.unanswered().get()
    assert (second.reason, second.deadline) == (Reason.ABOUT_TO_BE_OVERDUE, first.deadline)
    assert lists.about_to_be_overdue(seen, again.at + SOON).exists()


def test_questions_that_still_press_cost_the_look_for_what_is_over_nothing() -> None:
    manned_ladder()
    costs = []
    for number in (1, 3):
        complaints = [only(factories.received(), "resolve") for _ in range(number)]
        nearly = part_of(complaints[0], "resolve", "0.8").at
        assert actions.pass_milestones(now=nearly) == number
        with CaptureQueriesContext(connection) as asked:
            assert actions.settle_all_moot(now=nearly + SOON) == 0
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_missed_and_put_off_it_is_missed_anew() -> None:
    manned_ladder()
    complaint = only(factories.investigating(), "resolve")
    lead = factories.supervisor_user()
    breach = part_of(complaint, "resolve").at
    actions.pass_milestones(now=breach + SOON)
    until = breach + timedelta(days=30)
    move: dict[str, Any] = {
        "clock": "resolve",
        "until": until,
        "reason": "Ill.",
        "letter": LETTER,
        "by": lead,
    }
    resolution.move_date(complaint, now=breach + 2 * SOON, **move)
    only(complaint, "resolve")
    assert not Escalation.objects.unanswered().exists()
    actions.pass_milestones(now=until + SOON)
    assert Escalation.objects.unanswered().get().reason == Reason.OVERDUE


def test_the_longest_missed_is_raised_first() -> None:
    ladder()
    young, old = factories.received(now=NOW + timedelta(days=7)), factories.received()
    actions.pass_milestones(now=NOW + timedelta(days=20))
    raised = Escalation.objects.order_by("pk").values_list("complaint", flat=True)
    assert list(raised) == [old.pk, young.pk]


def test_a_lost_tick_is_made_up_for_by_the_next() -> None:
    ladder()
    complaint = only(factories.received(), "resolve")
    for tick in (part_of(complaint, "resolve", "0.8").at - SOON, part_of(complaint, "resolve").at + SOON):
        actions.pass_milestones(now=tick)
    assert Milestone.objects.ahead().count() == 0
    assert [one.facts["part"] for one in traces()] == ["0.8000", "1.0000"]
    assert Escalation.objects.get().reason == Reason.OVERDUE


def test_after_a_day_without_beat_everything_is_told_once_and_marked_with_its_true_date() -> None:
    manned_ladder()
    complaint = only(factories.received(), "acknowledgement")
    nearly, breach = (part_of(complaint, "acknowledgement", part) for part in ("0.8", "1"))
    late = breach.at + timedelta(days=1)
    assert actions.pass_milestones(now=late) == 2
    assert Escalation.objects.get().true_due_at == breach.at
    first, second = traces()
    assert first.text == (
        "80% of “Acknowledge the complaint” is used up: it is due 3 Mar 2026, 17:00. "
        "The warning was due 3 Mar 2026, 14:00 and noticed late, 4 Mar 2026, 17:00."
    )
    assert second.text == (
        "Overdue: put before Supervisors, level 1. “Acknowledge the complaint” was due 3 Mar 2026, 17:00. "
        "Noticed late, 4 Mar 2026, 17:00."
    )
    assert (first.facts["due"], second.facts["due"]) == (nearly.at.isoformat(), breach.at.isoformat())
    assert actions.pass_milestones(now=late + timedelta(days=1)) == 0
    assert len(traces()) == 2


def test_noticed_in_time_it_is_not_called_late() -> None:
    ladder()
    complaint = only(factories.received(), "acknowledgement")
    actions.pass_milestones(now=part_of(complaint, "acknowledgement").at + timedelta(minutes=59))
    assert Escalation.objects.get().true_due_at is None


def test_hidden_complaints_go_to_who_may_see_them() -> None:
    ladder()
    person, above = supervisor(), manager()
    complaint = only(factories.received(about=[person]), "acknowledgement")
    actions.pass_milestones(now=part_of(complaint, "acknowledgement").at + SOON)
    asked = Escalation.objects.get()
    assert asked.level == 2
    assert Escalation.objects.worked_by(above, now=NOW).get() == asked


def test_one_that_fails_never_stops_the_others() -> None:
    ladder()
    first, second = (only(factories.received(), "acknowledgement") for _ in range(2))
    Complaint.objects.filter(pk=first.pk).update(pack_version=99)
    assert actions.pass_milestones(now=NOW + timedelta(days=3)) == 2
    assert [one.complaint for one in Escalation.objects.all()] == [second]
    assert Milestone.objects.ahead().filter(deadline__complaint=first).count() == 2


def test_without_a_queue_nothing_is_lost() -> None:
    complaint = only(factories.received(), "acknowledgement")
    now = part_of(complaint, "acknowledgement").at + SOON
    assert actions.pass_milestones(now=now) == 0
    ladder()
    assert actions.pass_milestones(now=now) == 2


def test_queries_do_not_grow_with_what_is_not_due() -> None:
    ladder()
    for _ in range(3):
        only(factories.received(), "acknowledgement")
    now = NOW + timedelta(days=30)
    few = queries_of(now)
    for _ in range(6):
        only(factories.received(), "acknowledgement")
    for _ in range(6):
        factories.received(now=now)
    more = queries_of(now)
    # Each announcement of an entry opens two savepoints; all else is asked once a batch.
    assert more - few <= 4 * (12 - 6)
    assert queries_of(now) == 1


def queries_of(now: datetime) -> int:
    with CaptureQueriesContext(connection) as asked:
        actions.pass_milestones(now=now)
    return len(asked)


@pytest.mark.django_db(transaction=True)
def test_however_many_sweep_at_once_each_is_told_once() -> None:
    ladder()
    complaints = [factories.received() for _ in range(12)]
    now = part_of(complaints[0], "resolve").at + SOON
    start = Barrier(4)
    trouble: list[Exception] = []

    def sweep() -> None:
        start.wait()
        try:
            actions.pass_milestones(now=now)
        except Exception as error:  # noqa: BLE001
            trouble.append(error)
        finally:
            connection.close()

    threads = [Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trouble == []
    assert not Milestone.objects.due(now).exists()
    told = [one.facts["milestone"] for one in traces()]
    assert sorted(told) == sorted(
        Milestone.objects.filter(passed_at__isnull=False).values_list("pk", flat=True)
    )
    assert Escalation.objects.unanswered().count() == len(complaints)
