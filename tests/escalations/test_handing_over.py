"""Complaints change hands by the hundred: clocks, secrets and four eyes stay as they were."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints.resolution import actions as resolution
from complaints.resolution.exceptions import NobodyHolds, NotPermitted, ReasonNeeded
from complaints.resolution.models import Complaint, Deadline, EntryKind
from escalations import actions, tasks
from escalations.actions import handing_over
from escalations.exceptions import NothingToHandOver
from escalations.handing_over import Preview, preview
from escalations.models import Handover, Which
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
THEN = NOW + timedelta(days=1)


def planned(giver: User, *takers: User, by: User | None = None, **details: Any) -> Handover:
    by = by or factories.supervisor_user()
    usual: dict[str, Any] = {"reason": "On leave", "now": THEN}
    return actions.plan_handover(giver, takers=takers, by=by, **{**usual, **details})


def held_by(person: User) -> int:
    return Complaint.objects.held_by(person).count()


def test_everything_goes_with_one_entry_each_and_the_clocks_stay() -> None:
    giver, taker, boss = factories.handler_user(), factories.handler_user(), factories.supervisor_user()
    complaints = [factories.investigating(by=giver) for _ in range(3)]
    clocks = list(Deadline.objects.order_by("pk").values())
    done = actions.hand_over_rest(planned(giver, taker, by=boss), now=THEN)
    assert (done.given, done.left, done.finished_at) == (3, 0, THEN)
    assert (held_by(giver), held_by(taker)) == (0, 3)
    assert list(Deadline.objects.order_by("pk").values()) == clocks
    for complaint in complaints:
        entry = complaint.entries.get(kind=EntryKind.ASSIGNMENT, facts__handover=True)
        assert entry.text == f"{taker.get_full_name()}, from {giver.get_full_name()}. On leave"
        assert (entry.actor, entry.facts["from"], entry.facts["to"]) == (boss, giver.pk, taker.pk)
        past = complaint.history.latest()
        assert (past.handler, past.history_user, past.history_change_reason) == (taker, boss, "Handed over")


def test_several_share_in_turn() -> None:
    giver, *takers = (factories.handler_user() for _ in range(4))
    for _ in range(7):
        factories.investigating(by=giver)
    actions.hand_over_rest(planned(giver, *takers), now=THEN)
    assert sorted(held_by(person) for person in takers) == [2, 2, 3]


def test_what_is_about_a_taker_goes_to_another_and_about_all_of_them_to_nobody() -> None:
    giver, one, other = (factories.handler_user() for _ in range(3))
    about_one = factories.investigating(by=giver, about=[one])
    about_both = factories.investigating(by=giver, about=[one, other])
    boss = factories.supervisor_user()
    assert preview(giver, [one, other], which=Which.ALL, by=boss, now=THEN) == Preview(1, 0, 1)
    done = actions.hand_over_rest(planned(giver, one, other, by=boss), now=THEN)
    assert (done.given, done.left) == (1, 1)
    for one_of_them in (about_one, about_both):
        one_of_them.refresh_from_db()
    assert (about_one.handler, about_both.handler) == (other, giver)
    assert about_one.history.latest().history_change_reason == "Handed over"


def test_restricted_ones_stay_and_those_one_may_not_see_are_not_even_counted() -> None:
    giver, taker, boss = factories.handler_user(), factories.handler_user(), factories.supervisor_user()
    restricted, hidden, _plain = (factories.investigating(by=giver) for _ in range(3))
    resolution.restrict(restricted, confidants=[], reason="Press", by=boss, now=THEN)
    hidden.about.add(boss)
    assert preview(giver, [taker], which=Which.ALL, by=boss, now=THEN) == Preview(1, 1, 0)
    done = actions.hand_over_rest(planned(giver, taker, by=boss), now=THEN)
    assert (done.given, done.left) == (1, 1)
    assert held_by(giver) == 2


def test_only_what_presses_if_so_chosen() -> None:
    giver, taker = factories.handler_user(), factories.handler_user()
    near, far = factories.investigating(by=giver), factories.investigating(by=giver)
    Complaint.objects.filter(pk=far.pk).update(next_due_at=THEN + timedelta(days=8))
    actions.hand_over_rest(planned(giver, taker, which=Which.PRESSING), now=THEN)
    for one_of_them in (near, far):
        one_of_them.refresh_from_db()
    assert (near.handler, far.handler) == (taker, giver)


def test_what_came_to_the_giver_meanwhile_and_what_went_elsewhere_is_left_alone() -> None:
    giver, taker, third = (factories.handler_user() for _ in range(3))
    gone, _kept = factories.investigating(by=giver), factories.investigating(by=giver)
    going = planned(giver, taker)
    late = factories.investigating(by=giver)
    resolution.assign(gone, to=third, by=factories.supervisor_user(), now=THEN)
    actions.hand_over_rest(going, now=THEN)
    for one_of_them in (gone, late):
        one_of_them.refresh_from_db()
    assert (gone.handler, late.handler, held_by(taker)) == (third, giver, 1)


def test_piece_by_piece_and_taken_up_where_it_was_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handing_over, "PIECE", 2)
    giver, taker = factories.handler_user(), factories.handler_user()
    for _ in range(5):
        factories.investigating(by=giver)
    going = planned(giver, taker)
    assert actions.hand_over_piece(going, now=THEN).given == 2
    tasks.go_on_handing_over(now=THEN.isoformat())
    going.refresh_from_db()
    assert (going.given, going.finished_at, held_by(taker)) == (5, THEN, 5)
    for _ in range(2):
        tasks.hand_over(going.pk, now=THEN.isoformat())
        assert actions.go_on_handing_over(now=THEN) == 0
    assert Complaint.history.filter(history_change_reason="Handed over").count() == 5


def test_whoever_asked_and_may_no_longer_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    giver, taker, boss = factories.handler_user(), factories.handler_user(), factories.supervisor_user()
    factories.investigating(by=giver)
    going = planned(giver, taker, by=boss)
    boss.groups.clear()
    done = actions.hand_over_rest(going, now=THEN)
    assert (done.given, done.finished_at, held_by(giver)) == (0, THEN, 1)


def test_what_is_refused() -> None:
    giver, taker = factories.handler_user(), factories.handler_user()
    with pytest.raises(NothingToHandOver):
        planned(giver, taker)
    factories.investigating(by=giver)
    with pytest.raises(NotPermitted):
        planned(giver, taker, by=giver)
    with pytest.raises(NobodyHolds):
        planned(giver, giver)
    with pytest.raises(ReasonNeeded):
        planned(giver, taker, reason=" ")
    with pytest.raises(NotPermitted, match="does not work complaints"):
        planned(giver, factories.quality_user())


def test_of_who_has_left_everything_can_be_handed_over() -> None:
    giver, taker = factories.handler_user(), factories.handler_user()
    factories.investigating(by=giver)
    User.objects.filter(pk=giver.pk).update(is_active=False)
    assert actions.hand_over_rest(planned(giver, taker), now=THEN).given == 1


def test_a_piece_is_written_as_a_whole() -> None:
    giver, taker = factories.handler_user(), factories.handler_user()
    few = queries(giver, taker, 2)
    many = queries(giver, taker, 12)
    # What the listeners ask at each announcement; the writing itself asks nothing of each.
    assert many - few <= 10 * 8


def queries(giver: User, taker: User, number: int) -> int:
    for _ in range(number):
        factories.investigating(by=giver)
    going = planned(giver, taker)
    with CaptureQueriesContext(connection) as asked:
        actions.hand_over_piece(going, now=THEN)
    return len(asked)
