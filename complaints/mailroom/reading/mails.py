"""What reading makes of a mail. Everything in here is the sender's claim: nothing is proved by being written."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    ORDINARY = "ordinary"  # a person, as far as anybody can tell
    AUTO_REPLY = "auto-reply"  # an absence, a receipt, a robot's answer
    BOUNCE = "bounce"  # a letter of ours, or one forged in our name, did not arrive
    DELAYED = "delayed"  # has not arrived yet, and is still being tried
    DELIVERED = "delivered"  # has arrived, or was opened
    ABUSE_REPORT = "abuse report"  # somebody pressed "spam"
    LIST = "list"  # sent to many: may hold a complaint, must never be answered automatically


@dataclass(frozen=True, slots=True)
class Address:
    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str  # the sender's, cleaned for eyes: never a path
    content_type: str  # the sender's claim; what the bytes are is asked of `enclosures`
    content: bytes
    content_id: str = ""  # by which the HTML speaks of it, without brackets
    inline: bool = False


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    address: str
    status: str = ""  # "5.1.1", where one is given
    diagnostic: str = ""
    permanent: bool | None = None  # None: nobody said


@dataclass(frozen=True, slots=True)
class Bounce:
    recipients: tuple[FailedRecipient, ...] = ()
    message_id: str | None = None  # of the letter that did not arrive

    @property
    def permanent(self) -> bool:
        return any(recipient.permanent for recipient in self.recipients)


@dataclass(frozen=True, slots=True)
class ReadMail:
    """Ids are without angle brackets; empty text means there was none."""

    message_id: str | None
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[Address, ...]  # the envelope's recipient, as servers on the way wrote it down
    return_path: str | None  # "" is the empty envelope sender of those who want no answer; None: not told
    subject: str
    sent_at: datetime | None
    text: str  # the whole of it; from the HTML where there is no plain text
    html: str  # as it came: show it only after `cleaned`
    new_text: str  # without what was provably quoted; never empty where there is text
    attachments: tuple[Attachment, ...] = ()
    kind: Kind = Kind.ORDINARY
    reasons: tuple[str, ...] = ()  # why it is of this kind, in words
    bounce: Bounce | None = None
    faults: tuple[str, ...] = field(default=())  # what had to be put up with, in words

    @property
    def may_be_answered_automatically(self) -> bool:
        return self.kind == Kind.ORDINARY and self.sender is not None and not self.reasons
