"""What goes on the wire: one letter, one recipient, decided once and never built again.

Names and subjects come from customers. Nothing in them may end a header or begin a second recipient, so
whatever is not plain words is encoded whole, and control characters do not get in at all.
"""

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.charset import QP, Charset
from email.encoders import encode_base64
from email.header import Header
from email.message import Message
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, parseaddr
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.encoding import punycode

from complaints.mailroom.exceptions import BadAddress

LONGEST_ADDRESS = 254
LONGEST_NAME = 100
LONGEST_SUBJECT = 200
MOST_REFERENCES = 20

PLAIN_WORDS = re.compile(r"[A-Za-z0-9'_-]+(?: [A-Za-z0-9'_-]+)*")
DOT_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
MESSAGE_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,200}>", re.ASCII)
NO_FOLDERS = str.maketrans("/\\", "__")
#: Control characters, lone surrogates, line and paragraph separators. Joiners inside words stay.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
UNPRINTABLE = re.compile(f"(?![\n\t]){CONTROL.pattern}")
MEDIA_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*/[A-Za-z0-9][A-Za-z0-9.+-]*")

QUOTED_PRINTABLE = Charset("utf-8")
QUOTED_PRINTABLE.body_encoding = QP  # plain ASCII on the wire: every relay leaves it alone
WIRE = policy.compat32.clone(linesep="\r\n", max_line_length=78)


class Attachment(NamedTuple):
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Letter:
    to: str
    subject: str
    body: str
    message_id: str
    date: datetime
    to_name: str = ""
    reply_to: str = ""
    in_reply_to: str = ""
    references: Sequence[str] = ()
    automatic: bool = True
    unsubscribe: str = ""  # where to write to get no more of the kind
    attachments: Sequence[Attachment] = ()


def freeze(letter: Letter) -> bytes:
    message = _with_attachments(MIMEText(letter.body, "plain", QUOTED_PRINTABLE), letter.attachments)  # type: ignore[arg-type]
    for name, value in _headers(letter).items():
        if value:
            message[name] = value  # type: ignore[assignment]
    raw = message.as_bytes(policy=WIRE)
    return raw if raw.endswith(b"\r\n") else raw + b"\r\n"  # else the wire would add it


def _headers(letter: Letter) -> dict[str, str | Header]:
    ancestors = list(dict.fromkeys(message_ids(" ".join([*letter.references, letter.in_reply_to]))))
    return {
        "From": mailbox(*parseaddr(settings.DEFAULT_FROM_EMAIL)),
        "To": mailbox(letter.to_name, address(letter.to)),
        "Subject": _encoded(letter.subject),
        "Date": format_datetime(letter.date),
        "Message-ID": letter.message_id,
        "Reply-To": address(letter.reply_to) if letter.reply_to else "",
        "In-Reply-To": " ".join(message_ids(letter.in_reply_to)[:1]),
        "References": " ".join([*ancestors[:1], *ancestors[1:][1 - MOST_REFERENCES :]]),
        # An address of our own, as the settings have it: on a trial it is one no mail server would take.
        "List-Unsubscribe": f"<mailto:{one_line(letter.unsubscribe)}?subject=unsubscribe>"
        if letter.unsubscribe
        else "",
        "Auto-Submitted": "auto-generated" if letter.automatic else "",
        "X-Auto-Response-Suppress": "All" if letter.automatic else "",
    }


def _with_attachments(text: Message, attachments: Sequence[Attachment]) -> Message:
    if not attachments:
        return text
    whole = MIMEMultipart("mixed")
    whole.attach(text)
    for attachment in attachments:
        whole.attach(_part(attachment))
    return whole


def _part(attachment: Attachment) -> Message:
    """Base64 whatever the type: a text file must arrive with the line ends it was given."""
    part = MIMEBase(*_media_type(attachment.content_type).split("/"))
    part.set_payload(attachment.content)
    encode_base64(part)
    name = one_line(attachment.name, longest=LONGEST_NAME).translate(NO_FOLDERS) or "attachment"
    filename = name if name.isascii() else ("utf-8", "", name)
    part.add_header("Content-Disposition", "attachment", filename=filename)
    return part


def _media_type(claimed: str) -> str:
    is_leaf = MEDIA_TYPE.fullmatch(claimed) and not claimed.lower().startswith(("message/", "multipart/"))
    return claimed if is_leaf else "application/octet-stream"


def mailbox(name: str, address_: str) -> str:
    name = one_line(name, longest=LONGEST_NAME)
    if not name:
        return address_
    phrase = name if PLAIN_WORDS.fullmatch(name) else " ".join(Header(name, "utf-8").encode().split())
    return f"{phrase} <{address_}>"


def address(text: object) -> str:
    """One address, in the form every mail server takes; anything else is refused."""
    if not isinstance(text, str):
        raise BadAddress("One address is needed, as text.")
    local, _, domain = text.strip(" ").rpartition("@")
    try:
        result = f"{local}@{punycode(domain).lower()}"
        validate_email(result)
    except (ValidationError, UnicodeError):
        raise BadAddress(f"“{one_line(text)}” is not an e-mail address.") from None
    # The validator's letters include a few that are not ASCII but fold to it.
    if not DOT_ATOM.fullmatch(local) or not result.isascii() or len(result) > LONGEST_ADDRESS:
        raise BadAddress(f"“{one_line(text)}” is not an e-mail address we can send to.")
    return result


def one_line(text: str, *, longest: int = LONGEST_SUBJECT) -> str:
    line = " ".join(CONTROL.sub(" ", text).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def paragraphs(text: str) -> str:
    """Readable text: one kind of line end, and nothing a screen, a database or a mail server chokes on."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return UNPRINTABLE.sub("", text)


def message_ids(text: str) -> list[str]:
    return MESSAGE_ID.findall(text)


def new_message_id() -> str:
    sender_domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    domain = getattr(settings, "MAIL_DOMAIN", "") or sender_domain or "localhost"
    return f"<{uuid.uuid4().hex}@{punycode(domain)}>"


def _encoded(text: str) -> str | Header:
    is_plain = text.isascii() and "=?" not in text
    return text if is_plain else Header(text, "utf-8", header_name="Subject")
