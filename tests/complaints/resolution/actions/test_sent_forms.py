from datetime import timedelta

import pytest

from complaints.resolution.actions import first_time, forget_sent_forms
from complaints.resolution.actions.sent_forms import KEPT_FOR
from complaints.resolution.models import SentForm
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def test_a_name_is_new_once() -> None:
    assert first_time("a form", now=NOW)
    assert not first_time("a form", now=NOW)
    assert first_time("another", now=NOW)


def test_names_are_forgotten_when_nobody_can_still_press_again() -> None:
    first_time("old", now=NOW)
    first_time("new", now=NOW + timedelta(hours=1))
    assert forget_sent_forms(now=NOW + KEPT_FOR + timedelta(minutes=1)) == 1
    assert forget_sent_forms(now=NOW + KEPT_FOR + timedelta(minutes=1)) == 0
    assert SentForm.objects.get().key == "new"
