"""The whole outbox beside Django's own `send_messages` over one connection, to the same sink, in one run and in turns.

DATABASE_URL=... python -m tests.benchmarks.mail_out [--letters N] [--rounds N] [--file]

The sink is a process of its own that takes whatever it is given. Four senders: *bare*, smtplib with ready bytes;
*django*, messages built and sent over one connection; *outbox*, the task that delivers letters written before, with
claim, note and announcement of each; with `--file`, *file*, the same for letters that belong to complaints, so that
each is entered into its ledger as well. Writing the letters is another step, and timed as *post*. Works in the test
database of whatever server DATABASE_URL names. On a machine with other work the best rounds say more.
"""

import argparse
import gc
import os
import smtplib
import socketserver
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.management.color import no_style
from django.db import connection, transaction
from django.test.utils import override_settings, setup_databases, teardown_databases
from django.utils import timezone

from complaints.mailroom import tasks
from complaints.mailroom.actions import post
from complaints.mailroom.models import OutgoingMail, State
from complaints.resolution import actions
from complaints.resolution.actors import System
from complaints.resolution.letters import Letter
from complaints.resolution.models import Channel, Complaint, Customer, MessageKind
from tests.benchmarks.import_rate import say

DJANGOS = "django.core.mail.backends.smtp.EmailBackend"
SUBJECT = "Your complaint NT-2026-000017"
BODY = "Dear customer,\n\n" + "We have looked into what you told us and want you to know how it stands. " * 28
REPLIES = {b"MAIL": b"250 ok", b"RCPT": b"250 ok", b"DATA": b"354 go on", b"QUIT": b"221 bye"}


class Sink(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self.wfile.write(b"220 sink\r\n")
        for line in self.rfile:
            verb = line[:4].upper()
            self.wfile.write(REPLIES.get(verb, b"250 sink") + b"\r\n")
            if verb == b"DATA":
                while self.rfile.readline() != b".\r\n":
                    pass
                self.wfile.write(b"250 taken\r\n")


def serve() -> None:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Sink) as server:
        server.daemon_threads = True
        say(server.server_address[1])
        server.serve_forever()


@contextmanager
def sink() -> Iterator[int]:
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.mail_out", "--sink"], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    try:
        yield int(child.stdout.readline())
    finally:
        child.kill()
        child.wait()
        child.stdout.close()


def message(number: int) -> EmailMessage:
    return EmailMessage(SUBJECT, BODY, settings.DEFAULT_FROM_EMAIL, [f"ann{number}@example.com"])


class Senders:
    """Each prepares what is not measured and returns what is."""

    def __init__(self, letters: int, port: int) -> None:
        self.letters, self.port, self.rings, self.posting = letters, port, 0, 0.0

    def bare(self) -> Callable[[], object]:
        raw = message(1).message().as_bytes()

        def send() -> None:
            with smtplib.SMTP("127.0.0.1", self.port) as line:
                for number in range(self.letters):
                    line.sendmail(settings.DEFAULT_FROM_EMAIL, [f"ann{number}@example.com"], raw)

        return send

    def django(self) -> Callable[[], object]:
        wire = get_connection(DJANGOS)
        return lambda: wire.send_messages([message(number) for number in range(self.letters)])

    def outbox(self) -> Callable[[], object]:
        began = time.perf_counter()
        for number in range(self.letters):
            self._post(number)
        self.posting = time.perf_counter() - began
        return self._deliver

    def file(self) -> Callable[[], object]:
        now = timezone.now()
        customer = Customer.objects.create(name="Ann", email="ann@example.com", created_at=now)
        for number in range(self.letters):
            with transaction.atomic():
                complaint = Complaint.objects.first() if number % 5 else self._complaint(customer)
                assert complaint is not None
                letter = Letter(SUBJECT, BODY)
                by = System.FOLLOW_UP
                actions.send_letter(complaint, kind=MessageKind.UPDATE, letter=letter, by=by, now=now)
        OutgoingMail.objects.filter(state=State.QUEUED).update(due_at=now)
        return self._deliver

    def _complaint(self, customer: Customer) -> Complaint:
        opening = actions.Opening(
            customer=customer,
            channel=Channel.WEB,
            title="Late",
            words="It was late.",
            by=System.IMPORTER,
            received_at=timezone.now(),
        )
        return actions.open_complaint(opening, now=timezone.now())

    def _post(self, number: int) -> None:
        post(
            to=f"ann{number}@example.com",
            subject=SUBJECT,
            body=BODY,
            kind="update",
            dedupe_key=f"{time.monotonic_ns()}",
            now=timezone.now(),
        )

    def _deliver(self) -> None:
        """One task after the other, as the doorbell rings for them."""
        while OutgoingMail.objects.claimable(timezone.now()).exists():
            self.rings += 1
            tasks.deliver()
        assert OutgoingMail.objects.filter(state=State.SENT, settled_at__isnull=False).count() == self.letters


