"""Reads a mail as it really arrives: any bytes in, what it says and what it is out. Plain Python; writes nothing."""

from complaints.mailroom.reading.exceptions import TooBig, Unreadable
from complaints.mailroom.reading.mails import (
    Address,
    Attachment,
    Bounce,
    FailedRecipient,
    Kind,
    ReadMail,
)
from complaints.mailroom.reading.markup import cleaned
from complaints.mailroom.reading.naming import shown_name
from complaints.mailroom.reading.reading import read

__all__ = [
    "Address",
    "Attachment",
    "Bounce",
    "FailedRecipient",
    "Kind",
    "ReadMail",
    "TooBig",
    "Unreadable",
    "cleaned",
    "read",
    "shown_name",
]
