from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from complaints.desk import team_load
from complaints.desk.handing_over import LOAD
from complaints.resolution import actions
from complaints.resolution.models import Complaint
from escalations.models import Handover
from tests import factories
from tests.complaints.desk.staff import member_of
from tests.escalations.people import ladder, raised, supervisor

pytestmark = pytest.mark.django_db
HAND_OVER = reverse("admin:escalations_handover_do")
LATELY = timezone.now() - timedelta(days=1)


def row_of(context: dict[str, Any], person: object) -> Any:
    return next(one for one in context["people"] if one == person)


def test_the_load_of_each_and_of_nobody() -> None:
    boss, handler = member_of("Manager"), member_of("Handler")
    late, soon, _waiting = (
        factories.investigating(by=handler, now=LATELY),
        factories.investigating(by=handler, now=LATELY),
        factories.waiting(by=handler, now=LATELY),
    )
    now = timezone.now()
    Complaint.objects.update(next_due_at=now + timedelta(days=30))
    Complaint.objects.filter(pk=late.pk).update(next_due_at=now - timedelta(days=1))
    Complaint.objects.filter(pk=soon.pk).update(next_due_at=now + timedelta(days=2))
    factories.received(now=LATELY)
    found = team_load.context(boss, now=now)
    row = row_of(found, handler)
    assert (row.n_open, row.n_overdue, row.n_week, row.n_waiting) == (3, 1, 1, 1)
    assert row.oldest == LATELY
    assert found["nobody"].n_open == 1


def test_what_one_may_not_see_is_not_counted() -> None:
    boss, handler = member_of("Manager"), member_of("Handler")
    hidden, restricted = (factories.investigating(by=handler, now=LATELY) for _ in range(2))
    hidden.about.add(boss)
    actions.restrict(restricted, confidants=[], reason="Press", by=member_of("Supervisor"), now=LATELY)
    assert row_of(team_load.context(boss, now=timezone.now()), handler).n_open == 0


def test_who_has_left_and_still_holds_something_is_listed(client: Client) -> None:
    boss, handler = member_of("Manager"), member_of("Handler")
    factories.investigating(by=handler, now=LATELY)
    handler.is_active = False
    handler.save()
    client.force_login(boss)
    assert b"Has left" in client.get(reverse(LOAD)).content


def test_the_load_of_the_queues() -> None:
    ladder()
    boss, _ = member_of("Manager"), supervisor()
    raised(now=LATELY - timedelta(days=9))
    low, high = team_load.context(boss, now=timezone.now())["queues"]
    assert (low.n_open, low.n_overdue, low.n_unclaimed) == (1, 1, 1)
    assert high.n_open == 0


def test_the_page_asks_no_more_for_more_people_and_complaints(client: Client) -> None:
    ladder()
    client.force_login(member_of("Manager"))
    few = queries(client)
    for _ in range(4):
        handler = member_of("Handler")
        for _ in range(2):
            factories.investigating(by=handler, now=LATELY)
    assert queries(client) <= few


def queries(client: Client) -> int:
    client.get(reverse(LOAD))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(reverse(LOAD)).status_code == 200
    return len(asked)


def test_it_counts_no_further_than_its_bound(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    monkeypatch.setattr(team_load, "BOUND", 3)
    handler = member_of("Handler")
    for _ in range(5):
        factories.investigating(by=handler, now=LATELY)
    client.force_login(member_of("Manager"))
    assert b"2+" in client.get(reverse(LOAD)).content


@pytest.mark.parametrize("role", ["Handler", "Quality"])
def test_neither_page_is_for_those_who_give_nothing_to_others(client: Client, role: str) -> None:
    client.force_login(member_of(role))
    for address in (reverse(LOAD), HAND_OVER):
        assert client.get(address).status_code == 403
    assert client.post(HAND_OVER, {}).status_code == 403


def test_one_looks_first_and_hands_over_then(client: Client) -> None:
    giver, taker = member_of("Handler"), member_of("Handler")
    for _ in range(2):
        factories.investigating(by=giver, now=LATELY)
    client.force_login(member_of("Manager"))
    answers: dict[str, Any] = {"giver": giver.pk, "takers": [taker.pk], "which": "all", "reason": "On leave"}
    asked: dict[str, Any] = {**answers, "look": "1"}
    looked = client.get(HAND_OVER, asked)
    assert b"Hand over 2" in looked.content
    assert not Handover.objects.exists()
    assert Complaint.objects.held_by(giver).count() == 2
    done = client.post(HAND_OVER, answers, follow=True)
    assert done.redirect_chain == [(reverse(LOAD), 303)]
    assert "2 of" in done.content.decode()
    assert Complaint.objects.held_by(taker).count() == 2


def test_what_is_missing_is_said_and_what_was_typed_stays(client: Client) -> None:
    giver = member_of("Handler")
    factories.investigating(by=giver, now=LATELY)
    client.force_login(member_of("Manager"))
    typed: dict[str, Any] = {"look": "1", "giver": giver.pk, "takers": [giver.pk], "reason": "A course"}
    answer = client.get(HAND_OVER, typed)
    assert answer.status_code == 422
    assert b"A course" in answer.content
    assert b"somebody else" in answer.content
    assert b"r-field--bad" in client.get(HAND_OVER, typed | {"reason": ""}).content
