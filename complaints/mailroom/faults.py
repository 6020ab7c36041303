"""Whose fault it is that a letter did not go: the moment's, the recipient's, or ours."""

import enum
import smtplib
import ssl
from typing import NamedTuple

from complaints.mailroom.exceptions import MailroomError, Unprotected

TOO_LARGE = 552
NOT_SIGNED_IN = {530, 535, 538}
ABOUT_US = ("relay", "5.7.2")  # relaying is denied to us; 5.7.20 to 5.7.29: our SPF, DKIM or DMARC fails


class Fault(enum.Enum):
    PASSING = "passing"  # try again later
    DOUBTFUL = "doubtful"  # the line broke while the letter was being handed over: it may have arrived
    REFUSED = "refused"  # this letter, for good
    OURS = "ours"  # no letter would go


class Answer(NamedTuple):
    code: int
    text: str

    @property
    def is_final(self) -> bool:
        return 500 <= self.code < 600  # noqa: PLR2004


def judge(error: Exception, *, may_have_gone: bool) -> Fault:
    if isinstance(error, smtplib.SMTPNotSupportedError | ssl.SSLCertVerificationError | Unprotected):
        return Fault.OURS
    if isinstance(error, MailroomError):
        return Fault.REFUSED
    answer = answer_of(error)
    if answer is None:
        return Fault.DOUBTFUL if may_have_gone else Fault.PASSING
    return _judge_refusal(error, answer) if answer.is_final else Fault.PASSING


def _judge_refusal(error: Exception, answer: Answer) -> Fault:
    if isinstance(error, smtplib.SMTPSenderRefused) and answer.code == TOO_LARGE:
        return Fault.REFUSED  # its size is told together with the sender
    if is_about_one_letter(error):
        return Fault.OURS if _is_about_us(answer) else Fault.REFUSED
    return Fault.OURS


def is_about_one_letter(error: Exception) -> bool:
    """Said when the server knew the recipient; what it says before is said to every letter."""
    return isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)


def _is_about_us(answer: Answer) -> bool:
    return answer.code in NOT_SIGNED_IN or any(mark in answer.text.lower() for mark in ABOUT_US)


def answer_of(error: Exception) -> Answer | None:
    """What the server said, if it spoke SMTP at all."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, text = next(iter(error.recipients.values()))
        return Answer(code, _readable(text))
    # The bare class means a line no server may send; its code is Python's own.
    if isinstance(error, smtplib.SMTPResponseException) and type(error) is not smtplib.SMTPResponseException:
        return Answer(error.smtp_code, _readable(error.smtp_error))
    return None


def describe(error: Exception) -> str:
    answer = answer_of(error)
    return f"{answer.code} {answer.text}" if answer else f"{type(error).__name__}: {error}"


def _readable(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
