"""FI-01: senders killed without warning, over and over, while the letters go out."""

import itertools
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
from tests.complaints.mailroom.post_office import a_letter
from tests.complaints.mailroom.rough_server import RoughServer, Taken

SENDER = Path(__file__).with_name("sender.py")
LETTERS, SENDERS, LEASE, PATIENCE = 500, 2, 8, 55
KILLED_BEFORE_THE_ANSWER = (60, 180, 300)  # the letter is taken and the sender never hears of it
KILLED_AFTER_THE_ANSWER = (120, 240)


class Crew:
    """Two senders. Whoever is killed has a successor at once."""

    def __init__(self, environment: dict[str, str], server: RoughServer) -> None:
        self.environment, self.server = environment, server
        self.at_work: dict[str, subprocess.Popen[bytes]] = {}
        self.numbers = itertools.count(1)
        self.killed: list[int] = []
        self.lock = threading.Lock()
        server.before_answer = lambda letter: self.kill(letter, KILLED_BEFORE_THE_ANSWER)
        server.after_answer = lambda letter: self.kill(letter, KILLED_AFTER_THE_ANSWER)

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


def wait_until_all_are_sent() -> None:
    until = time.monotonic() + PATIENCE
    while OutgoingMail.objects.exclude(state=State.SENT).exists() and time.monotonic() < until:
        time.sleep(0.1)


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_killed_senders_lose_no_letter_and_double_at_most_the_one_in_hand(
    crew: Crew, server: RoughServer
) -> None:
    frozen = {mail.message_id: bytes(mail.mime) for mail in (a_letter() for _ in range(LETTERS))}
    for _ in range(SENDERS):
        crew.start()
    wait_until_all_are_sent()

    arrived = Counter(str(message_from_bytes(taken.raw)["Message-ID"]) for taken in server.taken)
    doubled = {message_id for message_id, times in arrived.items() if times > 1}
    ledger = f"{len(arrived)} of {LETTERS}, {arrived.total() - len(arrived)} doubled, killed at {crew.killed}"
    print(ledger)  # noqa: T201
    assert sorted(crew.killed) == sorted(KILLED_BEFORE_THE_ANSWER + KILLED_AFTER_THE_ANSWER)
    assert set(arrived) == set(frozen), "letters were lost, or came from nowhere"
    assert arrived.total() - LETTERS <= len(crew.killed)
    assert len(doubled) >= len(KILLED_BEFORE_THE_ANSWER), "the kills missed the moment they are here for"
    for taken in server.taken:
        assert taken.raw == frozen[str(message_from_bytes(taken.raw)["Message-ID"])]
    assert not OutgoingMail.objects.exclude(state=State.SENT).exists()
    assert not OutgoingMail.objects.filter(settled_at=None).exists()
