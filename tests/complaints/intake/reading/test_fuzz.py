import csv
import io
import random
from collections.abc import Callable
from contextlib import suppress

from complaints.intake.reading import Refusal, Row, UnreadableExport, open_export

HEADER = b"Complaint ID,Date received,Product,Consumer complaint narrative,Company,Tags\r\n"
NASTY = [b'"', b'""', b",", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xe9", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\\", b'\\"', b";",
         b"\t", b"\x1a", b" ", b"=", b"31/31/31", b"\xe2\x80\xa8", b"\x85", b'","', b'"\r\n"', b"a" * 5000]  # fmt: skip


def a_file() -> tuple[bytes, list[int]]:
    """Its bytes, and where each record ends."""
    records, ends = [HEADER], []
    for number in range(60):
        line = io.StringIO(newline="")
        words = f'Prêt {number},\nthey said “no” and "no" again' if number % 3 else "short"
        csv.writer(line).writerow(
            [1000 + number, f"2020-03-{number % 28 + 1:02}", "Loan", words, "Bänk, Inc.", "None"]
        )
        records.append(line.getvalue().encode())
        ends.append(sum(map(len, records)))
    return b"".join(records), ends


def read(data: bytes) -> list[Row | Refusal]:
    return list(open_export(io.BytesIO(data)))


def insert(data: bytes, at: int, dice: random.Random) -> bytes:
    return data[:at] + dice.choice(NASTY) + data[at:]


def overwrite(data: bytes, at: int, dice: random.Random) -> bytes:
    return data[:at] + dice.choice(NASTY) + data[at + dice.randint(1, 9) :]


def drop(data: bytes, at: int, dice: random.Random) -> bytes:
    return data[:at] + data[at + dice.randint(1, 60) :]


def cut(data: bytes, at: int, dice: random.Random) -> bytes:
    return data[:at]


def repeat(data: bytes, at: int, dice: random.Random) -> bytes:
    return data[: at + dice.randint(1, 200)] + data[at:]


def scramble(data: bytes, at: int, dice: random.Random) -> bytes:
    return data[:at] + dice.randbytes(dice.randint(1, 20)) + data[at:]


HURTS: list[Callable[[bytes, int, random.Random], bytes]] = [insert, overwrite, drop, cut, repeat, scramble]


def test_two_thousand_hurts_never_crash_and_never_cost_a_row_before_the_damage() -> None:
    data, ends = a_file()
    expected = read(data)
    assert len(expected) == 60
    dice = random.Random(20200318)
    for _ in range(2000):
        at = dice.randrange(len(HEADER), len(data))
        found = read(dice.choice(HURTS)(data, at, dice))
        unhurt = sum(end <= at for end in ends)
        assert found[:unhurt] == expected[:unhurt]


def test_a_single_hurt_costs_few_of_the_rows_behind_it() -> None:
    data, _ = a_file()
    known = [item.record for item in read(data) if isinstance(item, Row)]
    dice = random.Random(4)
    for _ in range(500):
        at = dice.randrange(len(HEADER), len(data))
        found = [item.record for item in read(insert(data, at, dice)) if isinstance(item, Row)]
        assert sum(record not in found for record in known) <= 2


def test_hurts_anywhere_and_many_at_once_end_in_rows_or_in_a_sentence() -> None:
    data, _ = a_file()
    dice = random.Random(7)
    for _ in range(1000):
        hurt = data
        for _ in range(dice.randint(1, 12)):
            hurt = dice.choice(HURTS)(hurt, dice.randrange(len(hurt) or 1), dice)
        with suppress(UnreadableExport):
            assert all(len(item.excerpt) <= 200 for item in read(hurt) if isinstance(item, Refusal))
