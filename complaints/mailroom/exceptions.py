class MailroomError(Exception):
    """Something the post could not do. The message is fit to be shown to staff."""


class BadAddress(MailroomError):
    """Not one address to which a letter could go."""


class NotAllowed(MailroomError):
    """The person lacks the permission."""


class NotWaiting(MailroomError):
    """The letter is not where this verb could take it from."""


class LetterChanged(MailroomError):
    """The stored bytes are not those that were frozen."""


class NotHeld(MailroomError):
    """The mail has its fate already."""

    def __init__(self) -> None:
        super().__init__("This mail has been dealt with. Perhaps somebody was quicker.")


class Overtaken(MailroomError):
    """The letter in hand is another sender's now."""


class Unprotected(MailroomError):
    """The server does no TLS, and letters go no other way."""
