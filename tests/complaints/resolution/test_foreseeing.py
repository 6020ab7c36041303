"""Which dates another policy would change: what is shown is what then happens, and showing changes nothing."""

from datetime import datetime, timedelta

import pytest

from complaints.policies import packs
from complaints.resolution import actions, foreseeing
from complaints.resolution.models import Complaint
from tests import factories
from tests.complaints.policies.calendars import london
from tests.complaints.resolution.test_record import written
from tests.factories import NOW

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def dates(complaint: Complaint) -> dict[str, datetime]:
    return dict(complaint.deadlines.running().values_list("clock", "due_at"))


def test_what_is_shown_is_what_then_happens() -> None:
    complaint = factories.investigating()
    ours, now = packs.pack("au_rg271", 1), NOW + 9 * DAY
    before, was = written(complaint), dates(complaint)
    shown = {(one.was, one.becomes) for one in foreseeing.under(complaint, ours, now=now)}
    assert written(complaint) == before
    lead = factories.supervisor_user()
    actions.change_pack(complaint, code="au_rg271", reason="A bank.", by=lead, now=now)
    becomes = dates(complaint)
    changed = {clock for clock in was.keys() | becomes if was.get(clock) != becomes.get(clock)}
    assert "final_response" in changed
    assert shown == {(was.get(clock), becomes.get(clock)) for clock in changed}


def test_a_clock_that_ends_and_one_that_begins_are_shown_as_such() -> None:
    complaint = factories.received(received_at=london(2026, 12, 24, 10), now=london(2026, 12, 24, 10))
    shown = foreseeing.under(complaint, packs.pack("uk_disp", 1), now=london(2026, 12, 24, 11))
    window = next(one for one in shown if "summary" in one.label)
    assert window.was is None
    assert window.becomes is not None
    actions.change_pack(
        complaint,
        code="uk_disp",
        reason="A bank.",
        by=factories.supervisor_user(),
        now=london(2026, 12, 24, 11),
    )
    complaint.refresh_from_db()
    back = foreseeing.under(complaint, packs.pack("house", 1), now=london(2026, 12, 24, 12))
    assert (window.label, window.becomes, None) in {(one.label, one.was, one.becomes) for one in back}


def test_one_may_choose_of_every_other_policy_in_its_version_of_the_day_of_receipt() -> None:
    complaint = factories.received()
    chosen = {(one.code, one.version) for one in foreseeing.packs_to_choose(complaint)}
    assert ("uk_telecom", 1) in chosen  # the second holds from April
    assert "house" not in {code for code, _ in chosen}
    assert {code for code, _ in chosen} == set(packs.shipped()) - {"house"}
