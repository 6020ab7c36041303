from complaints.mailroom.exceptions import MailroomError


class Unreadable(MailroomError):
    """Bytes that no reading makes a mail of. The message says why; whoever holds them keeps them."""


class TooBig(Unreadable):
    """More than we unpack: bytes, parts, levels, headers. Refused before memory is spent on it."""
