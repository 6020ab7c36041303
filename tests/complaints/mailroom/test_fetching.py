"""Against a real Dovecot: every mail is kept once, whatever breaks and whenever."""

import itertools
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime
from imaplib import IMAP4
from typing import Any

import pytest
from django.db import IntegrityError

from complaints.mailroom import actions
from complaints.mailroom.actions import keeping, receiving
from complaints.mailroom.exceptions import MailroomError
from complaints.mailroom.fetching import Account, BadAccount, OpenMailbox, accounts
from complaints.mailroom.fetching.imap import moment_in
from complaints.mailroom.models import IncomingMail, Mailbox
from tests.complaints.mailroom.dovecot import Dovecot
from tests.complaints.mailroom.post_office import NOW, Clock

pytestmark = pytest.mark.django_db
numbers = itertools.count(1)


@pytest.fixture
def user() -> str:
    """A mailbox of this test's own."""
    return f"box{next(numbers)}"


def a_mail(number: int, *, body: str = "You charged me twice.", message_id: str = "") -> bytes:
    head = f"From: ann@example.com\r\nSubject: Charge {number}\r\n"
    head += f"Message-ID: <{message_id or f'{number}@example.com'}>\r\n"
    return f"{head}\r\n{body}\r\n".encode()


def account(settings: Any, *urls: str) -> Account:
    settings.IMAP_URLS = list(urls)
    return accounts()[0]


def kept() -> list[bytes]:
    return sorted(bytes(mail.raw) for mail in IncomingMail.objects.all())


def test_every_byte_is_kept_and_then_the_mailbox_is_told(
    dovecot: Dovecot, user: str, settings: Any, clock: Clock
) -> None:
    mails = [a_mail(1), a_mail(2), b"no header at all\r\n"]
    dovecot.deliver(*mails, user=user)
    box = account(settings, dovecot.url(user))
    assert actions.fetch(box, now=clock) == 3
    assert kept() == sorted(mails)
    assert all("\\Seen" in line for line in dovecot.flags(user))
    assert IncomingMail.objects.untold().count() == 0
    assert Mailbox.objects.get(name=str(box)).looked_at == clock()


def test_a_second_look_finds_nothing_new(dovecot: Dovecot, user: str, settings: Any, clock: Clock) -> None:
    dovecot.deliver(a_mail(1), user=user)
    box = account(settings, dovecot.url(user))
    actions.fetch(box, now=clock)
    clock.forward(minutes=1)
    assert actions.fetch(box, now=clock) == 0
    dovecot.deliver(a_mail(2), user=user)
    assert actions.fetch(box, now=clock) == 1
    assert IncomingMail.objects.count() == 2


def test_a_mail_arrived_when_the_server_got_it_but_not_before_anybody_wrote_mail_to_us(
    dovecot: Dovecot, user: str, settings: Any, clock: Clock
) -> None:
    days = ('"01-Jan-1970 00:00:00 +0000"', '"28-Feb-2026 12:00:00 +0000"')
    with dovecot.session(user) as imap:
        for number, day in enumerate(days):
            imap.append("INBOX", "", day, a_mail(number))
    actions.fetch(account(settings, dovecot.url(user)), now=clock)
    arrived = IncomingMail.objects.order_by("uid").values_list("arrived_at", flat=True)
    assert list(arrived) == [clock(), datetime(2026, 2, 28, 12, tzinfo=UTC)]


@pytest.mark.parametrize("told", [b"", b"00-Jan-0000 00:00:00 +0000", b"31-Dec-9999 23:59:59 -0700"])
def test_a_moment_that_cannot_be_is_none(told: bytes) -> None:
    assert moment_in(b'INTERNALDATE "%s"' % told) is None


def test_what_a_colleague_has_looked_at_or_deleted_is_fetched_all_the_same(
    dovecot: Dovecot, user: str, settings: Any, clock: Clock
) -> None:
    dovecot.deliver(a_mail(1), a_mail(2), user=user)
    with dovecot.session(user) as imap:
        imap.store("1", "+FLAGS", r"(\Seen)")
        imap.store("2", "+FLAGS", r"(\Deleted)")
    assert actions.fetch(account(settings, dovecot.url(user)), now=clock) == 2
    assert len(dovecot.flags(user)) == 2  # nothing was expunged


def test_handled_mail_is_moved_where_the_firm_wants_it(
    dovecot: Dovecot, user: str, settings: Any, clock: Clock
) -> None:
    dovecot.deliver(a_mail(1), user=user)
    box = account(settings, dovecot.url(user, query="?handled=Dealt%20with"))
    with pytest.raises(MailroomError, match="no folder “Dealt with”"):
        actions.fetch(box, now=clock)
    with dovecot.session(user) as imap:
        imap.create('"Dealt with"')
    assert actions.fetch(box, now=clock) == 1
    with dovecot.session(user) as imap:
        assert imap.search(None, "ALL")[1] == [b""]
        imap.select('"Dealt with"')
        assert imap.search(None, "ALL")[1] == [b"1"]
    assert actions.fetch(box, now=clock) == 0


