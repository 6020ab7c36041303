"""FI-01: senders killed without warning, over and over, while the letters go out."""

import itertools
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

import pytest

from complaints.mailroom.models import OutgoingMail, State
from tests.complaints.mailroom.dovecot import DOVECOT, Dovecot, a_home
from tests.complaints.mailroom.post_office import a_letter
from tests.complaints.mailroom.rough_server import RoughServer, Taken

SENDER = Path(__file__).with_name("sender.py")
WHOLE = os.environ.get("REDRESS_FAULTS") == "whole"
LETTERS, KILLS, PATIENCE = (10_000, 20, 600) if WHOLE else (300, 4, 90)
SENDERS, LEASE = 2, 8
JOURNAL = "journal@firm.example"
MOMENTS = [LETTERS * number // (KILLS + 1) for number in range(1, KILLS + 1)]
KILLED_BEFORE_THE_ANSWER = tuple(MOMENTS[::2])  # the letter is taken and the sender never hears of it
KILLED_AFTER_THE_ANSWER = tuple(MOMENTS[1::2])


class Crew:
    """Two senders. Whoever is killed has a successor at once."""

    def __init__(self, environment: dict[str, str], server: RoughServer) -> None:
        self.environment, self.server = environment, server
        self.at_work: dict[str, subprocess.Popen[bytes]] = {}
        self.numbers = itertools.count(1)
        self.killed: list[int] = []
        self.lock = threading.Lock()
        self.journal: Path | None = None
        server.before_answer = self.before_answer
        server.after_answer = lambda letter: self.kill(letter, KILLED_AFTER_THE_ANSWER)

    def before_answer(self, letter: Taken) -> None:
        if self.journal is not None and JOURNAL in letter.recipients:
            path = self.journal / "tmp" / f"{time.time_ns()}.{next(self.numbers)}.rough"
            path.write_bytes(letter.raw)
            path.rename(self.journal / "new" / path.name)
        self.kill(letter, KILLED_BEFORE_THE_ANSWER)

    def start(self) -> None:
        name = f"sender-{next(self.numbers)}.test"
        command = [sys.executable, str(SENDER), name, str(LEASE)]
        self.at_work[name] = subprocess.Popen(command, env=self.environment)

    def kill(self, letter: Taken, moments: tuple[int, ...]) -> None:
        with self.lock:
            reached = [
                moment for moment in moments if moment <= len(self.server.taken) and moment not in self.killed
            ]
            if reached and letter.greeted_as in self.at_work:
                self.killed.append(reached[0])
                self._end(self.at_work.pop(letter.greeted_as))
                self.start()

    def go_home(self) -> None:
        with self.lock:
            for process in self.at_work.values():
                self._end(process)

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()


@pytest.fixture
def server() -> Iterator[RoughServer]:
    server = RoughServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def crew(child_environment: dict[str, str], server: RoughServer) -> Iterator[Crew]:
    environment = child_environment | {"EMAIL_URL": f"smtp://127.0.0.1:{server.port}"}
    crew = Crew(environment, server)
    yield crew
    crew.go_home()


@pytest.fixture
def journal(crew: Crew) -> Iterator[Crew]:
    """The same crew, with a real mailbox that keeps a copy of whatever the server took."""
    if not DOVECOT:
        pytest.skip("there is no dovecot on this machine")
    dovecot = Dovecot(a_home())
    crew.journal = dovecot.home / "mail" / "journal"
    for name in ("cur", "new", "tmp"):
        (crew.journal / name).mkdir(parents=True)
    owner = (dovecot.home / "mail").stat()
    for folder in (crew.journal, *crew.journal.iterdir()):
        os.chown(folder, owner.st_uid, owner.st_gid)
    dovecot.start()
    crew.environment |= {"MAIL_JOURNAL_ADDRESS": JOURNAL, "MAIL_JOURNAL_URL": dovecot.url("journal")}
    yield crew
    dovecot.stop()


def wait_until_all_are_sent() -> None:
    until = time.monotonic() + PATIENCE
    while OutgoingMail.objects.exclude(state=State.SENT).exists() and time.monotonic() < until:
        time.sleep(0.2)


def send_all_under_fire(crew: Crew, server: RoughServer) -> int:
    """How many letters arrived more than once, all else being as it must."""
    began = time.monotonic()
    frozen = {mail.message_id: bytes(mail.mime) for mail in (a_letter() for _ in range(LETTERS))}
    written = time.monotonic()
    for _ in range(SENDERS):
        crew.start()
    wait_until_all_are_sent()

    arrived = Counter(str(message_from_bytes(taken.raw)["Message-ID"]) for taken in server.taken)
    doubles = arrived.total() - len(arrived)
    print(  # noqa: T201
        f"\nFI-01 {'with' if crew.journal else 'without'} journal: {LETTERS:,} letters, {len(crew.killed)} kills, "
        f"{len(arrived):,} arrived, {len(frozen.keys() - arrived.keys())} lost, {doubles} doubled, "
        f"written in {written - began:.0f} s, sent in {time.monotonic() - written:.0f} s"
    )
    assert sorted(crew.killed) == MOMENTS
    assert set(arrived) == set(frozen), "letters were lost, or came from nowhere"
    for taken in server.taken:
        assert taken.raw == frozen[str(message_from_bytes(taken.raw)["Message-ID"])]
    assert not OutgoingMail.objects.exclude(state=State.SENT).exists()
    assert not OutgoingMail.objects.filter(settled_at=None).exists()
    return doubles


@pytest.mark.faults
@pytest.mark.timeout(900)
@pytest.mark.django_db(transaction=True)
def test_fi_01_killed_senders_lose_no_letter_and_double_at_most_the_one_in_hand(
    crew: Crew, server: RoughServer
) -> None:
    doubles = send_all_under_fire(crew, server)
    assert doubles <= len(crew.killed)
    assert doubles >= len(KILLED_BEFORE_THE_ANSWER), "the kills missed the moment they are here for"


@pytest.mark.faults
@pytest.mark.timeout(900)
@pytest.mark.django_db(transaction=True)
def test_fi_01_with_a_journal_killed_senders_double_nothing(journal: Crew, server: RoughServer) -> None:
    assert send_all_under_fire(journal, server) == 0
