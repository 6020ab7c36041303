import threading
from datetime import timedelta
from email import message_from_bytes
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from complaints.mailroom.actions import cancel, post
from complaints.mailroom.exceptions import BadAddress
from complaints.mailroom.models import OutgoingMail, State
from complaints.mailroom.signals import Outcome, posted
from tests.complaints.mailroom.post_office import NOW, Clock, a_letter, again, send_out

Heard = list[tuple[int, Outcome]]


@pytest.mark.django_db
def test_a_letter_is_frozen_when_it_is_posted(settings: Any) -> None:
    mail = a_letter(to="Ann@Example.com", to_name="Ann", subject="Your\r\ncomplaint")
    settings.DEFAULT_FROM_EMAIL = "other@firm.example"
    stored = again(mail)
    assert (stored.state, stored.to, stored.subject) == (State.QUEUED, "Ann@example.com", "Your complaint")
    message = message_from_bytes(bytes(stored.mime))
    assert message["Message-ID"] == stored.message_id
    assert message["To"] == "Ann <Ann@example.com>"
    assert "other@" not in message["From"]


@pytest.mark.django_db
def test_the_same_key_gives_the_letter_that_is_there() -> None:
    first = a_letter(dedupe_key="1:ack")
    second = a_letter(dedupe_key="1:ack", subject="Something else")
    assert second == first
    assert second.subject == first.subject
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_posting_the_same_letter_at_once_post_one() -> None:
    start, found, errors = threading.Barrier(6), [], []

    def write() -> None:
        try:
            start.wait()
            with transaction.atomic():
                found.append(a_letter(dedupe_key="1:ack").pk)
        except Exception as error:  # noqa: BLE001
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(set(found)) == 1
    assert OutgoingMail.objects.count() == 1


@pytest.mark.django_db
def test_a_loser_of_the_race_can_go_on_with_its_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    winner = a_letter(dedupe_key="1:ack")
    answers = iter([None, winner])
    monkeypatch.setattr("django.db.models.query.QuerySet.first", lambda _: next(answers))
    assert a_letter(dedupe_key="1:ack") == winner
    monkeypatch.undo()
    assert a_letter().pk


@pytest.mark.django_db
def test_another_clash_is_not_taken_for_the_same_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("complaints.mailroom.letters.new_message_id", lambda: "<same@x>")
    a_letter()
    with pytest.raises(IntegrityError), transaction.atomic():
        a_letter()


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_letter_and_rings_no_bell() -> None:
    rung: list[int] = []

    def hear(mail: OutgoingMail, **_: Any) -> None:
        rung.append(mail.pk)

    posted.connect(hear)
    with transaction.atomic():
        a_letter()
        transaction.set_rollback(True)
    assert not OutgoingMail.objects.exists()
    assert rung == []
    kept = a_letter()
    a_letter(due_at=NOW + timedelta(days=1))
    posted.disconnect(hear)
    assert rung == [kept.pk]


@pytest.mark.django_db(transaction=True)
def test_a_bell_that_breaks_does_not_harm_the_caller(caplog: pytest.LogCaptureFixture) -> None:
    def fail(**_: Any) -> None:
        raise RuntimeError("no broker")

    posted.connect(fail)
    mail = a_letter()
    posted.disconnect(fail)
    assert again(mail).state == State.QUEUED
    assert "no broker" in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "to", ["ann", ["ann@example.com", "bob@example.com"], "ann@example.com, bob@example.com"]
)
def test_sec_34_a_letter_goes_to_one_address(to: Any) -> None:
    with pytest.raises(BadAddress):
        a_letter(to=to)
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db
def test_posting_takes_few_queries(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(6):  # look and insert, in two savepoints of two statements each
        a_letter()


@pytest.mark.django_db
def test_a_letter_that_waits_can_be_cancelled(heard: Heard, clock: Clock) -> None:
    mail = a_letter(due_at=NOW + timedelta(hours=1))
    assert cancel(mail, now=NOW, reason="The customer has answered.")
    assert not cancel(mail, now=NOW, reason="Again.")
    assert heard == [(mail.pk, Outcome.CANCELLED)]
    clock.forward(hours=2)
    assert send_out(clock) == 0
    stored = again(mail)
    assert (stored.state, stored.last_error) == (State.CANCELLED, "The customer has answered.")


@pytest.mark.django_db
def test_a_letter_that_is_gone_cannot_be_cancelled() -> None:
    mail = a_letter()
    send_out()
    assert not cancel(mail, now=NOW, reason="Too late.")
    assert again(mail).state == State.SENT


@pytest.mark.django_db
def test_a_listener_that_fails_takes_the_cancelling_with_it(deaf_listener: Any) -> None:
    mail = a_letter()
    with pytest.raises(RuntimeError):
        cancel(mail, now=NOW, reason="The customer has answered.")
    assert again(mail).state == State.QUEUED


@pytest.mark.django_db
def test_a_letter_posted_with_plain_tuples_has_its_attachments() -> None:
    mail = post(
        to="ann@example.com", subject="s", body="b", kind="k", dedupe_key="d", now=NOW,
        attachments=[("a.txt", "text/plain", b"x")],  # type: ignore[list-item]
    )  # fmt: skip
    assert b'filename="a.txt"' in mail.mime
