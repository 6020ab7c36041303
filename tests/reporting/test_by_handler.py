"""What the figures say of a person: for who leads them, and without what was handed over after abuse (B24)."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from complaints.resolution import actions
from complaints.resolution.models import Complaint
from reporting.breakdown import breakdown
from reporting.dimensions import HANDLER
from tests import factories
from tests.reporting import march
from tests.reporting.conftest import scope_of

BY_HANDLER = "/desk/reports/by/handler/"
LATELY = timezone.now() - timedelta(days=3)


def answered_and_reopened(by: User) -> Complaint:
    complaint = factories.responded(by=by, now=march.march(3))
    return actions.reopen(complaint, reason="Still open.", by=by, now=march.march(6))


def own_rate(reader: User, handler: User) -> tuple[int, int]:
    table = breakdown(HANDLER, scope_of(reader, **march.MARCH))
    (row,) = [row for row in table.rows if row.label == str(handler.get_full_name())]
    share = row.shares[0]
    assert share.rate.code == "own_reopen_rate"
    return share.part.value, share.whole.value


def test_what_was_handed_over_after_abuse_is_in_nobodys_reopen_rate(db: None) -> None:
    reader = factories.supervisor_user()
    ann = factories.handler_user(first_name="Ann", last_name="Lee")
    ben = factories.handler_user(first_name="Ben", last_name="Fox")
    answered_and_reopened(ann)
    abused = answered_and_reopened(ann)
    assert own_rate(reader, ann) == (2, 2)
    actions.hand_over_after_abuse(abused, what="Insults", to=ben, by=ann, now=march.march(7))
    assert own_rate(reader, ann) == (1, 1)
    assert own_rate(reader, ben) == (0, 0)
    # The house's own rate leaves nothing out.
    table = breakdown(HANDLER, scope_of(reader, **march.MARCH))
    assert sum(row.numbers[1].value for row in table.rows) == 2


def test_a_handover_for_another_reason_changes_no_rate(db: None) -> None:
    ann, reader = factories.handler_user(first_name="Ann", last_name="Lee"), factories.supervisor_user()
    complaint = answered_and_reopened(ann)
    ben = factories.handler_user(first_name="Ben", last_name="Fox")
    actions.hand_over(ann, complaints=[complaint.pk], to=[ben], reason="Away", by=reader, now=march.march(7))
    assert own_rate(reader, ben) == (1, 1)


def test_sec_25_only_who_leads_people_sees_them_side_by_side(client: Client, db: None) -> None:
    for person, status in (
        (factories.handler_user(), 403),
        (factories.quality_user(), 403),
        (factories.supervisor_user(), 200),
    ):
        client.force_login(person)
        assert client.get(BY_HANDLER).status_code == status
        assert (BY_HANDLER in client.get("/desk/reports/").content.decode()) == (status == 200)
    client.force_login(factories.quality_user())
    assert client.get("/desk/reports/by/handler.csv").status_code == 403


def test_by_handler_costs_the_same_for_one_and_for_many(
    client: Client, db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(factories.supervisor_user())
    factories.responded(now=LATELY)
    client.get(BY_HANDLER)
    with django_assert_num_queries(20):
        client.get(BY_HANDLER)
    for _ in range(4):
        factories.responded(now=LATELY, by=factories.handler_user())
    with django_assert_num_queries(20):
        client.get(BY_HANDLER)
