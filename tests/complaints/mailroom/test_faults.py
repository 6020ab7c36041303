import smtplib
import ssl

import pytest

from complaints.mailroom.exceptions import LetterChanged
from complaints.mailroom.faults import Fault, describe, judge


def refused(code: int, text: bytes = b"no") -> Exception:
    return smtplib.SMTPRecipientsRefused({"ann@example.com": (code, text)})


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (refused(450), Fault.PASSING),
        (refused(550, b"5.1.1 no such user"), Fault.REFUSED),
        (refused(550, b"5.7.1 the owner of this mailbox does not want it"), Fault.REFUSED),
        (refused(554, b"5.7.1 Relay access denied"), Fault.OURS),
        (refused(530, b"5.7.0 authentication required"), Fault.OURS),
        (smtplib.SMTPSenderRefused(451, b"later", "us@x"), Fault.PASSING),
        (smtplib.SMTPSenderRefused(421, b"too many", "us@x"), Fault.PASSING),
        (smtplib.SMTPSenderRefused(553, b"not yours", "us@x"), Fault.OURS),
        (smtplib.SMTPSenderRefused(552, b"too large", "us@x"), Fault.REFUSED),
        (smtplib.SMTPDataError(451, b"later"), Fault.PASSING),
        (smtplib.SMTPDataError(552, b"mailbox full"), Fault.REFUSED),
        (smtplib.SMTPDataError(554, b"spam"), Fault.REFUSED),
        (smtplib.SMTPDataError(550, b"5.7.26 DMARC"), Fault.OURS),
        (smtplib.SMTPServerDisconnected("gone"), Fault.DOUBTFUL),
        (TimeoutError(), Fault.DOUBTFUL),
        (RuntimeError("a back end of somebody else"), Fault.DOUBTFUL),
        (smtplib.SMTPResponseException(500, b"Line too long."), Fault.DOUBTFUL),
        (LetterChanged("other bytes"), Fault.REFUSED),
    ],
)
def test_whose_fault_it_is_while_handing_over(error: Exception, fault: Fault) -> None:
    assert judge(error, may_have_gone=True) is fault


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (ConnectionRefusedError(), Fault.PASSING),
        (TimeoutError(), Fault.PASSING),
        (smtplib.SMTPServerDisconnected("gone"), Fault.PASSING),
        (smtplib.SMTPConnectError(421, b"busy"), Fault.PASSING),
        (smtplib.SMTPConnectError(-1, b"SSH-2.0"), Fault.PASSING),
        (smtplib.SMTPConnectError(554, b"you are blocked"), Fault.OURS),
        (smtplib.SMTPHeloError(550, b"who are you"), Fault.OURS),
        (smtplib.SMTPAuthenticationError(535, b"wrong"), Fault.OURS),
        (smtplib.SMTPAuthenticationError(454, b"not now"), Fault.PASSING),
        (smtplib.SMTPNotSupportedError("no STARTTLS"), Fault.OURS),
        (ssl.SSLCertVerificationError("not them"), Fault.OURS),
        (ssl.SSLError("handshake"), Fault.PASSING),
    ],
)
def test_whose_fault_it_is_while_connecting(error: Exception, fault: Fault) -> None:
    assert judge(error, may_have_gone=False) is fault


def test_what_the_server_said_is_kept_for_staff() -> None:
    assert describe(refused(550, b"no such user")) == "550 no such user"
    assert describe(ConnectionRefusedError("nobody there")) == "ConnectionRefusedError: nobody there"
