"""Child processes, each in a group of its own, watched together and stopped together."""

import contextlib
import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

PATIENCE = 5.0  # seconds between asking a child to stop and ending it
LAST_LINES = 20
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class ChildEnded(Exception):
    """A child is gone that should be there; the message names it and shows its last lines."""


class AskedToStop(Exception):
    """Ctrl-C, SIGTERM or a closed terminal."""


@dataclass
class Child:
    name: str
    process: subprocess.Popen[bytes]
    log: Path
    foundation: bool  # the others lean on it, so it is stopped after them

    def last_lines(self) -> str:
        lines = self.log.read_text(errors="replace").splitlines()[-LAST_LINES:]
        return "\n".join(f"    {line}" for line in lines) or "    (it said nothing)"

    def obituary(self) -> str:
        return (
            f"{self.name} ended with status {self.process.returncode}; all else was stopped. "
            f"The end of {self.log}:\n{self.last_lines()}"
        )

    def signal(self, number: signal.Signals) -> None:
        """To the whole group: what a child started itself goes with it."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)


def die_with_parent() -> None:
    """In the child, before it becomes its program: if the launcher is killed outright, go too (on Linux)."""
    if hasattr(_libc, "prctl"):
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Household:
    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.children: list[Child] = []
        self._asked = 0
        logs.mkdir(parents=True, exist_ok=True)

    def listen(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note)

    def _note(self, number: int, frame: FrameType | None) -> None:
        self._asked += 1

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        environment: Mapping[str, str],
        *,
        feed: bytes = b"",
        foundation: bool = False,
    ) -> Child:
        path = self.logs / f"{name}.log"
        with path.open("wb") as log:
            process = subprocess.Popen(  # noqa: S603
                command,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509  # one system call, and no threads here
            )
        child = Child(name, process, path, foundation)
        self.children.append(child)
        if process.stdin:
            with process.stdin as pipe:
                pipe.write(feed)
        return child

    def finish(self, child: Child) -> None:
        """Wait for a child that has an end: a preparation, not a server."""
        self.wait_until(lambda: child.process.poll() is not None, expected=child)
        self.children.remove(child)
        if child.process.returncode:
            raise ChildEnded(child.obituary())

    def wait_until(self, done: Callable[[], bool], *, expected: Child | None = None) -> None:
        while not done():
            if self._asked:
                raise AskedToStop
            for child in self.children:
                if child is not expected and child.process.poll() is not None:
                    raise ChildEnded(child.obituary())
            time.sleep(0.1)

    def stop(self) -> None:
        """Ask all, then their foundation; who stays too long, or past a second Ctrl-C, is killed."""
        before = self._asked
        for group in (
            [child for child in self.children if not child.foundation],
            [child for child in self.children if child.foundation],
        ):
            for child in group:
                child.signal(signal.SIGTERM)
            self._await(group, until=time.monotonic() + PATIENCE, impatient=lambda: self._asked > before)
            for child in group:
                child.signal(signal.SIGKILL)
                child.process.wait()

    def _await(self, group: Sequence[Child], *, until: float, impatient: Callable[[], bool]) -> None:
        while time.monotonic() < until and not impatient():
            if all(child.process.poll() is not None for child in group):
                return
            time.sleep(0.05)
