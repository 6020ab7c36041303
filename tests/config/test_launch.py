"""The whole of it, with real programs: what `./run demo` starts is what must end."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest
from django.contrib.auth import get_user_model

from config.launch_valkey import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS_TO_STOP = 20


class Demo:
    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        command = [sys.executable, "-m", "config.launch", "demo", "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def wait_for(self, words: str) -> str:
        read = ""
        for line in self.output:
            read += line
            if words in line:
                return read
        raise AssertionError(f"it ended without saying {words!r}:\n{read}")

    @property
    def output(self) -> IO[str]:
        assert self.process.stdout
        return self.process.stdout

    def wait_until(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SECONDS_TO_STOP
        while not done():
            assert time.monotonic() < deadline, self.remaining()
            time.sleep(0.1)

    def end(self) -> tuple[int, str]:
        rest, _ = self.process.communicate(timeout=SECONDS_TO_STOP)
        return self.process.returncode, rest

    def remaining(self) -> dict[int, str]:
        """Processes that have this test's folder in their environment or work in it."""
        mark, found = f"VAR_DIR={self.folder}".encode(), {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                at_home = str(self.folder) in str((process / "cwd").readlink())
                if at_home or mark in (process / "environ").read_bytes():
                    found[int(process.name)] = (process / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
        return found

    def pid_of(self, words: str) -> int:
        return next(pid for pid, command in self.remaining().items() if words in command)


@pytest.fixture
def environment(child_environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """A database in which somebody is already at work, so that no demo data is loaded, and no Redis."""
    get_user_model().objects.create_user("somebody")
    without = {name: value for name, value in child_environment.items() if name not in {"REDIS_URL", "DEBUG"}}
    return without | {"VAR_DIR": str(tmp_path / "var")}


@pytest.fixture
def demo(environment: dict[str, str], tmp_path: Path) -> Iterator[Demo]:
    demo = Demo(environment, tmp_path / "var")
    yield demo
    demo.process.kill()
    demo.output.close()
    demo.process.wait()


def ask(port: int, request: str) -> str:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(f"{request}\r\nConnection: close\r\n\r\n".encode())
        return b"".join(iter(lambda: line.recv(65536), b"")).decode()


@pytest.mark.faults
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_starts_everything_and_one_signal_leaves_nothing(demo: Demo, number: signal.Signals) -> None:
    said = demo.wait_for("Ctrl-C stops everything")
    assert f"http://127.0.0.1:{demo.port}/desk/" in said
    running = " ".join(demo.remaining().values())
    assert all(
        name in running for name in ("gunicorn", "celery -A config worker", "celery -A config beat", "valkey")
    )
    assert '"broker": true' in ask(demo.port, "GET /health/ HTTP/1.1\r\nHost: localhost")
    # SEC-46, as gunicorn hands it on: the request line may name another host, and so may Host.
    assert (
        " 400 "
        in ask(demo.port, "GET http://evil.example/desk/ HTTP/1.1\r\nHost: evil.example").split("\r\n")[0]
    )
    assert (
        " 200 "
        in ask(demo.port, "GET /static/unfold/css/styles.css HTTP/1.1\r\nHost: localhost").split("\r\n")[0]
    )
    demo.process.send_signal(number)
    status, rest = demo.end()
    assert (status, "Stopped." in rest) == (0, True)
    assert demo.remaining() == {}


@pytest.mark.faults
def test_a_program_that_dies_ends_the_whole_and_is_named(demo: Demo) -> None:
    demo.wait_for("Ctrl-C stops everything")
    demo.wait_until(lambda: "ready" in (demo.folder / "log" / "worker.log").read_text())
    os.kill(demo.pid_of("celery -A config worker"), signal.SIGKILL)
    status, rest = demo.end()
    assert status == 1
    assert "redress: worker ended with status -9" in rest
    assert "celery@" in rest, "its last lines are shown"
    assert demo.remaining() == {}


@pytest.mark.faults
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent is gone")
def test_a_launcher_killed_outright_takes_its_children_along(demo: Demo) -> None:
    demo.wait_for("Ctrl-C stops everything")
    demo.process.kill()
    demo.wait_until(lambda: demo.remaining() == {})


@pytest.mark.faults
def test_ctrl_c_while_it_prepares_leaves_nothing(demo: Demo) -> None:
    demo.wait_for("Preparing the database")
    demo.process.send_signal(signal.SIGINT)
    assert demo.end()[0] == 0
    assert demo.remaining() == {}


def refuse(environment: dict[str, str], *arguments: str) -> str:
    """Each refusal is one line and no traceback."""
    command = [sys.executable, "-m", "config.launch", "demo", *arguments]
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1
    (line,) = ended.stderr.splitlines()
    return line


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path / "var")}


def test_a_taken_port_is_one_sentence(bare: dict[str, str]) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = str(listener.getsockname()[1])
        assert "is taken" in refuse(bare, "--port", port)
        assert "is taken" in refuse(bare | {"PORT": port})


def test_an_unusable_database_is_one_sentence(bare: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "redress.sqlite3").write_text("not a database " * 100)
    assert "file is not a database" in refuse(bare, "--port", str(free_port()))


def test_an_unwritable_folder_is_one_sentence(bare: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    assert "cannot be written" in refuse(bare, "--port", str(free_port()))


def test_a_database_server_that_is_not_there_is_one_sentence(bare: dict[str, str]) -> None:
    url = f"postgres://ann:pw@127.0.0.1:{free_port()}/redress"
    assert "does not answer" in refuse(bare | {"DATABASE_URL": url}, "--port", str(free_port()))


def test_the_secret_is_made_once_and_is_nobody_elses(bare: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "config.launch", "manage", "shell", "-v", "0", "-c"]
    code = "from django.conf import settings; print(settings.SECRET_KEY)"
    first, second = (
        subprocess.run(
            [*command, code], cwd=ROOT, env=bare, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    )
    kept = tmp_path / "var" / "secret"
    assert first == second == kept.read_text() + "\n"
    assert len(first) > 50
    assert kept.stat().st_mode & 0o077 == 0
