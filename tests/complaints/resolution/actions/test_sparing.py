"""Nobody has to bear abuse, and who hands a complaint over because of it loses nothing by it (B24)."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from complaints.resolution import actions
from complaints.resolution.exceptions import NobodyHolds, NotPermitted, NotPossibleNow, ReasonNeeded
from complaints.resolution.models import Complaint, Concern, Deadline, EntryKind
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
WHAT = "“I know where you live.”"


@pytest.fixture
def handler() -> User:
    return factories.handler_user(first_name="Ann", last_name="Lee")


@pytest.fixture
def complaint(handler: User) -> Complaint:
    return factories.investigating(by=handler)


def clocks(complaint: Complaint) -> list[object]:
    return list(Deadline.objects.filter(complaint=complaint).order_by("pk").values())


def test_a_colleague_goes_on_and_the_clocks_are_as_they_were(complaint: Complaint, handler: User) -> None:
    colleague, before = factories.handler_user(first_name="Ben", last_name="Fox"), clocks(complaint)
    actions.hand_over_after_abuse(complaint, what=WHAT, to=colleague, by=handler, now=LATER)
    complaint.refresh_from_db()
    assert complaint.handler == colleague
    assert clocks(complaint) == before
    entry = complaint.entries.filter(kind=EntryKind.ASSIGNMENT).latest("pk")
    assert entry.text == f"Ben Fox, from Ann Lee, after abuse: {WHAT}"
    assert entry.facts == {"from": handler.pk, "to": colleague.pk, "spared": handler.pk}
    heard = complaint.entries.latest("pk")
    assert (heard.kind, heard.concern, heard.text) == (EntryKind.CONCERN, Concern.ABUSE, WHAT)


def test_with_nobody_named_it_goes_to_whoever_takes_it_next_but_not_back(
    complaint: Complaint, handler: User
) -> None:
    actions.hand_over_after_abuse(complaint, what=WHAT, by=handler, now=LATER)
    assert actions.take_next(by=handler, now=LATER) is None
    assert actions.take_next(by=factories.handler_user(), now=LATER) == complaint


def test_it_takes_a_word_on_what_happened_and_somebody_to_relieve(
    complaint: Complaint, handler: User
) -> None:
    with pytest.raises(ReasonNeeded):
        actions.hand_over_after_abuse(complaint, what=" ", by=handler, now=LATER)
    with pytest.raises(NotPermitted):
        actions.hand_over_after_abuse(complaint, what=WHAT, to=handler, by=handler, now=LATER)
    with pytest.raises(NobodyHolds):
        actions.hand_over_after_abuse(factories.received(), what=WHAT, by=handler, now=LATER)
    with pytest.raises(NotPossibleNow):
        actions.hand_over_after_abuse(factories.closed(by=handler), what=WHAT, by=handler, now=LATER)


def test_others_are_relieved_by_who_may_assign_and_so_is_who_holds_a_restricted_one(
    complaint: Complaint, handler: User
) -> None:
    with pytest.raises(NotPermitted):
        actions.hand_over_after_abuse(complaint, what=WHAT, by=factories.handler_user(), now=LATER)
    supervisor = factories.supervisor_user()
    actions.restrict(complaint, confidants=[], reason="Threats", by=supervisor, now=LATER)
    with pytest.raises(NotPermitted):
        actions.hand_over_after_abuse(complaint, what=WHAT, by=handler, now=LATER)
    actions.hand_over_after_abuse(complaint, what=WHAT, by=supervisor, now=LATER)
    complaint.refresh_from_db()
    assert complaint.handler is None