def compare(names: list[str], letters: int, rounds: int) -> None:
    took: dict[str, list[float]] = {name: [] for name in names}
    cpu: dict[str, list[float]] = {name: [] for name in names}
    with sink() as port, override_settings(**wire_to(port)), patch.object(tasks.doorbell, "ring"):
        senders = Senders(letters, port)
        for number in range(rounds):
            for name in names if number % 2 == 0 else names[::-1]:
                with transaction.atomic():
                    work = getattr(senders, name)()
                gc.collect()
                began, spent = time.perf_counter(), time.process_time()
                work()
                took[name].append(time.perf_counter() - began)
                cpu[name].append(time.process_time() - spent)
                clear()
    report(took, cpu, letters)
    say(f"  post   {letters / senders.posting:8,.0f}/s")
    delivered = letters * rounds * sum(name in {"outbox", "file"} for name in names)
    say(f"  tasks  {senders.rings / delivered * 100:8.2f} a hundred letters (goal 1)")


def wire_to(port: int) -> dict[str, object]:
    return {"EMAIL_BACKEND": DJANGOS, "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": port, "MAIL_UNDO_SECONDS": 0}


def clear() -> None:
    tables = [model._meta.db_table for model in (OutgoingMail, Complaint, Customer)]
    connection.ops.execute_sql_flush(
        connection.ops.sql_flush(no_style(), tables, allow_cascade=True, reset_sequences=False)
    )


def report(took: dict[str, list[float]], cpu: dict[str, list[float]], letters: int) -> None:
    say(f"{connection.vendor}, {letters:,} letters of {len(BODY) / 1000:.1f} kB, rounds in turns")
    for name, seconds in took.items():
        each = ", ".join(f"{letters / one:,.0f}" for one in seconds)
        own = statistics.median(cpu[name]) / letters * 1000
        say(
            f"  {name:6} {letters / statistics.median(seconds):8,.0f}/s, {own:.2f} ms of processor each   ({each})"
        )
    for word, of in (("median", statistics.median), ("best", min)):
        for name in took.keys() & {"outbox", "file"}:
            ratio = of(took["django"]) / of(took[name])
            say(f"  {name} to django: {ratio:6.2f} of the {word} rounds (goal 0.80)")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--letters", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--file", action="store_true", help="letters of complaints as well")
    parser.add_argument("--sink", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.sink:
        serve()
        return
    if connection.vendor == "sqlite":
        folder = Path(settings.VAR_DIR) / "tests"
        folder.mkdir(parents=True, exist_ok=True)
        connection.settings_dict["TEST"]["NAME"] = str(folder / f"mail_out_{os.getpid()}.sqlite3")
    before = setup_databases(verbosity=0, interactive=False)
    try:
        names = ["bare", "django", "outbox", *(["file"] if options.file else [])]
        compare(names, options.letters, options.rounds)
    finally:
        teardown_databases(before, verbosity=0)


if __name__ == "__main__":
    main()
