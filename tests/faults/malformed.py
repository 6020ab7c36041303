"""Mail as nobody should write it: seeds of every kind, and seeded accidents done to them."""

import base64
import random
from collections.abc import Iterator
from pathlib import Path

from tests.complaints.mailroom.reading.written import mail, multipart

CHARSETS = [
    "utf-8",
    "iso-8859-1",
    "gb2312",
    "iso-2022-jp",
    "koi8-r",
    "utf-16",
    "utf-7",
    "x-unknown",
    "base64",
    "",
    "\0",
    "é",
    "idna",
]
ENCODINGS = [
    "7bit",
    "8bit",
    "base64",
    "quoted-printable",
    "x-uuencode",
    "binary",
    "nonsense",
    "",
    "BASE64;",
    "quoted printable",
]
TYPES = [
    "text/plain",
    "text/html",
    "multipart/mixed",
    "multipart/alternative",
    "message/rfc822",
    "message/delivery-status",
]
TYPES += [
    "multipart/report; report-type=delivery-status",
    "application/ms-tnef",
    "text",
    "/",
    "",
    "image/png",
    "text/calendar",
]
BODIES = [
    b"Hello",
    b"",
    b"\0\xff\xfe\x80" * 50,
    base64.encodebytes(b"Hello " * 50),
    b"=C3=BC=\r\n=ZZ=",
    b"begin 644 a.txt\n#0V%T\n`\nend\n",
    "Grüße 你好 \U0001f600".encode(),
    b"<p>Hello<div><script>x</script>",
    b"\x1b$B$3$s$K$A$O\x1b(B",
    b"On 3 May 2024, a <a@b.c> wrote:\n> quoted\n\nnew\n-- \nAnn",
    b"Final-Recipient: rfc822; a@b.c\nAction: failed\nStatus: 5.1.1\n",
    b"--b\n--b--\n--b",
]
HEADS = [
    b"Subject: =?utf-8?b?4pyT?= =?utf-8?q?=?= =?x?y?z?=",
    b"Subject: " + b"a" * 3_000,
    b'To: "unclosed <a@b.c>, (unclosed, group: a@b; ,,,<<>>',
    b"References: <a@b> <c@d <e@f> g@h",
    b"Message-ID: no-brackets",
    b"Message-ID: <>",
    b"Date: Fri, 32 Mai 20x4 99:99:99 +9999",
    b"Content-Disposition: attachment; filename*0*=utf-8''a%; filename*1=b; filename*x=c; filename",
    b'Content-Disposition: attachment; filename="../../etc/passwd\0.exe"',
    b"Content-ID: <<>>",
    b" folded without a header",
    b"no colon here",
    b":",
    b"\xff\xfe: \xff",
    b"Return-Path: <>",
    b"Auto-Submitted: auto-replied",
    b"X-Failed-Recipients: ,,@,a@b",
]


def malformed(count: int, seed: int) -> Iterator[bytes]:
    """Mails put together at random of the odd pieces above: no two in the same way wrong."""
    chance = random.Random(seed)
    for _ in range(count):
        yield _whole(chance, depth=0)


def _whole(chance: random.Random, depth: int) -> bytes:
    head = b"\n".join(chance.sample(HEADS, chance.randrange(4)))
    kind, charset = chance.choice(TYPES), chance.choice(CHARSETS)
    head += f'\nContent-Type: {kind}; charset="{charset}"'.encode("utf-8", "replace")
    head += f"\nContent-Transfer-Encoding: {chance.choice(ENCODINGS)}".encode()
    body = chance.choice(BODIES)
    if depth < 3 and chance.random() < 0.5:
        parts = [_whole(chance, depth + 1) for _ in range(chance.randrange(1, 4))]
        boundary = chance.choice(["b", "b b", "=_b", "b" * 80, "'", "bb"])
        body = multipart(
            *parts, kind=chance.choice(["mixed", "alternative", "report", "signed"]), boundary=boundary
        )
        if chance.random() < 0.3:
            body = body[: chance.randrange(1, len(body))]
    ends = chance.choice([b"\n", b"\r\n", b"\r"])
    sender = chance.choice(
        ["Ann <ann@example.org>", "", "mailer-daemon", "=?utf-8?q?A?= <a@b.c>", "<>", "@", "a@b, c@d"]
    )
    return mail(body, head=head.strip(b"\n") or b"X: y", sender=sender).replace(b"\n", ends)


def mutations(seeds: list[bytes], count: int, seed: int) -> Iterator[bytes]:
    """One to eight accidents each: bytes flipped, lost, doubled, cut off, moved, or put in from another mail."""
    chance = random.Random(seed)
    for number in range(count):
        raw = bytearray(seeds[number % len(seeds)][:60_000])
        for _ in range(chance.randrange(1, 9)):
            _accident(chance, raw, seeds)
        yield bytes(raw)


def _accident(chance: random.Random, raw: bytearray, seeds: list[bytes]) -> None:
    at = chance.randrange(len(raw) + 1)
    length = chance.choice([1, 2, 8, 64, 512])
    kind = chance.randrange(7)
    if kind == 0 and raw:
        raw[at - 1] = chance.randrange(256)
    elif kind == 1:
        del raw[at : at + length]
    elif kind == 2:
        raw[at:at] = raw[at : at + length]
    elif kind == 3:
        raw[at:at] = chance.choice(
            [b"\n", b"\r\n", b"\n\n", b"\0", b"--", b"=?", b'"', b";", b"\xff", b":", b"=\n", b"<", b"%"]
        )
    elif kind == 4 and chance.random() < 0.3:
        del raw[at:]
    elif kind == 5:
        other = chance.choice(seeds)
        start = chance.randrange(len(other) + 1)
        raw[at:at] = other[start : start + length]
    elif raw:
        piece = bytes(raw[at : at + length])
        del raw[at : at + length]
        to = chance.randrange(len(raw) + 1)
        raw[to:to] = piece


def real_mails(shared: Path | None) -> list[bytes]:
    """The collections beside the checkout, where they are."""
    if shared is None or not (shared / "data" / "mail").is_dir():
        return []
    folder = shared / "data" / "mail"
    return [file.read_bytes() for kind in ("*.eml", "*.box") for file in sorted(folder.rglob(kind))]
