"""What servers report in the form made for machines: delivery reports, abuse reports, receipts."""

import re
from collections.abc import Iterator
from typing import Final

from complaints.mailroom.reading.addresses import addresses
from complaints.mailroom.reading.charsets import text_of
from complaints.mailroom.reading.contents import Contents
from complaints.mailroom.reading.exceptions import TooBig
from complaints.mailroom.reading.headers import Headers, split_headers, words_decoded
from complaints.mailroom.reading.mails import Attachment, FailedRecipient

_STATUS_TYPES: Final = frozenset({"message/delivery-status", "message/global-delivery-status"})
_LETTER_TYPES: Final = frozenset(
    {
        "message/rfc822",
        "text/rfc822-headers",
        "message/rfc822-headers",
        "message/global",
        "message/global-headers",
    }
)
_MOST_RECIPIENTS, _LONGEST_REPORT, _LONGEST_DIAGNOSTIC = 100, 200_000, 1_000
_STATUS_SPOKEN: Final = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_SPOKEN: Final = re.compile(r"(?<![\d.])([45]\d\d)[ -]")
_GONE: Final = re.compile(
    r"(?i)(unknown (user|host|address)|user .{0,60}(unknown|not (exist|listed|found))|"
    r"(no such|invalid) (user|mailbox|host)|"
    r"(does|do) not exist|unrouteable|no smtp service|account .{0,40}(disabled|closed))"
)

Fields = dict[str, str]


def delivery_reports(contents: Contents) -> Iterator[Fields]:
    """For each recipient a report speaks of, what it says, by the names of its fields."""
    for report in contents.attachments:
        if report.content_type in _STATUS_TYPES:
            yield from (fields for fields in _groups(report.content) if _recipient(fields))


def machine_fields(contents: Contents, media: str) -> Fields:
    """Of an abuse report or a receipt: all its fields."""
    report = next((one for one in contents.attachments if one.content_type == media), None)
    merged: Fields = {}
    for fields in _groups(report.content) if report else ():
        merged |= fields
    return merged


def letters(contents: Contents) -> Iterator[Headers]:
    """The headers of the letters that came back."""
    for one in contents.attachments:
        if one.content_type in _LETTER_TYPES and (headers := _headers(one)):
            yield headers


def failed(fields: Fields) -> FailedRecipient:
    diagnostic = fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get(
        "diagnostic-code", ""
    )
    return described(_recipient(fields), words_decoded(diagnostic), status=_status(fields))


def described(address: str, words: str, *, status: str = "") -> FailedRecipient:
    """With the status and the lasting of it taken from a server's words, where no field tells."""
    spoken = _STATUS_SPOKEN.search(words)
    reply = _REPLY_SPOKEN.search(words)
    status = status or (spoken[1] if spoken else "")
    lasting = {"5": True, "4": False}.get((status or (reply[1] if reply else ""))[:1])
    if lasting is None and _GONE.search(words):
        lasting = True
    return FailedRecipient(address, status, words[:_LONGEST_DIAGNOSTIC], lasting)


def action(fields: Fields) -> str:
    told = fields.get("action", "").strip().lower().partition(" ")[0].rstrip(";,")
    if told in {"failed", "failure", "delayed", "delivered", "relayed", "expanded"}:
        return "failed" if told == "failure" else told
    return {"2": "delivered", "4": "failed", "5": "failed"}.get(_status(fields)[:1], "")


def _status(fields: Fields) -> str:
    return fields.get("status", "").strip().partition(" ")[0]


def _recipient(fields: Fields) -> str:
    """The address the letter was sent to, before anybody passed it on."""
    for name in ("original-recipient", "final-recipient", "x-actual-recipient"):
        told = fields.get(name, "")
        found = addresses([told.rpartition(";")[2]])
        if found and "@" in found[0].address:
            return found[0].address
    return ""


def _groups(content: bytes) -> Iterator[Fields]:
    lines = text_of(content[:_LONGEST_REPORT], None)[0].replace("\r\n", "\n").replace("\r", "\n")
    for number, group in enumerate(lines.split("\n\n")):
        if number > _MOST_RECIPIENTS:
            return
        if fields := _fields(group):
            yield fields


def _fields(group: str) -> Fields:
    fields: Fields = {}
    name = ""
    for line in group.splitlines():
        if line[:1] in {" ", "\t"} and name:
            fields[name] += f" {line.strip()}"
        elif ":" in line:
            name, _, value = line.partition(":")
            name = name.strip().lower()
            fields.setdefault(name, value.strip())
    return fields


def _headers(letter: Attachment) -> Headers | None:
    try:
        headers, _, _ = split_headers(letter.content, 0, len(letter.content))
    except TooBig:
        return None
    return headers
