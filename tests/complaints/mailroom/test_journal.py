"""What is doubtful is looked up: in a real mailbox, and in one of which a test says what it holds."""

from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import Any

import pytest

from complaints.mailroom.actions import recover, take_back
from complaints.mailroom.exceptions import NotWaiting
from complaints.mailroom.journal import ImapJournal
from complaints.mailroom.models import OutgoingMail, State
from tests.complaints.mailroom.dovecot import DOVECOT, Dovecot, a_home
from tests.complaints.mailroom.post_office import NOW, Clock, a_letter, again, send_out
from tests.complaints.mailroom.rough_server import DROP, RoughServer

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    if not DOVECOT:
        pytest.skip("there is no dovecot on this machine")
    server = Dovecot(a_home())
    server.start()
    yield server
    server.stop()


class Known:
    def __init__(self, *held: OutgoingMail, fails: bool = False) -> None:
        self.held, self.fails, self.asked = {mail.message_id for mail in held}, fails, 0

    def holds(self, message_ids: Collection[str]) -> set[str]:
        self.asked += 1
        if self.fails:
            raise OSError("no line to the journal")
        return self.held & set(message_ids)


@pytest.fixture(autouse=True)
def kept(settings: Any) -> None:
    settings.MAIL_JOURNAL_ADDRESS = "journal@firm.example"
    settings.MAIL_JOURNAL_URL = "imap://us:secret@127.0.0.1:1/INBOX"


def dropped(**given: Any) -> OutgoingMail:
    """Its sender died over it."""
    mail = a_letter(**given)
    lease = {"lease_until": NOW, "lease_owner": f"dead {mail.pk}", "fence": 1}
    OutgoingMail.objects.filter(pk=mail.pk).update(state=State.SENDING, **lease)
    return again(mail)


def test_a_mailbox_says_which_letters_it_holds(dovecot: Dovecot) -> None:
    there, not_there = a_letter(), a_letter()
    dovecot.deliver(bytes(there.mime), user="journal")
    journal = ImapJournal(dovecot.url("journal"))
    assert journal.holds([there.message_id, not_there.message_id]) == {there.message_id}


def test_a_mailbox_that_cannot_be_read_holds_nothing_and_does_not_pretend_to(dovecot: Dovecot) -> None:
    with pytest.raises(Exception, match=r"(?i)auth|refused"):
        ImapJournal(f"imap://us:wrong@127.0.0.1:{dovecot.port}").holds(["<a@b>"])


@pytest.mark.parametrize("repeatable", [True, False])
def test_what_the_journal_holds_has_gone_and_what_it_does_not_hold_goes_again(*, repeatable: bool) -> None:
    went, did_not = dropped(repeatable=repeatable), dropped(repeatable=repeatable)
    recover(now=NOW, journal=Known(went))
    assert (again(went).state, again(went).sent_at) == (State.SENT, NOW)
    assert (again(did_not).state, again(did_not).doubtful_since) == (State.QUEUED, None)
    assert OutgoingMail.objects.claimable(NOW).get() == did_not


@pytest.mark.parametrize(("repeatable", "end"), [(True, State.QUEUED), (False, State.AMBIGUOUS)])
def test_a_journal_that_cannot_be_asked_delays_for_an_hour(*, repeatable: bool, end: State) -> None:
    mail, journal = dropped(repeatable=repeatable), Known(fails=True)
    for minutes in range(0, 60, 5):
        recover(now=NOW + timedelta(minutes=minutes), journal=journal)
        assert not OutgoingMail.objects.claimable(NOW + timedelta(days=1)).exists()
    recover(now=NOW + timedelta(minutes=61), journal=journal)
    assert (again(mail).state, again(mail).doubtful_since) == (end, None)
    assert journal.asked == 13


def test_a_journal_that_cannot_be_asked_is_not_asked_all_the_time() -> None:
    dropped()
    journal = Known(fails=True)
    for seconds in range(0, 240, 10):
        recover(now=NOW + timedelta(seconds=seconds), journal=journal)
    assert journal.asked == 1


@pytest.mark.parametrize("repeatable", [True, False])
def test_a_line_that_broke_after_the_last_byte_leaves_a_doubt_for_the_journal(
    rough: RoughServer, clock: Clock, *, repeatable: bool
) -> None:
    mail = a_letter(repeatable=repeatable)
    rough.answer("BODY", DROP)
    send_out(clock)
    assert (again(mail).state, again(mail).doubtful_since) == (State.QUEUED, NOW)
    with pytest.raises(NotWaiting):
        take_back(again(mail), by="somebody", now=NOW)
    journal = Known(mail)
    recover(now=clock.forward(minutes=1), journal=journal)
    assert journal.asked == 0, "a letter needs a moment to reach the journal"
    recover(now=clock.forward(minutes=1), journal=journal)
    assert again(mail).state == State.SENT
    assert len(rough.taken) == 1


def test_without_doubt_nobody_asks(clock: Clock) -> None:
    a_letter()
    journal = Known()
    recover(now=clock(), journal=journal)
    assert journal.asked == 0


def test_a_doubt_is_settled_once_however_many_look() -> None:
    mail = dropped()
    stale = OutgoingMail.objects.filter(pk=mail.pk)
    recover(now=NOW, journal=Known())
    stale.update(doubtful_since=NOW + timedelta(seconds=1))
    recover(now=NOW, journal=Known(mail))
    recover(now=NOW, journal=Known(mail))
    assert again(mail).state == State.SENT
