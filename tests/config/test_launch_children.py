"""The household with children of our own making, each misbehaving in its own way."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import launch_children
from config.launch_children import ChildEnded, Household

SLEEPS = "import time; print('up', flush=True); time.sleep(60)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPS
PARENT = f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {DEAF!r}]); print(p.pid, flush=True); p.wait()"


@pytest.fixture
def household(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Household]:
    monkeypatch.setattr(launch_children, "PATIENCE", 0.5)
    household = Household(tmp_path / "log")
    yield household
    household.stop()


def python(household: Household, name: str, code: str, *, foundation: bool = False) -> launch_children.Child:
    return household.start(name, [sys.executable, "-c", code], os.environ, foundation=foundation)


def said(child: launch_children.Child) -> bool:
    return child.log.read_text() != ""


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(") ")[1][0] != "Z"
    except FileNotFoundError:
        return False


def test_a_child_that_ends_is_named_with_its_last_lines(household: Household) -> None:
    python(household, "steady", SLEEPS)
    python(household, "worker", "import sys; [print('line', n) for n in range(30)]; sys.exit(3)")
    with pytest.raises(ChildEnded) as ended:
        household.wait_until(lambda: False)
    message = str(ended.value)
    assert message.startswith("worker ended with status 3")
    assert "line 29" in message
    assert "line 10\n" in message
    assert "line 9\n" not in message


def test_a_child_without_last_words_is_named_too(household: Household) -> None:
    python(household, "worker", "raise SystemExit(1)")
    with pytest.raises(ChildEnded, match="said nothing"):
        household.wait_until(lambda: False)


def test_a_preparation_may_end_well(household: Household) -> None:
    household.finish(python(household, "prepare", "print('done')"))
    assert household.children == []


def test_a_preparation_that_fails_is_named(household: Household) -> None:
    with pytest.raises(ChildEnded, match="prepare ended with status 1"):
        household.finish(python(household, "prepare", "raise ValueError('no table')"))


def test_stopping_leaves_nobody(household: Household) -> None:
    children = [python(household, name, SLEEPS) for name in ("web", "worker")]
    household.wait_until(lambda: all(said(child) for child in children))
    household.stop()
    assert [child.process.poll() for child in children] == [-15, -15]


def test_a_child_that_ignores_the_first_signal_is_killed(household: Household) -> None:
    deaf = python(household, "deaf", DEAF)
    household.wait_until(lambda: said(deaf))
    began = time.monotonic()
    household.stop()
    assert deaf.process.poll() == -9
    assert time.monotonic() - began < 5


def test_a_childs_own_child_goes_with_it(household: Household) -> None:
    parent = python(household, "parent", PARENT)
    household.wait_until(lambda: "up" in parent.log.read_text())
    grandchild = int(parent.log.read_text().split()[0])
    assert is_alive(grandchild)
    household.stop()
    household.wait_until(lambda: not is_alive(grandchild), expected=parent)


def test_what_others_lean_on_is_stopped_last(
    household: Household, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch_children, "PATIENCE", 20)
    foundation = python(household, "valkey", slow_to_leave(tmp_path, "valkey"), foundation=True)
    other = python(household, "worker", slow_to_leave(tmp_path, "worker"))
    household.wait_until(lambda: said(foundation) and said(other))
    household.stop()
    assert (tmp_path / "left").read_text() == "worker valkey "


def slow_to_leave(folder: Path, name: str) -> str:
    return (
        "import signal, sys, time\n"
        "def leave(*_):\n"
        f"    time.sleep(0.3); open({str(folder / 'left')!r}, 'a').write({name + ' '!r}); sys.exit()\n"
        f"signal.signal(signal.SIGTERM, leave); {SLEEPS}"
    )


def test_a_signal_ends_the_waiting(tmp_path: Path) -> None:
    code = (
        "import os, signal; from pathlib import Path; from config.launch_children import *\n"
        f"h = Household(Path({str(tmp_path)!r})); h.listen(); os.kill(os.getpid(), signal.SIGHUP)\n"
        "try: h.wait_until(lambda: False)\nexcept AskedToStop: print('asked')"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30
    )
    assert answer.stdout == "asked\n"
