"""The sums for whole groups agree with the file's own sums for a person."""

from datetime import timedelta
from decimal import Decimal
from itertools import product

import pytest
from django.contrib.auth.models import Group

from complaints.resolution import authority
from complaints.resolution.authority import Amount
from complaints.resolution.models import RemedyKind
from escalations.ceilings import ceilings_on
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
REFUND, GOODWILL = RemedyKind.REFUND, RemedyKind.GOODWILL


def test_the_sums_agree_with_those_for_a_person_whatever_is_asked() -> None:
    category = factories.CategoryFactory()
    customer = factories.CustomerFactory()
    factories.offered(customer=customer)  # 100 granted elsewhere
    complaint = factories.ready_to_offer(customer=customer, category=category)
    factories.limit("Supervisor", 80, kind=GOODWILL)
    factories.limit("Supervisor", 300, 450, category=category)
    factories.limit("Second", 120, kind=GOODWILL)
    factories.limit("Second", 700, 20_000, window_days=1)
    factories.limit("Second", 50, currency="EUR")
    person = factories.supervisor_user()
    groups = [person.groups.get()]
    for second, days in product((False, True), (0, 2)):
        if second:
            person.groups.add(Group.objects.get(name="Second"))
            groups = list(person.groups.all())
        pks, now = [group.pk for group in groups], NOW + timedelta(days=days)
        ceilings = ceilings_on(complaint, pks, "GBP", now=now)
        for kind in (REFUND, GOODWILL):
            mine = {(room.limit.pk, room.left) for room in ceilings.rooms(pks, kind)}
            theirs = authority.rooms(person, complaint, kind, "GBP", now=now)
            assert mine == {(room.limit.pk, room.left) for room in theirs}
        for refund, goodwill in product((0, 100, 300, 351, 699), (0, 80, 81, 120, 200)):
            asked = [
                Amount(kind, "GBP", Decimal(value))
                for kind, value in ((REFUND, refund), (GOODWILL, goodwill))
                if value
            ]
            expected = authority.covers(person, complaint, asked, now=now)
            assert ceilings.hold(pks, asked) is expected, (asked, days)
