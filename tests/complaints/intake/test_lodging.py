"""A complaint arrives: once however often it is sent, with every word, and with the moment it was made."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from complaints.intake import actions
from complaints.intake.actions import Telling
from complaints.intake.exceptions import FromTheFuture, NothingSaid, NoWayToReach, SubmissionIsFinal
from complaints.intake.models import Submission
from complaints.resolution.exceptions import NotPermitted, UnknownPerson
from complaints.resolution.models import Channel, Complaint, Concern, Customer, Deadline, EntryKind, Priority
from tests.factories import NOW, CustomerFactory, handler_user, quality_user

pytestmark = pytest.mark.django_db


def told(**facts: Any) -> Telling:
    usual: dict[str, Any] = {
        "token": "drawn-when-shown",
        "title": "Charged twice",
        "words": "  You charged me twice.\nNobody called back.  ",
        "channel": Channel.WEB,
        "received_at": NOW,
        "name": "Ada Example",
        "email": "Ada@Example.com",
    }
    return Telling(**{**usual, **facts})


def test_every_word_is_kept_as_it_came() -> None:
    complaint = actions.lodge(told(details={"postcode": "EX1 2MP"}, points=["The charge"]), now=NOW)

    submission = complaint.submission
    assert submission.words == "  You charged me twice.\nNobody called back.  "
    assert submission.payload["email"] == "Ada@Example.com"
    assert submission.payload["postcode"] == "EX1 2MP"
    assert (submission.channel, submission.taken_by) == (Channel.WEB, None)
    assert [point.text for point in complaint.points.all()] == ["The charge"]
    assert complaint.entries.get(kind=EntryKind.OPENED).actor_name == "Ada Example"
    submission.words = "Nothing happened."
    with pytest.raises(SubmissionIsFinal):
        submission.save()


def test_the_same_token_again_is_the_same_complaint() -> None:
    first = actions.lodge(told(), now=NOW)
    second = actions.lodge(told(), now=NOW + timedelta(minutes=1))
    assert second == first
    assert Complaint.objects.count() == Submission.objects.count() == Customer.objects.count() == 1
    assert first.submission.words.startswith("  You charged")


def test_another_token_is_another_complaint_of_the_same_customer() -> None:
    one = actions.lodge(told(), now=NOW)
    other = actions.lodge(told(token="another", email="ADA@example.com ", words="And again."), now=NOW)
    assert one != other
    assert one.customer == other.customer


def test_the_same_words_again_under_a_new_token_are_the_same_complaint_while_it_is_open() -> None:
    """Chromium keeps what was typed when somebody goes back, and draws the form anew."""
    for reached in ({"email": "ada@example.com"}, {"email": "", "phone": "0800 123"}):
        first = actions.lodge(told(token=f"one {reached}", **reached), now=NOW)
        again = told(token=f"two {reached}", **reached)
        assert actions.lodge(again, now=NOW + timedelta(minutes=5)) == first
        late = told(token=f"three {reached}", received_at=NOW + timedelta(days=2), **reached)
        assert actions.lodge(late, now=NOW + timedelta(days=2)) != first
    stranger = told(token="four", email="somebody.else@example.com")
    assert actions.lodge(stranger, now=NOW) != first


@pytest.mark.django_db(transaction=True)
def test_a_double_click_in_two_threads_opens_one_complaint() -> None:
    opened: list[Complaint] = []
    failed: list[BaseException] = []
    start = threading.Barrier(6)

    def click() -> None:
        try:
            start.wait(timeout=20)
            opened.append(actions.lodge(told(), now=NOW))
        except BaseException as error:  # noqa: BLE001  # shown by the assertion below
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not failed
    assert len({complaint.pk for complaint in opened}) == 1
    assert len(opened) == 6
    assert Complaint.objects.count() == Submission.objects.count() == Customer.objects.count() == 1


def test_what_was_told_by_telephone_runs_from_the_call_and_not_from_the_entry() -> None:
    """D8."""
    person, called = handler_user(), NOW - timedelta(days=3)
    complaint = actions.register(told(channel=Channel.PHONE, received_at=called), by=person, now=NOW)

    assert (complaint.received_at, complaint.registered_at) == (called, NOW)
    assert complaint.submission.received_at == called
    assert complaint.submission.taken_by == person
    assert complaint.entries.get(kind=EntryKind.OPENED).actor == person
    later = actions.register(told(token="b", channel=Channel.PHONE), by=person, now=NOW)
    due = {
        one: sorted(deadline.due_at for deadline in Deadline.objects.filter(complaint=one))
        for one in (complaint, later)
    }
    assert due[complaint]
    assert all(early < late for early, late in zip(due[complaint], due[later], strict=True))


def test_what_was_read_back_and_agreed_to_is_kept_with_its_moment() -> None:
    person = handler_user()
    agreed = actions.register(
        told(restatement="Charged twice on 1 March.", restatement_confirmed=True), by=person, now=NOW
    )
    assert (agreed.restatement, agreed.restatement_confirmed_at) == ("Charged twice on 1 March.", NOW)
    unsure = actions.register(told(token="b", restatement="Charged, perhaps."), by=person, now=NOW)
    assert unsure.restatement_confirmed_at is None


def test_a_complaint_about_somebody_is_not_shown_to_them_and_their_name_stays_out_of_what_was_sent() -> None:
    """B14."""
    person, accused = handler_user(), handler_user(first_name="Rude", last_name="Colleague")
    complaint = actions.register(told(about=[accused]), by=person, now=NOW)
    assert list(complaint.about.all()) == [accused]
    assert not Complaint.objects.visible_to(accused).exists()
    assert Complaint.objects.visible_to(person).get() == complaint
    assert "Colleague" not in str(complaint.submission.payload)


def test_a_customer_we_know_is_not_asked_again() -> None:
    known = CustomerFactory(vulnerable=True)
    complaint = actions.register(told(customer=known, name="", email=""), by=handler_user(), now=NOW)
    assert complaint.customer == known
    assert Customer.objects.count() == 1
    assert complaint.entries.get(kind=EntryKind.CONCERN).concern == Concern.VULNERABLE


def test_a_serious_matter_is_said_to_be_one_from_the_first_entry() -> None:
    complaint = actions.register(told(priority=Priority.SERIOUS), by=handler_user(), now=NOW)
    assert complaint.entries.get(kind=EntryKind.CONCERN).concern == Concern.SERIOUS


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"email": "", "phone": ""}, NoWayToReach),
        ({"words": " \n\t"}, NothingSaid),
        ({"received_at": NOW + timedelta(seconds=1)}, FromTheFuture),
        ({"name": "  "}, UnknownPerson),
    ],
)
def test_what_makes_no_sense_is_refused_and_leaves_nothing(
    facts: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        actions.lodge(told(**facts), now=NOW)
    assert not Complaint.objects.exists()
    assert not Customer.objects.exists()
    assert not Submission.objects.exists()


@pytest.mark.parametrize("way", [{"phone": "0800 1"}, {"details": {"address": "1 Example Street"}}])
def test_one_way_to_reach_somebody_is_enough(way: dict[str, Any]) -> None:
    complaint = actions.lodge(told(email="", **way), now=NOW)
    assert complaint.customer is not None
    assert complaint.customer.email == ""


def test_who_may_not_work_complaints_registers_none() -> None:
    with pytest.raises(NotPermitted):
        actions.register(told(), by=quality_user(), now=NOW)
    assert not Complaint.objects.exists()
