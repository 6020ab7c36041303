"""The road as the customer sees it: nothing stands behind them that never was."""

from datetime import timedelta

import pytest

from complaints.resolution import actions, pages
from complaints.resolution.models import Complaint, Outcome
from tests.factories import LETTER, NOW, answered, handler_user, offered, responded

pytestmark = pytest.mark.django_db

ALWAYS = ["We have your complaint", "We are looking into it"]


def behind(complaint: Complaint) -> list[str]:
    return [stretch.label for stretch in pages.road(complaint) if stretch.done]


def test_an_answer_without_an_offer_has_no_offer_behind_it() -> None:
    assert behind(responded()) == ALWAYS


def test_an_offer_that_was_declined_was_made_but_nothing_is_put_right() -> None:
    complaint = offered()
    assert complaint.customer is not None
    actions.decline(complaint, reason="Too little.", by=complaint.customer, now=NOW + timedelta(days=1))
    later = NOW + timedelta(days=2)
    actions.respond(complaint, outcome=Outcome.NOT_UPHELD, letter=LETTER, by=handler_user(), now=later)
    complaint.refresh_from_db()
    assert behind(complaint) == [*ALWAYS, "You have our offer"]


def test_an_offer_that_was_accepted_is_behind_the_answer_with_all_that_was_done() -> None:
    assert behind(answered()) == [*ALWAYS, "You have our offer", "We are putting it right"]