def test_a_mailbox_numbered_anew_brings_nothing_twice(
    dovecot: Dovecot, user: str, settings: Any, clock: Clock
) -> None:
    dovecot.deliver(a_mail(1), a_mail(2), user=user)
    box = account(settings, dovecot.url(user))
    actions.fetch(box, now=clock)
    before = list(IncomingMail.objects.values_list("uidvalidity", flat=True))
    dovecot.rebuild(user)
    dovecot.deliver(a_mail(3), user=user)
    clock.forward(minutes=1)
    assert actions.fetch(box, now=clock) == 1
    assert kept() == sorted([a_mail(1), a_mail(2), a_mail(3)])
    after = set(IncomingMail.objects.values_list("uidvalidity", flat=True))
    assert len(after) == 1
    assert not after & set(before)
    assert all("\\Seen" in line for line in dovecot.flags(user))


def test_one_mailbox_that_cannot_be_read_keeps_no_other_waiting(
    dovecot: Dovecot, user: str, settings: Any, clock: Clock
) -> None:
    dovecot.deliver(a_mail(1), user=user)
    account(settings, "imap://nobody:secret@127.0.0.1:1/INBOX", dovecot.url(user))
    assert actions.fetch_all(accounts(), now=clock) == 1
    (failing,) = Mailbox.objects.alarming()
    assert failing.name == "nobody@127.0.0.1/INBOX"
    assert "secret" not in failing.why_failing
    since = clock()
    clock.forward(hours=1)
    actions.fetch_all(accounts(), now=clock)
    failing.refresh_from_db()
    assert failing.failing_since == since


