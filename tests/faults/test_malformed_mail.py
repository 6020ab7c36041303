"""FI-12: malformed mail and mutations of it. Each is read or refused in words; none is lost, none stops the next.

REDRESS_FAULTS=whole has all 2,000 and 20,000 of them; else there is a share of each. What reading makes of a mail must
fit into any database, so every word of it is written out once.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from time import monotonic

import pytest

from complaints.mailroom.reading import ReadMail, Unreadable, cleaned, read
from tests.conftest import ROOT
from tests.faults.malformed import malformed, mutations, real_mails

WHOLE = os.environ.get("REDRESS_FAULTS") == "whole"
MALFORMED, MUTATIONS = (2_000, 20_000) if WHOLE else (400, 1_600)
LONGEST, MEMORY = 5.0, 256
SEED = 12


def ledger(mails: Iterable[bytes]) -> dict[str, object]:
    """What became of each: read, by its kind, or refused."""
    became, slowest, count = Counter[str](), 0.0, 0
    for raw in mails:
        count += 1
        began = monotonic()
        became[fate(raw)] += 1
        slowest = max(slowest, monotonic() - began)
    return {
        "mails": count,
        "became": dict(became.most_common()),
        "slowest": round(slowest, 3),
        "peak": peak(),
    }


def fate(raw: bytes) -> str:
    try:
        mail = read(raw)
    except Unreadable as refused:
        return f"refused: {refused}"
    check(mail)
    return mail.kind.value


def check(mail: ReadMail) -> None:
    """Fit to be stored and shown: no NUL, no half character, no line break in a line, new words within the words."""
    for text in words(asdict(mail)):
        text.encode()
        assert "\0" not in text
    for line in (
        mail.subject,
        *(str(one) for one in (*mail.to, *mail.cc)),
        *(one.name for one in mail.attachments),
    ):
        assert len(line.splitlines()) <= 1
    assert mail.new_text in mail.text
    assert bool(mail.new_text.strip()) == bool(mail.text.strip())
    cleaned(mail.html).encode()


def words(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from chain.from_iterable(map(words, value.values()))
    elif isinstance(value, list | tuple):
        yield from chain.from_iterable(map(words, value))


def peak() -> int:
    """MB at most in this process."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def run() -> dict[str, object]:
    own = list(malformed(MALFORMED, SEED))
    shared = os.environ.get("REDRESS_SHARED")
    seeds = [*real_mails(Path(shared) if shared else ROOT.parent / "shared"), *own[:200]]
    return ledger(chain(own, mutations(seeds, MUTATIONS, SEED)))


@pytest.mark.faults
@pytest.mark.timeout(1800)
def test_fi_12_of_malformed_mail_none_crashes_none_is_dropped_and_memory_stays_small() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.faults.test_malformed_mail"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stderr[-2_000:]
    found = json.loads(told.stdout.splitlines()[-1])
    print(f"FI-12: {found}")  # noqa: T201
    assert found["mails"] == sum(found["became"].values()) == MALFORMED + MUTATIONS
    assert found["slowest"] < LONGEST
    assert found["peak"] < MEMORY


if __name__ == "__main__":
    print(json.dumps(run()))  # noqa: T201
