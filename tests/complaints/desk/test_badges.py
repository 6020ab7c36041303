from datetime import timedelta

import pytest
from django.test import Client
from pytest_django.fixtures import DjangoAssertNumQueries

from complaints.desk import badges
from complaints.desk.lists import LISTS
from complaints.resolution import actions
from complaints.resolution.models import Complaint
from tests.factories import (
    NOW,
    UserFactory,
    handler_user,
    investigating,
    received,
    supervisor_user,
)

pytestmark = pytest.mark.django_db


def counts(user: object, *codes: str) -> dict[str, int]:
    return badges.count(user, {code: LISTS[code].complaints(user, NOW) for code in codes})  # type: ignore[arg-type]


def test_all_numbers_come_in_one_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    handler = handler_user()
    received()
    investigating(by=handler)
    handler.get_all_permissions()
    with django_assert_num_queries(1):
        found = counts(handler, "mine", "unassigned", "overdue", "waiting", "referred", "today")
    assert found == {"mine": 1, "unassigned": 1, "overdue": 0, "waiting": 0, "referred": 0, "today": 0}


def test_counting_stops_at_a_hundred(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(badges, "BOUND", 3)
    handler = handler_user()
    for _ in range(5):
        received()
    assert counts(handler, "unassigned") == {"unassigned": 3}
    assert badges.shown(3) == "2+"


@pytest.mark.parametrize(("number", "words"), [(0, ""), (1, "1"), (99, "99"), (100, "99+"), (5000, "99+")])
def test_numbers_are_said_briefly(number: int, words: str) -> None:
    assert badges.shown(number) == words


def test_what_is_hidden_is_not_counted() -> None:
    handler, supervisor = handler_user(), supervisor_user()
    actions.restrict(received(), confidants=[], reason="Press", by=supervisor, now=NOW)
    received(about=[handler])
    assert counts(handler, "unassigned") == {"unassigned": 0}


def test_who_may_see_nothing_counts_nothing() -> None:
    received()
    assert counts(UserFactory(), "unassigned", "all") == {"unassigned": 0, "all": 0}


def test_nothing_to_count_asks_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        assert badges.count(UserFactory.build(), {}) == {}


def test_the_menu_shows_the_numbers_and_marks_what_is_late(client: Client) -> None:
    handler = handler_user()
    late = received()
    Complaint.objects.filter(pk=late.pk).update(next_due_at=NOW - timedelta(days=400))
    client.force_login(handler)
    groups = client.get("/desk/").context["sidebar_navigation"]
    entries = {item["title"]: item for group in groups for item in group["items"]}
    assert entries["Overdue"]["badge"] == "1"
    assert entries["Overdue"]["badge_variant"] == "danger"
    assert entries["Unassigned"]["badge_variant"] == "info"
    assert entries["Waiting"]["badge"] == ""


def test_the_menu_opens_only_what_the_person_may_open(client: Client) -> None:
    client.force_login(handler_user())
    groups = client.get("/desk/").context["sidebar_navigation"]
    titles = {item["title"] for group in groups for item in group["items"]}
    assert "My work" in titles
    assert not titles & {"Escalations", "People", "Authority limits", "Queues", "Outgoing"}


def test_staff_without_a_role_see_no_menu_and_a_kind_word(client: Client) -> None:
    client.force_login(UserFactory())
    page = client.get("/desk/")
    assert page.context["sidebar_navigation"] == []
    assert "Ask an administrator for a role" in page.content.decode()
