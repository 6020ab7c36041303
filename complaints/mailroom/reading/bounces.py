"""Which letter came back, from whom, and why: from the report where there is one, else from the words."""

import re
from email.message import Message
from typing import Final

from flufl.bounce import all_failures

from complaints.mailroom.reading.addresses import addresses
from complaints.mailroom.reading.headers import Headers
from complaints.mailroom.reading.kinds import Clues
from complaints.mailroom.reading.mails import Bounce, FailedRecipient
from complaints.mailroom.reading.reports import action, delivery_reports, described, failed, letters

_SPOKEN, _LONGEST_LINE, _MOST = 50_000, 500, 100
_ADDRESS: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,190}[A-Za-z0-9]")
_LETTER_BEGINS: Final = re.compile(
    r"(?im)^[^\w\n]{0,30}(original message|copy of (the|your) message|below this line|message (headers?|text) follow|"
    r"returned message|begin message|return-path:|received:).*$"
)
_MESSAGE_ID: Final = re.compile(r"(?im)^[> \t]{0,9}message-id:\s{0,9}<([^<>\s]{1,900})>")
_ID: Final = re.compile(r"<([^<>\s]{1,900})>")


def bounce_of(clues: Clues, ours: frozenset[str]) -> Bounce:
    """`ours` are the addresses the report was sent to: they are in its words, and did not fail."""
    reported = [
        failed(fields)
        for fields in delivery_reports(clues.contents)
        if action(fields) in {"failed", "delayed", ""}
    ]
    recipients = reported or _spoken(clues, ours)
    unique = {recipient.address.lower(): recipient for recipient in reversed(recipients)}
    return Bounce(tuple(reversed(unique.values()))[:_MOST], _letter_id(clues))


def _spoken(clues: Clues, ours: frozenset[str]) -> list[FailedRecipient]:
    notice = _notice(clues.text)
    found = _told(clues.headers) or _by_flufl(clues, notice) or _ADDRESS.findall(notice)
    named = [address for address in dict.fromkeys(found) if address.lower() not in ours][:_MOST]
    return [_described(address, notice) for address in named]


def _notice(text: str) -> str:
    """What the server itself says, above its copy of our letter; with no line long enough to be slow on."""
    text = "\n".join(line[:_LONGEST_LINE] for line in text[:_SPOKEN].split("\n"))
    letter = _LETTER_BEGINS.search(text)
    return text[: letter.start()] if letter and text[: letter.start()].strip() else text


def _told(headers: Headers) -> list[str]:
    return [address for told in headers.raw("x-failed-recipients") for address in _ADDRESS.findall(told)]


def _by_flufl(clues: Clues, notice: str) -> list[str]:
    """Its patterns know the wordings of many servers; some of them trip over what they were not written for."""
    message = Message()
    message["From"] = (
        f"<{next((one.address for one in addresses(clues.headers.raw('from'))), 'mailer-daemon')}>"
    )
    message["Subject"] = clues.subject[:_LONGEST_LINE]
    message.set_payload(notice)
    try:
        temporary, lasting = all_failures(message)
    except (LookupError, ValueError, TypeError, AttributeError):
        return []
    found = sorted(address for address in temporary | lasting if isinstance(address, bytes))
    return [address.decode("ascii", "replace") for address in found]


def _described(address: str, notice: str) -> FailedRecipient:
    """The words nearest after the address; a notice speaks of its recipients one after the other."""
    at = notice.lower().find(address.lower())
    found = described(address, " ".join(notice[max(at, 0) :][:2_000].split()))
    return found if found.permanent is not None else described(address, " ".join(notice.split())[:4_000])


def _letter_id(clues: Clues) -> str | None:
    for letter in letters(clues.contents):
        if found := _ID.search(letter.first("message-id") or ""):
            return found[1]
    if found := _MESSAGE_ID.search(clues.text[:_SPOKEN]):
        return found[1]
    spoken = [_ID.search(clues.headers.first(name) or "") for name in ("in-reply-to", "references")]
    return next((one[1] for one in spoken if one), None)
