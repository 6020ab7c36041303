"""What lies ahead of a running clock, and when."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from complaints.resolution import actions
from complaints.resolution.models import Complaint, Dispute, MessageKind, Milestone
from tests import factories
from tests.factories import LETTER, NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


def ahead(complaint: Complaint, clock: str) -> dict[str, datetime]:
    found = Milestone.objects.ahead().filter(deadline__complaint=complaint, deadline__clock=clock)
    return {f"{one.part.normalize():f}": one.at for one in found}


def ask(complaint: Complaint, *, by: User, now: datetime) -> None:
    answer_by = now + timedelta(days=9)
    actions.ask(complaint, questions=["When?"], letter=LETTER, answer_by=answer_by, by=by, now=now)


def test_a_clock_has_a_milestone_for_each_warning_and_level_and_one_for_the_breach() -> None:
    complaint = factories.received()
    due_at = complaint.deadlines.get(clock="final_response").due_at
    assert set(ahead(complaint, "resolve")) == {"0.8", "1"}
    assert ahead(complaint, "final_response")["1"] == due_at


def test_a_part_of_business_days_is_measured_in_working_time() -> None:
    complaint = factories.received(received_at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    # Due on Monday 30 March at five, which is 21 working days of eight hours: 168; 0.8 of them are 134.4.
    assert ahead(complaint, "resolve")["0.8"] == datetime(2026, 3, 24, 15, 24, tzinfo=UTC)


def test_while_a_clock_stands_nothing_lies_ahead_and_afterwards_it_lies_further() -> None:
    handler = factories.handler_user()
    complaint = factories.investigating(by=handler)
    before, final = ahead(complaint, "resolve"), ahead(complaint, "final_response")
    ask(complaint, by=handler, now=NOW + timedelta(hours=3))
    assert ahead(complaint, "resolve") == {}
    assert ahead(complaint, "final_response") == final

    actions.hear(complaint, answers={}, waived_because="She rang off.", by=handler, now=LATER)
    after = ahead(complaint, "resolve")
    assert after.keys() == before.keys()
    assert all(after[part] > before[part] for part in before)


def test_what_has_passed_keeps_its_true_date() -> None:
    handler = factories.handler_user()
    complaint = factories.investigating(by=handler)
    at = ahead(complaint, "resolve")["0.8"]
    told = told_of("resolve", "0.8", at=at + timedelta(minutes=1))
    ask(complaint, by=handler, now=at + timedelta(hours=1))
    later = at + timedelta(days=7)
    actions.hear(complaint, answers={}, waived_because="She rang off.", by=handler, now=later)
    assert told.get().at == at
    assert set(ahead(complaint, "resolve")) == {"1"}


def told_of(clock: str, part: str, *, at: datetime) -> QuerySet[Milestone]:
    told = Milestone.objects.filter(deadline__clock=clock, part=Decimal(part))
    assert told.update(passed_at=at) == 1
    return told


def test_a_part_told_of_lies_ahead_once_more_where_its_date_is_put_off_beyond_that() -> None:
    handler = factories.handler_user()
    complaint = factories.investigating(by=handler)
    at = ahead(complaint, "resolve")["0.8"]
    told = told_of("resolve", "0.8", at=at)
    until = at + timedelta(days=60)
    actions.move_date(complaint, clock="resolve", until=until, reason="Ill.", by=handler, now=at)
    again = ahead(complaint, "resolve")["0.8"]
    assert at < again < until
    assert list(told.order_by("at").values_list("at", "passed_at")) == [(at, at), (again, None)]


def test_what_was_told_is_not_told_again_of_a_clock_that_is_left_and_come_back_to() -> None:
    lead = factories.supervisor_user()
    complaint = factories.investigating(by=lead)
    at = ahead(complaint, "update")["0.8"]
    told_of("update", "0.8", at=at)
    for number, kind in enumerate((Dispute.PAYMENT, Dispute.NONE)):
        now = at + timedelta(minutes=number + 1)
        actions.change_pack(complaint, code="uk_disp", reason="Payments.", by=lead, now=now)
        actions.change_rules(complaint, dispute=kind, reason="A card.", by=lead, now=now)
    assert set(ahead(complaint, "update")) == {"1"}
    assert set(ahead(complaint, "final_response")) == {"0.5", "0.8", "1"}


def test_a_letter_starts_the_silence_and_its_milestones_anew() -> None:
    handler = factories.handler_user()
    complaint = factories.investigating(by=handler)
    before = ahead(complaint, "update")
    actions.send_letter(complaint, kind=MessageKind.UPDATE, letter=LETTER, by=handler, now=LATER)
    after = ahead(complaint, "update")
    assert after.keys() == before.keys()
    assert all(after[part] > before[part] for part in before)


def test_nothing_lies_ahead_of_an_answered_complaint() -> None:
    factories.responded()
    assert not Milestone.objects.ahead().exists()


def test_a_promise_is_broken_at_its_date_and_an_offer_of_ours_may_lapse_unheard() -> None:
    complaint = factories.offered()
    assert ahead(complaint, "offer") == {}
    assert complaint.customer is not None
    actions.accept(complaint, by=complaint.customer, now=NOW + timedelta(days=1))
    promised = complaint.deadlines.running().get(clock="remedy").due_at
    assert ahead(complaint, "remedy") == {"1": promised}


def test_what_is_due_is_what_was_reached_and_nobody_has_heard_of() -> None:
    complaint = factories.received()
    moment = ahead(complaint, "acknowledgement")["1"]
    assert not Milestone.objects.due(moment - timedelta(days=1)).exists()
    due = Milestone.objects.due(moment)
    assert {(one.deadline.clock, one.is_breach) for one in due} == {
        ("acknowledgement", False),
        ("acknowledgement", True),
    }
    assert due.update(passed_at=moment) == 2
    assert not Milestone.objects.due(moment).exists()


def test_one_part_of_a_deadline_is_one_milestone() -> None:
    milestone = Milestone.objects.filter(deadline__complaint=factories.received())[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        Milestone.objects.create(deadline=milestone.deadline, part=milestone.part, at=NOW)


def test_what_is_due_is_looked_up_in_its_own_index() -> None:
    factories.received()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    plan = Milestone.objects.due(NOW).order_by("at", "pk").explain()
    assert "milestone_ahead" in plan
    assert "SORT" not in plan.upper()
    assert "B-TREE" not in plan.upper()  # SQLite's word for a sort
