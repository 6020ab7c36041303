"""FI-07: the line to a mailbox breaks, or the fetcher dies, at every point; and nothing is lost and nothing doubled."""

import itertools
import os
import random
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pytest

from complaints.mailroom import actions
from complaints.mailroom.actions import receiving
from complaints.mailroom.fetching import OpenMailbox
from complaints.mailroom.models import IncomingMail, Mailbox
from tests.complaints.mailroom.cutting import CuttingLine
from tests.complaints.mailroom.dovecot import Dovecot
from tests.complaints.mailroom.post_office import Clock
from tests.complaints.mailroom.test_fetching import a_mail, account, kept

pytestmark = pytest.mark.django_db
WHOLE = os.environ.get("REDRESS_FAULTS") == "whole"
MAILS, CUTS_AT_RANDOM, SEED = (400, 200, 20261122) if WHOLE else (20, 12, 20261122)
numbers = itertools.count(1)


@pytest.fixture
def user() -> str:
    """A mailbox of this test's own."""
    return f"cut{next(numbers)}"


@pytest.fixture
def line(dovecot: Dovecot) -> Iterator[CuttingLine]:
    line = CuttingLine(dovecot.port)
    yield line
    line.close()


CUTS = [
    ("LOGIN", False),
    ("SELECT", True),
    ("SEARCH", True),
    ("BODY.PEEK", True),  # fetched, and the answer lost on the way
    ("+FLAGS", False),  # kept, and the mailbox not told
    ("+FLAGS", True),  # told, and we do not know it
]


@pytest.mark.faults
@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: f"{cut[0]}, {'heard' if cut[1] else 'unheard'}")
@pytest.mark.parametrize("query", ["", "?handled=Handled"], ids=["stays", "moves"])
def test_fi_07_a_line_cut_at_any_point_loses_nothing_and_doubles_nothing(
    dovecot: Dovecot, user: str, line: CuttingLine, settings: Any, cut: tuple[str, bool], query: str
) -> None:
    with dovecot.session(user) as imap:
        imap.create("Handled")
    mails = [a_mail(1), a_mail(2), a_mail(3)]
    dovecot.deliver(*mails, user=user)
    box, clock = account(settings, dovecot.url(user, port=line.port, query=query)), Clock()
    word, server_hears = cut
    line.cut_at("MOVE" if query and word == "+FLAGS" else word, server_hears=server_hears)
    assert actions.fetch_all([box], now=clock) == 0
    # What lies behind a mail at which the line broke is asked for over another line.
    assert line.cuts == (3 if word == "BODY.PEEK" else 1)
    assert Mailbox.objects.get(name=str(box)).failing_since == clock()

    line.mend()
    clock.forward(minutes=1)
    actions.fetch_all([box], now=clock)
    assert kept() == sorted(mails)
    assert IncomingMail.objects.untold().count() == 0
    assert not Mailbox.objects.alarming().exists()
    with dovecot.session(user) as imap:
        (left,) = imap.search(None, "ALL" if query else "UNSEEN")[1]
        assert left == b""
    clock.forward(minutes=1)
    assert actions.fetch_all([box], now=clock) == 0
    assert kept() == sorted(mails)


@pytest.mark.faults
@pytest.mark.parametrize("moment", ["before keeping", "after keeping", "after telling"])
def test_fi_07_a_fetcher_killed_between_the_steps_loses_nothing(
    dovecot: Dovecot, user: str, settings: Any, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    class Killed(BaseException):
        pass

    dovecot.deliver(a_mail(1), a_mail(2), user=user)
    box, clock = account(settings, dovecot.url(user)), Clock()
    keep_all, tell = actions.keep_all, OpenMailbox.tell

    def dying_keep(parcels: Sequence[actions.Parcel], **given: Any) -> list[IncomingMail]:
        if moment == "before keeping":
            raise Killed
        mails = keep_all(parcels, **given)
        if moment == "after keeping":
            raise Killed
        return mails

    def dying_tell(self: OpenMailbox, uids: Iterable[int]) -> None:
        tell(self, uids)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(receiving, "keep_all", dying_keep)
        if moment == "after telling":
            patched.setattr(OpenMailbox, "tell", dying_tell)
        with pytest.raises(Killed):
            actions.fetch(box, now=clock)
    clock.forward(minutes=1)
    actions.fetch(box, now=clock)
    assert kept() == [a_mail(1), a_mail(2)]
    assert all("\\Seen" in line for line in dovecot.flags(user))
    assert IncomingMail.objects.untold().count() == 0


@pytest.mark.faults
def test_fi_07_a_line_that_breaks_again_and_again_ends_with_every_mail_kept_once(
    dovecot: Dovecot, user: str, line: CuttingLine, settings: Any
) -> None:
    dice, clock = random.Random(SEED), Clock()
    mails = [a_mail(number) for number in range(MAILS)]
    box = account(settings, dovecot.url(user, port=line.port))
    for number in range(CUTS_AT_RANDOM):
        dovecot.deliver(
            *mails[number * MAILS // CUTS_AT_RANDOM : (number + 1) * MAILS // CUTS_AT_RANDOM], user=user
        )
        word, server_hears = dice.choice(CUTS)
        line.cut_at(word, server_hears=server_hears)
        actions.fetch_all([box], now=clock)
        line.mend()
        clock.forward(minutes=1)
    actions.fetch_all([box], now=clock)
    found = kept()
    lost, doubled = len(set(mails) - set(found)), len(found) - len(set(found))
    print(f"FI-07: {MAILS} delivered, {line.cuts} cuts, {len(found)} kept, {lost} lost, {doubled} doubled")  # noqa: T201
    assert (lost, doubled) == (0, 0)
    assert line.cuts
    assert IncomingMail.objects.untold().count() == 0
