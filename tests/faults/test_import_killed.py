"""FI-13: an import of a file with every kind of bad row, killed without warning, and run again."""

import csv
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from complaints.intake.models import ImportRun, Submission
from complaints.mailroom.models import OutgoingMail
from complaints.resolution.models import Complaint, Entry, EntryKind
from tests.conftest import ROOT

ROWS, EVERY, BIG_EVERY = 20_000, 100, 4_000
HEADER = b"\xef\xbb\xbfDate received,Product,Issue,Consumer complaint narrative,Company,Complaint ID\r\n"
MEMORY = 300  # MB


def good(number: int) -> bytes:
    words = f'"It began in week {number}.\nThen nobody ""called"" back."' if number % 7 == 0 else "=SUM(A1)"
    return f"2020-03-{number % 28 + 1:02},Mortgage,Fees,{words},First Bank,{number}\r\n".encode()


def bad(number: int) -> tuple[bytes, str]:
    """One bad record, and a word of the reason for which it must be refused."""
    kinds = (
        (f"2020-03-01,Mortgage,{number}\r\n".encode(), "too few fields"),
        (f"2020-03-01,Mortgage,Fees,,Bank,{number},over,much\r\n".encode(), "too many fields"),
        (f"2020-02-30,Mortgage,Fees,,Bank,{number}\r\n".encode(), "date of receipt"),
        (b",Mortgage,Fees,,Bank,1\r\n", "no date of receipt"),
        (b"2020-03-01,Mortgage,Fees,,Bank,\r\n", "no number"),
        (b'2020-03-01,Mortgage,Fees,"open "quote,Bank,\r\n', "the quotes do not pair"),
        (good(number - 1), "stands in line"),
        (f"2999-01-01,Mortgage,Fees,,Bank,{number}\r\n".encode(), "future"),
        (f"2020-03-01,Mortgage,Fees,,Bank,{'9' * 90}{number}\r\n".encode(), "longer than 80"),
        (HEADER[3:], "the header once more"),
    )
    return kinds[(number // EVERY) % len(kinds)]


def harmless(number: int) -> bytes:
    """Hurt on the way, and still a complaint: a megabyte in a cell, a NUL, bytes of another encoding."""
    kinds = (b"x" * 1024 * 1024, b"a NUL\0 in it", "Böhm".encode("cp1252"))
    words = kinds[(number // BIG_EVERY) % len(kinds)]
    return b"2020-03-01,Mortgage,Fees," + words + f",Bank,{number}\r\n".encode()


def write(path: Path) -> tuple[set[str], dict[int, str]]:
    """The numbers of the good rows; and for the line of each bad one a word of its reason."""
    numbers, refused, line = set(), {}, 2
    with path.open("wb") as file:
        file.write(HEADER)
        for number in range(1, ROWS + 1):
            if number % EVERY == 0:
                record, refused[line] = bad(number)
            else:
                numbers.add(str(number))
                record = harmless(number) if number % BIG_EVERY == 1 else good(number)
            file.write(record)
            line += record.count(b"\n")
    return numbers, refused


@pytest.fixture
def environment(child_environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    return child_environment | {"MEDIA_ROOT": str(tmp_path / "media")}


@pytest.fixture
def children() -> Iterator[list[subprocess.Popen[bytes]]]:
    begun: list[subprocess.Popen[bytes]] = []
    yield begun
    for child in begun:
        if child.poll() is None:
            child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()


def begin(path: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, str(ROOT / "manage.py"), "import_complaints", str(path)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, cwd=ROOT)


def peak(child: subprocess.Popen[bytes]) -> int:
    """MB at most so far; the process's own mark, which knows nothing of who started it."""
    try:
        status = Path(f"/proc/{child.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) // 1024
    except (OSError, IndexError):
        return 0


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.django_db(transaction=True)
def test_fi_13_an_import_killed_on_the_way_and_run_again_loses_and_doubles_nothing(
    environment: dict[str, str], children: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    path = tmp_path / "export.csv"
    numbers, refused = write(path)

    children.append(begin(path, environment))
    deadline = time.monotonic() + 240
    while Complaint.objects.count() < ROWS * 0.4 and time.monotonic() < deadline:
        assert children[0].poll() is None, "it was over before it could be killed"
        time.sleep(0.05)
    os.kill(children[0].pid, signal.SIGKILL)
    children[0].wait()
    before = Complaint.objects.count()
    assert ROWS * 0.4 <= before < len(numbers)
    assert ImportRun.objects.get().taken == before, "the run says what was taken in, killed or not"

    children.append(begin(path, environment))
    most = 0
    while children[1].poll() is None:
        most = max(most, peak(children[1]))
        time.sleep(0.1)
    told = (children[1].stdout.read() if children[1].stdout else b"").decode()
    print(f"{before:,} by the kill, then: {told.splitlines()[1]} {most} MB at most")  # noqa: T201
    assert (
        f"{len(numbers) - before:,} new complaints, {before:,} already there, {len(refused):,} refused"
        in told
    )

    assert set(Complaint.objects.values_list("external_id", flat=True)) == numbers
    assert (
        Complaint.objects.count() == Complaint.history.count() == Submission.objects.count() == len(numbers)
    )
    assert Entry.objects.filter(kind=EntryKind.IMPORTED).count() == len(numbers), "one entry a complaint"
    assert not OutgoingMail.objects.exists()
    with path.with_name("export.csv.refused.csv").open(newline="") as report:
        reported = {int(row[0]): row[2] for row in csv.reader(report) if row[1] == "refused"}
    assert reported.keys() == refused.keys()
    assert {line: reported[line] for line, word in refused.items() if word not in reported[line]} == {}
    assert 0 < most < MEMORY
