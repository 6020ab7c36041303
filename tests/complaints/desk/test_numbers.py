"""The menu's numbers from SQL made beforehand are those that SQL made for this very person and moment would give."""

from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from complaints.desk import badges, home, navigation, worklist
from complaints.desk.numbers import Numbers
from complaints.resolution import actions
from complaints.resolution.models import Complaint
from tests.complaints.desk.staff import administrator, member_of
from tests.factories import NOW, investigating, received, referred, waiting

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ASKED_OFTEN = {"menu": navigation.NUMBERS, "my lists": worklist.MINE, "first page": home.NUMBERS}


@pytest.fixture
def people() -> list[User]:
    handler, other, supervisor = member_of("Handler"), member_of("Handler"), member_of("Supervisor")
    for by in (handler, other):
        investigating(by=by)
        waiting(by=by)
    investigating(by=handler)
    referred(by=handler, amount=5000)
    received(about=[other])
    actions.restrict(received(), confidants=[handler], reason="Press", by=supervisor, now=NOW)
    return [handler, other, supervisor, member_of("Manager"), member_of("Quality"), administrator()]


def fresh(numbers: Numbers, person: User, now: datetime) -> dict[str, int]:
    return badges.count(person, numbers.rows(person, now))


@pytest.mark.parametrize("page", ASKED_OFTEN)
def test_everybody_reads_their_own_numbers_at_every_moment(page: str, people: list[User]) -> None:
    numbers, due = ASKED_OFTEN[page], Complaint.objects.by_urgency()[0].next_due_at
    seen = [
        (numbers.of(person, now), fresh(numbers, person, now))
        for now in (NOW, due - HOUR, due, due + HOUR, due + 30 * DAY, timezone.now())
        for person in people
    ]
    assert all(kept == told for kept, told in seen)
    assert len({tuple(kept.items()) for kept, _ in seen}) > 2
    assert all(kept is not None for kept in numbers.kept.values())


def test_once_made_nothing_but_the_count_is_asked(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    handler, other = member_of("Handler"), member_of("Handler")
    investigating(by=other)
    assert navigation.NUMBERS.of(handler, NOW)["mine"] == 0
    other.get_all_permissions()
    with django_assert_num_queries(1):
        assert navigation.NUMBERS.of(other, NOW)["mine"] == 1


def test_what_is_asked_of_a_moment_nobody_foresaw_is_asked_anew_each_time() -> None:
    numbers = Numbers(lambda _user, now: {"old": Complaint.objects.filter(received_at__lt=now - DAY)})
    received(now=NOW)
    person = member_of("Handler")
    assert [numbers.of(person, NOW + days * DAY) for days in (0, 2, 0)] == [
        {"old": 0},
        {"old": 1},
        {"old": 0},
    ]


def test_who_may_see_nothing_is_told_no_numbers() -> None:
    received()
    assert Numbers(lambda _user, _now: {}).of(member_of("Handler"), NOW) == {}
