from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from complaints.desk.home import greeting
from complaints.resolution import actions
from complaints.resolution.models import Complaint
from escalations.models import Escalation
from tests.complaints.desk.staff import administrator, member_of
from tests.factories import UserFactory, investigating, offered, received, referred

pytestmark = pytest.mark.django_db

URL = "/desk/"
MOST_QUERIES = 14


def due(complaint: Complaint, **ago: float) -> Complaint:
    Complaint.objects.filter(pk=complaint.pk).update(next_due_at=timezone.now() - timedelta(**ago))
    return complaint


def panels(client: Client, user: User) -> dict[str, list[Complaint]]:
    client.force_login(user)
    return {panel.work_list.code: panel.rows for panel in client.get(URL).context["panels"]}


def test_a_handler_sees_what_is_late_due_and_out(client: Client) -> None:
    me = member_of("Handler")
    late, out = due(investigating(by=me), days=1), due(offered(by=me), days=-9)
    due(investigating(by=member_of("Handler")), days=1)
    assert panels(client, me) == {"mine_overdue": [late], "mine_offers": [out]}


def test_a_supervisor_also_sees_what_is_late_anywhere_and_what_nobody_holds(client: Client) -> None:
    boss = member_of("Supervisor")
    late = due(investigating(by=member_of("Handler")), days=1)
    free = due(received(), days=-1)
    assert panels(client, boss) == {"overdue": [late], "unassigned": [free]}


def test_a_supervisor_sees_the_questions_that_wait(client: Client) -> None:
    boss = member_of("Supervisor")
    complaint = referred(by=member_of("Handler"))
    client.force_login(boss)
    page = client.get(URL)
    waiting = list(Escalation.objects.worked_by(boss, now=timezone.now()).unanswered())
    assert [escalation.pk for escalation in page.context["escalations"]] == [e.pk for e in waiting]
    assert not waiting or complaint.reference in page.content.decode()


def test_a_handler_sees_no_questions(client: Client) -> None:
    me = member_of("Handler")
    referred(by=me)
    client.force_login(me)
    assert client.get(URL).context["escalations"] == []


def test_no_more_than_a_few_rows_and_a_way_to_the_rest(client: Client) -> None:
    me = member_of("Handler")
    for _ in range(7):
        due(investigating(by=me), days=1)
    client.force_login(me)
    page = client.get(URL)
    assert len(page.context["panels"][0].rows) == 5
    assert "?list=mine_overdue" in page.content.decode()


def test_nothing_hidden_is_shown_or_counted(client: Client) -> None:
    boss = member_of("Supervisor")
    hidden = due(received(title="The hidden one"), days=1)
    actions.restrict(hidden, confidants=[], reason="Press", by=member_of("Supervisor"), now=timezone.now())
    due(received(title="The one about me", about=[boss]), days=1)
    client.force_login(boss)
    page = client.get(URL)
    assert not any(figure.number for figure in page.context["figures"])
    assert "The hidden one" not in page.content.decode()
    assert "The one about me" not in page.content.decode()


def test_a_clear_desk_is_told_kindly(client: Client) -> None:
    client.force_login(member_of("Handler"))
    assert "Your desk is clear" in client.get(URL).content.decode()


def test_staff_without_a_role_and_administrators_get_a_page_too(client: Client) -> None:
    for user in (UserFactory(), administrator()):
        client.force_login(user)
        assert client.get(URL).status_code == 200


def test_anonymous_goes_to_the_login_page(client: Client) -> None:
    assert client.get(URL)["Location"] == f"/desk/login/?next={URL}"


@pytest.mark.parametrize("role", ["Handler", "Supervisor", "Manager", "Quality"])
def test_home_costs_the_same_for_little_and_much(client: Client, role: str) -> None:
    me = member_of(role)
    holder = member_of("Handler") if role == "Quality" else me
    client.force_login(me)
    costs = []
    for number in (1, 6):
        for _ in range(number):
            for complaint in (received(), investigating(by=holder)):
                due(complaint, hours=1)
            offered(by=holder)
        client.get(URL)
        with CaptureQueriesContext(connection) as queries:
            client.get(URL)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= MOST_QUERIES


@pytest.mark.parametrize(
    ("hour", "words"),
    [(6, "Good morning"), (12, "Good afternoon"), (17, "Good afternoon"), (20, "Good evening")],
)
def test_the_greeting_goes_by_the_clock_on_the_wall(hour: int, words: str) -> None:
    assert greeting(datetime(2026, 1, 5, hour, tzinfo=UTC)) == words
    assert greeting(datetime(2026, 7, 6, hour - 1, tzinfo=UTC)) == words
