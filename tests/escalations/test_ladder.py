from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from complaints.resolution.actors import System
from complaints.resolution.models import EntryKind
from escalations import actions
from escalations.exceptions import NothingHigher
from escalations.models import Decision, Escalation, Reason, State
from tests import factories
from tests.escalations.people import LATER, ladder, manager, over_limit, queue, raised, seal_of, supervisor

pytestmark = pytest.mark.django_db


def test_passed_up_it_ends_here_and_goes_on_there_with_everything_known() -> None:
    _, managers = ladder()
    person, top = supervisor(), manager()
    asked = raised()
    actions.claim(asked, by=person, now=LATER)
    then = LATER + timedelta(hours=1)
    following = actions.pass_up(asked, text="A matter of policy.", by=person, now=then)
    asked.refresh_from_db()
    assert (asked.state, asked.decision, asked.decided_by) == (State.PASSED_UP, Decision.PASSED_UP, person)
    assert (following.queue, following.level, following.state) == (managers, 2, State.OPEN)
    assert following.passed_up_from == asked
    same = ("reason", "ask", "tried", "mood", "raised_by", "raised_by_name", "raised_at", "offer")
    assert [getattr(following, name) for name in same] == [getattr(asked, name) for name in same]
    assert (following.queued_at, following.told_at) == (then, None)
    assert following.due_at > then
    assert actions.claim_next(by=top, now=then) == following


def test_the_ledger_tells_the_way_up() -> None:
    ladder()
    person, _ = supervisor(), manager()
    asked = raised()
    actions.pass_up(asked, text="A matter of policy.", by=person, now=LATER)
    entry = asked.complaint.entries.filter(kind=EntryKind.ESCALATION).last()
    assert entry is not None
    assert (
        entry.text == "Raised by staff: passed up from Supervisors to Managers, level 2. A matter of policy."
    )


def test_above_the_highest_there_is_nobody() -> None:
    ladder()
    person, top = supervisor(), manager()
    following = actions.pass_up(raised(), text="Policy.", by=person, now=LATER)
    with pytest.raises(NothingHigher):
        actions.pass_up(following, text="Higher.", by=top, now=LATER)
    following.refresh_from_db()
    assert following.is_unanswered


def test_an_offer_is_passed_to_the_lowest_level_that_may_grant_it() -> None:
    ladder()
    supervisor(), manager()
    factories.house_limits()
    board = queue("Board", 3, "Board")
    factories.limit("Board", 50_000)
    factories.user_in("Board", factories.SUPERVISOR)
    asked = over_limit(6000)
    assert asked.queue == board
    small = over_limit(900)
    assert small.level == 1
    person = User.objects.filter(groups__name="Supervisor").first()
    assert person
    assert actions.pass_up(small, text="Unsure.", by=person, now=LATER).level == 2


def test_a_manager_approves_what_was_passed_up() -> None:
    ladder()
    person, top = supervisor(), manager()
    following = actions.pass_up(over_limit(), text="Unsure.", by=person, now=LATER)
    assert (
        actions.approve(following, seal=seal_of(following), by=top, now=LATER).decision == Decision.APPROVED
    )


def test_unanswered_past_its_own_clock_it_passes_up_claimed_or_not() -> None:
    ladder()
    person, _ = supervisor(), manager()
    held, free, fresh = raised(), raised(), raised(now=LATER + timedelta(days=3))
    actions.claim(held, by=person, now=LATER)
    now = held.due_at + timedelta(minutes=1)
    assert actions.pass_up_unanswered(now=now) == 2
    above = Escalation.objects.unanswered().filter(level=2)
    assert {one.passed_up_from for one in above} == {held, free}
    held.refresh_from_db()
    assert (held.decided_by, held.decided_by_name) == (None, System.CLOCK)
    assert held.decision_text == "Not answered by 3 Mar 2026, 17:00."
    fresh.refresh_from_db()
    assert fresh.level == 1


def test_passing_up_by_the_clock_twice_changes_nothing_more() -> None:
    ladder()
    supervisor(), manager()
    asked = raised()
    now = asked.due_at + timedelta(minutes=1)
    assert actions.pass_up_unanswered(now=now) == 1
    count = Escalation.objects.count()
    assert actions.pass_up_unanswered(now=now) == 0
    assert Escalation.objects.count() == count


def test_at_the_top_it_waits_and_weighs_more() -> None:
    ladder()
    supervisor(), manager()
    asked = raised()
    actions.pass_up_unanswered(now=asked.due_at + timedelta(minutes=1))
    top = Escalation.objects.unanswered().get()
    now = top.due_at + timedelta(minutes=1)
    assert actions.pass_up_unanswered(now=now) == 0
    assert actions.refresh_urgency(now=now) == 1
    weight = top.urgency
    top.refresh_from_db()
    assert top.urgency > weight


def test_passed_up_the_reason_is_still_one_question() -> None:
    ladder()
    person, _ = supervisor(), manager()
    handler = factories.handler_user()
    asked = raised(factories.investigating(by=handler), by=handler)
    following = actions.pass_up(asked, text="Policy.", by=person, now=LATER)
    assert raised(asked.complaint, by=handler) == following
    assert Escalation.objects.filter(reason=Reason.RAISED).count() == 2