def test_two_fetchers_at_once_keep_each_mail_once(
    dovecot: Dovecot, user: str, settings: Any, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.deliver(a_mail(1), user=user)
    box, mail = account(settings, dovecot.url(user)), OpenMailbox.mail

    def slow(self: OpenMailbox, uid: int) -> Any:
        monkeypatch.setattr(OpenMailbox, "mail", mail)
        actions.fetch(box, now=Clock())  # the other one, quicker
        return mail(self, uid)

    monkeypatch.setattr(OpenMailbox, "mail", slow)
    actions.fetch(box, now=clock)
    assert kept() == [a_mail(1)]


def test_a_bunch_of_which_many_others_keep_some_at_the_same_time_is_kept_all_the_same(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    parcels = [actions.Parcel(a_mail(number), actions.Place("box", 1, number)) for number in (1, 2, 3)]
    keep, others = keeping._keep, [2, 1]

    def overtaken(bunch: Sequence[actions.Parcel], *, now: datetime) -> list[IncomingMail]:
        if not others:
            return keep(bunch, now=now)
        keep(parcels[others.pop() - 1 :][:1], now=now)
        raise IntegrityError

    monkeypatch.setattr(keeping, "_keep", overtaken)
    mails = actions.keep_all(parcels, now=clock())
    assert [mail.uid for mail in mails] == [1, 2, 3]
    assert kept() == [a_mail(1), a_mail(2), a_mail(3)]


def test_what_came_before_the_line_broke_is_kept_though_it_break_there_every_time(
    dovecot: Dovecot, user: str, settings: Any, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = OpenMailbox.mail

    def breaking(self: OpenMailbox, uid: int) -> Any:
        if uid == 3:
            raise IMAP4.abort("socket error: EOF")
        return mail(self, uid)

    dovecot.deliver(*map(a_mail, range(1, 5)), user=user)
    box = account(settings, dovecot.url(user))
    monkeypatch.setattr(OpenMailbox, "mail", breaking)
    monkeypatch.setattr(receiving, "MOST_LEFT", 0)
    for _ in range(2):
        assert actions.fetch_all([box], now=clock) == 0
        clock.forward(minutes=1)
    assert kept() == [a_mail(1), a_mail(2)]
    assert IncomingMail.objects.untold().count() == 0
    assert Mailbox.objects.alarming().exists()


def test_a_mail_over_which_the_server_hangs_up_keeps_none_behind_it_waiting(
    dovecot: Dovecot, user: str, settings: Any, clock: Clock
) -> None:
    dovecot.deliver(*map(a_mail, range(1, 5)), user=user)
    with dovecot.session(user) as imap:
        imap.fetch("1:*", "(RFC822.SIZE)")
    files = list((dovecot.home / "mail" / user / "cur").iterdir())
    damaged = next(path for path in files if b"Charge 2" in path.read_bytes())
    damaged.write_bytes(b"Subject: Char")  # shorter than its name says
    box = account(settings, dovecot.url(user))
    for _ in range(2):
        actions.fetch_all([box], now=clock)
        assert Mailbox.objects.get(name=str(box)).failing_since == NOW
        clock.forward(minutes=1)
    assert kept() == [a_mail(1), a_mail(3), a_mail(4)]
    assert "mail 2" in Mailbox.objects.get(name=str(box)).why_failing


def test_a_password_never_goes_over_an_open_line(settings: Any, clock: Clock) -> None:
    box = account(settings, "imap://ann:secret@mail.firm.example/INBOX")
    with pytest.raises(MailroomError, match="no open line"):
        actions.fetch(box, now=clock)


@pytest.mark.parametrize("scheme", ["imaps", "imap+tls"])
def test_tls_is_spoken_and_certificates_are_looked_at(
    dovecot: Dovecot, user: str, settings: Any, clock: Clock, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    port = dovecot.tls_port if scheme == "imaps" else dovecot.port
    url = dovecot.url(user, port=port).replace("imap:", f"{scheme}:").replace("127.0.0.1", "localhost")
    dovecot.deliver(a_mail(1), user=user)
    box = account(settings, url)
    with pytest.raises(ssl.SSLCertVerificationError):
        actions.fetch(box, now=clock)
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.home / "server.pem"))
    assert actions.fetch(box, now=clock) == 1


def test_a_mail_too_large_to_keep_stays_and_is_said(
    dovecot: Dovecot, user: str, settings: Any, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "LARGEST", 500)
    dovecot.deliver(a_mail(1), a_mail(2, body="x" * 1000), a_mail(3), user=user)
    box = account(settings, dovecot.url(user))
    assert actions.fetch(box, now=clock) == 2
    assert actions.compare(box, now=clock) == ["Mail 2 lies in the mailbox and is not in the store."]
    assert Mailbox.objects.alarming().get().differences


def test_the_comparison_finds_nothing_where_all_is_well(
    dovecot: Dovecot, user: str, settings: Any, clock: Clock
) -> None:
    dovecot.deliver(a_mail(1), user=user)
    box = account(settings, dovecot.url(user))
    assert actions.compare_all([box], now=clock) == 0
    state = Mailbox.objects.get(name=str(box))
    assert (state.compared_at, state.differences) == (clock(), [])
    assert len(kept()) == 1


def test_what_somebody_moved_unread_among_the_handled_is_taken_in_and_said(
    dovecot: Dovecot, user: str, settings: Any, clock: Clock
) -> None:
    with dovecot.session(user) as imap:
        imap.create("Handled")
    box = account(settings, dovecot.url(user, query="?handled=Handled"))
    dovecot.deliver(a_mail(1), user=user)
    actions.fetch(box, now=clock)
    dovecot.deliver(a_mail(2), user=user, folder="Handled")
    (said,) = actions.compare(box, now=clock)
    assert "had never been read" in said
    assert kept() == sorted([a_mail(1), a_mail(2)])
    assert actions.compare(box, now=clock) == []


def test_a_mail_nobody_understood_for_hours_is_a_difference(
    dovecot: Dovecot, user: str, settings: Any, clock: Clock
) -> None:
    dovecot.deliver(a_mail(1), user=user)
    box = account(settings, dovecot.url(user))
    actions.fetch(box, now=clock)
    clock.forward(hours=7)
    assert actions.compare(box, now=clock) == [
        f"Mail {IncomingMail.objects.get().pk} is in the store and has no fate yet."
    ]


@pytest.mark.parametrize(
    "url",
    [
        "pop3://ann:secret@mail.firm.example",
        "imaps://mail.firm.example",
        "imaps://ann@mail.firm.example",
        "imaps://ann:secret@mail.firm.example:port",
        "nonsense secret",
    ],
)
def test_a_url_that_names_no_mailbox_is_refused_without_repeating_it(settings: Any, url: str) -> None:
    settings.IMAP_URLS = [url]
    with pytest.raises(BadAccount) as refused:
        accounts()
    assert "secret" not in str(refused.value)


def test_a_url_says_all_there_is_to_know(settings: Any) -> None:
    settings.IMAP_URLS = ["imaps://ann%40firm.example:p%40ss%2Fword@mail.firm.example/Post%20in?handled=Done"]
    (box,) = accounts()
    assert (box.port, box.user, box.password, box.folder, box.handled) == (
        993,
        "ann@firm.example",
        "p@ss/word",
        "Post in",
        "Done",
    )
    assert str(box) == "ann@firm.example@mail.firm.example/Post in"
    assert "p@ss" not in repr(box)
