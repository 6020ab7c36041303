"""Reading a mail beside the standard library's parse-everything, on the same mails, in one run and in turns.

python -m tests.benchmarks.mail_in [--mails N] [--rounds N]

The standard library's side is `email.message_from_bytes(policy=default)` and the content of every part, no more; ours
is the whole of `read`: addresses, quotes, kind, attachments. Mails are of 20 kB, in three builds: plain, with HTML
beside it, with a file. Prints mails a second of CPU time of both, and their ratio.
"""

import argparse
import email
import email.policy
import random
import statistics
import sys
import time
from collections.abc import Callable
from email.message import EmailMessage

from complaints.mailroom.reading import read

SIZE = 20_000
GOAL = 0.5
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
        chance.randbytes(SIZE // 2), maintype="application", subtype="pdf", filename="Beleg für März.pdf"
    )
    return message


def parse_everything(raw: bytes) -> None:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    for part in message.walk():
        if not part.is_multipart():
            part.get_content()


def rate(reader: Callable[[bytes], object], raws: list[bytes]) -> float:
    began = time.process_time()
    for raw in raws:
        reader(raw)
    return len(raws) / (time.process_time() - began)


def compare(raws: list[bytes], rounds: int) -> float:
    rates: dict[str, list[float]] = {"standard library": [], "ours": []}
    readers: dict[str, Callable[[bytes], object]] = {"standard library": parse_everything, "ours": read}
    for number in range(rounds):
        for side in sorted(readers, reverse=number % 2 == 0):
            rates[side].append(rate(readers[side], raws))
    middle = {side: statistics.median(told) for side, told in rates.items()}
    for side, told in rates.items():
        say(f"  {side:17} {middle[side]:7,.0f}/s   ({', '.join(f'{one:,.0f}' for one in told)})")
    return middle["ours"] / middle["standard library"]


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
    ratio = compare(raws, options.rounds)
    say(f"  ratio             {ratio:7.2f}     (goal {GOAL})")


if __name__ == "__main__":
    main()
