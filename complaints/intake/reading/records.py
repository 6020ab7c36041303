from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

EXCERPT = 200


class Standing(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Channel(StrEnum):
    WEB = "web"
    PHONE = "phone"
    EMAIL = "email"
    LETTER = "letter"
    REFERRAL = "referral"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ComplaintRecord:
    """One complaint as another system knew it.

    `words` is the narrative exactly as it stands in the file. What we have no field for, and the original wording of
    what we had to translate, is in `extras` under the file's own column names, in the file's order; cells that say
    "no value" are left out.
    """

    external_id: str
    received_at: datetime
    title: str
    words: str
    product: str
    sub_product: str
    issue: str
    sub_issue: str
    channel: Channel
    company: str
    region: str
    postcode: str
    status: Standing
    status_wording: str
    outcome: str
    closed_at: datetime | None
    customer_name: str
    customer_email: str
    customer_phone: str
    extras: dict[str, str] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Row:
    """`remarks` says what was mended on the way: bytes of another encoding, NULs, a time that could not be read."""

    line_number: int
    record: ComplaintRecord
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refusal:
    """`line_number` is the physical line on which the refused record begins, counted from 1."""

    line_number: int
    reason: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class JunkLine:
    line_number: int
    text: str
