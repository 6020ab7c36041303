"""Mail in beside the standard library's parse-everything, on the same mails, in one run and in turns.

DATABASE_URL=... python -m tests.benchmarks.mail_in [--mails N] [--rounds N]

The standard library's side is `email.message_from_bytes(policy=default)`, every header and the content of every part:
what a program has to ask for to know what a mail says. It parses a header when it is asked for. Ours are
*read*, the whole of our reader: addresses, quotes, kind, attachments; and *taken in*: kept and committed, read, sorted,
and a complaint opened by each, with its customer, clocks, ledger, documents and planned letter, in the test database of
whatever server DATABASE_URL names. Mails are of 20 kB, in three builds: plain, with HTML beside it, with a file. Prints
mails a second by the clock and by processor time, and the ratios.
"""

import argparse
import email
import email.policy
import gc
import io
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.test.utils import override_settings, setup_databases, teardown_databases
from django.utils import timezone

from complaints.mailroom import actions
from complaints.mailroom.models import Fate, IncomingMail
from complaints.mailroom.reading import read
from complaints.policies import library
from complaints.resolution.models import Complaint, Customer

SIZE = 20_000
GOALS = {"read": 0.5, "taken in": 0.3}
PARCEL = 50
WORDS = [
    "I",
    "was",
    "charged",
    "twice",
    "for",
    "the",
    "same",
    "month",
    "and",
    "nobody",
    "answered",
    "my",
    "letters",
    "about",
    "fees",
    "größer",
    "als",
    "vereinbart",
]
QUOTED = "\n\nOn Fri, 3 May 2024 at 10:12, Bank <help@bank.example> wrote:\n\n"


def mails(count: int) -> list[bytes]:
    chance = random.Random(8)
    builds = (plain, with_html, with_file)
    return [builds[number % len(builds)](chance, number).as_bytes() for number in range(count)]


def envelope(number: int) -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"Änn Example <ann{number}@example.org>"
    message["To"] = "Complaints <help@bank.example>"
    message["Subject"] = f"My complaint about größere fees, {number}"
    message["Date"] = "Fri, 3 May 2024 10:12:00 +0200"
    message["Message-ID"] = f"<{number}@example.org>"
    message["References"] = " ".join(f"<{number}.{before}@bank.example>" for before in range(5))
    return message


def lines(chance: random.Random, length: int) -> str:
    written: list[str] = []
    while sum(map(len, written)) < length:
        written.append(" ".join(chance.choices(WORDS, k=12)))
    return "\n".join(written)


def letter(chance: random.Random, length: int) -> str:
    quoted = lines(chance, length // 2).replace("\n", "\n> ")
    return f"{lines(chance, length // 2)}{QUOTED}> {quoted}\n"


def plain(chance: random.Random, number: int) -> EmailMessage:
    message = envelope(number)
    message.set_content(letter(chance, SIZE - 1_500))
    return message


def with_html(chance: random.Random, number: int) -> EmailMessage:
    message = envelope(number)
    text = letter(chance, SIZE // 3)
    message.set_content(text)
    message.add_alternative("".join(f"<p>{line}</p>\n" for line in text.splitlines()), subtype="html")
    return message


def with_file(chance: random.Random, number: int) -> EmailMessage:
    message = envelope(number)
    message.set_content(letter(chance, SIZE // 4))
    message.add_attachment(
        b"%PDF-1.7\n" + chance.randbytes(SIZE // 2),
        maintype="application",
        subtype="pdf",
        filename="Beleg für März.pdf",
    )
    return message


def parse_everything(raw: bytes) -> None:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    for part in message.walk():
        part.items()
        if not part.is_multipart():
            part.get_content()


def parse_all(raws: list[bytes]) -> None:
    for raw in raws:
        parse_everything(raw)


def read_all(raws: list[bytes]) -> None:
    for raw in raws:
        read(raw)


def take_in(raws: list[bytes]) -> None:
    for start in range(0, len(raws), PARCEL):
        parcels = [actions.Parcel(raw) for raw in raws[start : start + PARCEL]]
        actions.keep_all(parcels, now=timezone.now())
    actions.understand_due(now=timezone.now, limit=len(raws))


SIDES: dict[str, Callable[[list[bytes]], None]] = {
    "standard library": parse_all,
    "read": read_all,
    "taken in": take_in,
}


def compare(raws: list[bytes], rounds: int) -> None:
    took: dict[str, list[float]] = {side: [] for side in SIDES}
    spent: dict[str, list[float]] = {side: [] for side in SIDES}
    for number in range(rounds):
        for side in list(SIDES)[:: 1 if number % 2 else -1]:
            gc.collect()
            clock, processor = time.perf_counter(), time.process_time()
            SIDES[side](raws)
            took[side].append(time.perf_counter() - clock)
            spent[side].append(time.process_time() - processor)
        check_and_clear(len(raws))
    for word, seconds in (("by the clock", took), ("of processor time", spent)):
        report(word, seconds, len(raws))


def check_and_clear(many: int) -> None:
    assert IncomingMail.objects.filter(fate=Fate.OPENED).count() == Complaint.objects.count() == many
    tables = [model._meta.db_table for model in (IncomingMail, Complaint, Customer)]
    connection.ops.execute_sql_flush(
        connection.ops.sql_flush(no_style(), tables, allow_cascade=True, reset_sequences=False)
    )


def report(word: str, seconds: dict[str, list[float]], many: int) -> None:
    say(f"{connection.vendor}, mails a second {word}")
    for side, rounds in seconds.items():
        each = ", ".join(f"{many / one:,.0f}" for one in rounds)
        say(f"  {side:17} {many / statistics.median(rounds):7,.0f}   ({each})")
    for side, goal in GOALS.items():
        ratio = statistics.median(seconds["standard library"]) / statistics.median(seconds[side])
        say(f"  {side} to it: {ratio:.2f} (goal {goal})")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mails", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    raws = mails(options.mails)
    say(f"{len(raws)} mails of {sum(map(len, raws)) // len(raws):,} bytes, {options.rounds} rounds in turns")
    if connection.vendor == "sqlite":
        folder = Path(settings.VAR_DIR) / "tests"
        folder.mkdir(parents=True, exist_ok=True)
        connection.settings_dict["TEST"]["NAME"] = str(folder / f"mail_in_{os.getpid()}.sqlite3")
    before = setup_databases(verbosity=0, interactive=False)
    try:
        with tempfile.TemporaryDirectory() as files, override_settings(DEBUG=False, MEDIA_ROOT=files):
            call_command("setup_queues", stdout=io.StringIO())
            library.everything()
            compare(raws, options.rounds)
    finally:
        teardown_databases(before, verbosity=0)


if __name__ == "__main__":
    main()
