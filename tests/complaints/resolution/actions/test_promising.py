"""What a letter promises is written down, watched, and its breach said once."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User

from complaints.resolution import actions
from complaints.resolution.actions import sweeping
from complaints.resolution.exceptions import AlreadyDone, NotPermitted, ReasonNeeded
from complaints.resolution.letters import Letter, Undertaking
from complaints.resolution.models import Complaint, Concern, EntryKind, MessageKind, Promise
from escalations.actions import set_up_queues
from escalations.models import Escalation, Reason
from tests.factories import NOW, handler_user, investigating, quality_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=3)
DAY = timedelta(days=1)
BODY = (
    "Thank you for waiting. We will send you the till roll of that day by 6 March. Please call us by 9 March."
)


def write(complaint: Complaint, **more: object) -> None:
    letter = Letter("News", BODY, **more)  # type: ignore[arg-type]
    assert complaint.handler is not None
    actions.send_letter(complaint, kind=MessageKind.UPDATE, letter=letter, by=complaint.handler, now=LATER)


def promised() -> tuple[Promise, User]:
    complaint = investigating()
    write(complaint)
    assert complaint.handler is not None
    return Promise.objects.get(), complaint.handler


def test_a_day_in_a_letter_becomes_a_promise_of_its_handler() -> None:
    promise, handler = promised()
    assert promise.text == "We will send you the till roll of that day by 6 March"
    assert promise.due_at.date().isoformat() == "2026-03-06"
    assert promise.owner == handler
    assert promise.message.kind == MessageKind.UPDATE
    assert promise.is_open


def test_the_writers_word_goes_before_what_was_found() -> None:
    complaint = investigating()
    write(complaint, promises=(Undertaking("Send the till roll", LATER + 2 * DAY),))
    assert [(one.text, one.due_at) for one in Promise.objects.all()] == [
        ("Send the till roll", LATER + 2 * DAY)
    ]


def test_what_the_writer_waved_away_is_no_promise() -> None:
    write(investigating(), promises=())
    assert not Promise.objects.exists()


def test_a_promise_is_kept_once() -> None:
    promise, handler = promised()
    kept = actions.keep_promise(promise, text="Sent by post", by=handler, now=LATER + DAY)
    assert kept.kept_at == LATER + DAY
    entry = promise.complaint.entries.latest("pk")
    assert (entry.kind, entry.facts["promise"]) == (EntryKind.PROMISE, promise.pk)
    assert "Sent by post" in entry.text
    with pytest.raises(AlreadyDone):
        actions.drop_promise(promise, reason="No more", by=handler, now=LATER + DAY)


def test_a_promise_is_let_go_with_a_reason_alone() -> None:
    promise, handler = promised()
    with pytest.raises(ReasonNeeded):
        actions.drop_promise(promise, reason=" ", by=handler, now=LATER)
    assert actions.drop_promise(promise, reason="They have it already.", by=handler, now=LATER).dropped_at


def test_who_may_not_work_complaints_ends_no_promise() -> None:
    promise, _ = promised()
    with pytest.raises(NotPermitted):
        actions.keep_promise(promise, by=quality_user(), now=LATER)


def test_a_breach_is_said_once_however_often_somebody_looks() -> None:
    set_up_queues()
    promise, _ = promised()
    late = promise.due_at + timedelta(minutes=1)
    assert sweeping.announce_broken_promises(now=promise.due_at - DAY) == 0
    for _ in range(3):
        sweeping.announce_broken_promises(now=late)
    assert not actions.announce_broken(promise, now=late)
    concerns = promise.complaint.entries.filter(concern=Concern.BROKEN_PROMISE)
    assert [entry.facts["promise"] for entry in concerns] == [promise.pk]
    raised = Escalation.objects.get(reason=Reason.BROKEN_PROMISE)
    assert raised.ask == promise.text


def test_what_was_kept_or_let_go_in_time_is_no_breach() -> None:
    promise, handler = promised()
    actions.keep_promise(promise, by=handler, now=LATER)
    assert sweeping.announce_broken_promises(now=promise.due_at + DAY) == 0


def test_nobody_waits_for_it_where_the_complaint_was_taken_back() -> None:
    promise, handler = promised()
    actions.withdraw(promise.complaint, words="Leave it.", by=handler, now=LATER + DAY)
    assert sweeping.announce_broken_promises(now=promise.due_at + DAY) == 0


def test_a_broken_promise_can_still_be_kept_late() -> None:
    promise, handler = promised()
    sweeping.announce_broken_promises(now=promise.due_at + DAY)
    assert actions.keep_promise(promise, by=handler, now=promise.due_at + 2 * DAY).broken_at is not None


def test_the_register_shows_open_promises_on_complaints_one_may_see() -> None:
    promise, handler = promised()
    stranger = handler_user()
    assert list(Promise.objects.open().on_seen_by(stranger)) == [promise]
    promise.complaint.about.add(stranger)
    assert not Promise.objects.open().on_seen_by(stranger).exists()
    assert list(Promise.objects.open().owned_by(handler)) == [promise]
