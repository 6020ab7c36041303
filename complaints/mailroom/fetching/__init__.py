"""Where mail is fetched from: mailboxes by IMAP, a folder of files. Knows no table; `actions` keeps what comes."""

from complaints.mailroom.fetching.accounts import Account, BadAccount, accounts
from complaints.mailroom.fetching.files import mails_in, put_aside, spool, waiting_in
from complaints.mailroom.fetching.imap import LINE_ERRORS, Gone, OpenMailbox

__all__ = [
    "LINE_ERRORS",
    "Account",
    "BadAccount",
    "Gone",
    "OpenMailbox",
    "accounts",
    "mails_in",
    "put_aside",
    "spool",
    "waiting_in",
]
