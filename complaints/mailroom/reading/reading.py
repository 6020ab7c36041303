"""From raw bytes to what a mail says."""

import re
from typing import Final

from complaints.mailroom.reading.addresses import addresses
from complaints.mailroom.reading.bounces import bounce_of
from complaints.mailroom.reading.contents import contents_of
from complaints.mailroom.reading.dates import sent_at
from complaints.mailroom.reading.exceptions import TooBig, Unreadable
from complaints.mailroom.reading.headers import Headers
from complaints.mailroom.reading.kinds import Clues, kind_of
from complaints.mailroom.reading.limits import LARGEST_MAIL, MOST_REFERENCES
from complaints.mailroom.reading.mails import Address, Bounce, Kind, ReadMail
from complaints.mailroom.reading.parts import split_parts
from complaints.mailroom.reading.quoting import newly_written

_ID: Final = re.compile(r"<\s*([^<>\s]{1,900})\s*>")
_BARE_ID: Final = re.compile(r"[^<>\s\"(),;]{1,900}")
_LONGEST_SUBJECT = 2_000
_ENVELOPE: Final = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "apparently-to")


def read(raw: bytes) -> ReadMail:
    """Any bytes; raises nothing but Unreadable, of which TooBig is one, and both say what was refused."""
    if len(raw) > LARGEST_MAIL:
        raise TooBig(f"The mail is larger than {LARGEST_MAIL // (1024 * 1024)} MB.")
    if not raw.strip():
        raise Unreadable("There is nothing in it.")
    try:
        return _read(raw)
    except MemoryError:
        raise TooBig("There was not memory enough to read it.") from None


def _read(raw: bytes) -> ReadMail:
    root, faults = split_parts(raw)
    contents = contents_of(raw, root)
    text = contents.text
    clues = Clues(root.headers, root.type, contents, text, root.headers.text("subject")[:_LONGEST_SUBJECT])
    return _mail(clues, (*faults, *contents.faults))


def _mail(clues: Clues, faults: tuple[str, ...]) -> ReadMail:
    headers, contents = clues.headers, clues.contents
    kind, reasons = kind_of(clues)
    to = addresses(headers.raw("to"))
    return ReadMail(
        message_id=next(iter(ids(headers, "message-id")), None),
        in_reply_to=ids(headers, "in-reply-to"),
        references=ids(headers, "references"),
        sender=_sender(headers),
        reply_to=addresses(headers.raw("reply-to")),
        to=to,
        cc=addresses(headers.raw("cc")),
        delivered_to=addresses(value for name in _ENVELOPE for value in headers.raw(name)),
        return_path=_return_path(headers),
        subject=clues.subject,
        sent_at=sent_at(headers.first("date")),
        text=clues.text,
        html=contents.markup,
        new_text=newly_written(clues.text),
        attachments=tuple(contents.attachments),
        kind=kind,
        reasons=reasons,
        bounce=_bounce(clues, to) if kind in {Kind.BOUNCE, Kind.DELAYED} else None,
        faults=faults,
    )


def _bounce(clues: Clues, to: tuple[Address, ...]) -> Bounce:
    return bounce_of(clues, frozenset(one.address.lower() for one in to))


def _sender(headers: Headers) -> Address | None:
    """Who wrote it; where From says nobody, who sent it."""
    named = (one for name in ("from", "sender", "return-path") for one in addresses(headers.raw(name)))
    return next(named, None)


def _return_path(headers: Headers) -> str | None:
    told = headers.first("return-path")
    if told is None:
        return None
    return next((one.address for one in addresses([told])), "")


def ids(headers: Headers, name: str) -> tuple[str, ...]:
    """Message-IDs without brackets, each once. Raises TooBig."""
    joined = " ".join(headers.raw(name))
    if joined.count("<") > MOST_REFERENCES:
        raise TooBig(f"It refers to more than {MOST_REFERENCES:,} other mails.")
    found = _ID.findall(joined) or [one for one in _BARE_ID.findall(joined) if "@" in one][:MOST_REFERENCES]
    return tuple(dict.fromkeys(found))
