"""The post that came in: what waits for a person first, then what came back, then everything. A page at a time."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import OuterRef

from complaints.desk import badges
from complaints.desk.sight import held_for, visible_incoming
from complaints.mailroom.models import Fate, IncomingMail, IncomingMailQuerySet, Mailbox

SIZE = 50
MOST_MAILBOXES = 10
LONGEST_KEY = 18
#: From so many waiting mails of one sender on it is said that a machine may write them.
MANY = 10


@dataclass(frozen=True, slots=True)
class Tab:
    """`oldest_first` where somebody waits for an answer."""

    code: str
    name: str
    about: str
    empty: str
    mails: IncomingMailQuerySet
    oldest_first: bool = False


def tabs_for(user: User) -> list[Tab]:
    seen = visible_incoming(user, IncomingMail.objects.without_raw())
    return [
        Tab(
            "held",
            "To review",
            "Mail that a machine must not decide about. The longest waiting first, one line a sender.",
            "Nothing waits here. Every mail has found its complaint.",
            _leading(user),
            oldest_first=True,
        ),
        Tab(
            "quarantine",
            "Quarantine",
            "Mail that could not be read. Every byte of it is kept.",
            "Nothing here. Every mail could be read.",
            seen.quarantined(),
            oldest_first=True,
        ),
        Tab(
            "returned",
            "Came back",
            "What mail servers said of letters of ours. The newest first.",
            "No mail server has said anything of our letters.",
            seen.filter(fate=Fate.BOUNCE),
        ),
        Tab("all", "All", "Everything that came in, the newest first.", "No mail has come in yet.", seen),
    ]


def waiting_for(user: User) -> dict[str, IncomingMailQuerySet]:
    """What somebody must decide about: together the number beside the menu. Who writes five hundred times counts once.

    Two questions, for each has an index of its own; as one they would have SQLite look at every mail there is.
    """
    seen = visible_incoming(user, IncomingMail.objects.without_raw())
    return {
        "held": seen.held().first_of_each_sender(held_for(user)),
        "quarantine": seen.quarantined(),
    }


def _leading(user: User) -> IncomingMailQuerySet:
    """Each with the number of those that stand behind it."""
    held = held_for(user)
    behind = held.exclude(sender="").filter(sender=OuterRef("sender"), pk__gt=OuterRef("pk"))
    return held.first_of_each_sender(held).annotate(behind=badges.BoundedCount(behind))


def context(user: User, *, code: str, after: str, sender: str, now: datetime) -> dict[str, Any]:
    tabs = tabs_for(user)
    tab = next((one for one in tabs if one.code == code), tabs[0])
    shown = _of_one(tab, user, sender) if sender else tab
    rows = list(_from(shown, after)[: SIZE + 1])
    numbers = badges.count(user, {one.code: one.mails for one in tabs[:2]})
    return {
        "tab": shown,
        "sender": sender,
        "many": MANY,
        "tabs": [(one, numbers.get(one.code)) for one in tabs],
        "rows": rows[:SIZE],
        "after": rows[SIZE - 1].pk if len(rows) > SIZE else None,
        "is_first": not after,
        "mailboxes": list(Mailbox.objects.alarming()[:MOST_MAILBOXES]),
        "now": now,
    }


def _of_one(tab: Tab, user: User, sender: str) -> Tab:
    """All that waits of one sender, one line a mail."""
    about = f"All that waits of {sender}, the oldest first."
    return replace(tab, about=about, empty="Nothing of theirs waits.", mails=held_for(user).of_sender(sender))


def _from(tab: Tab, after: str) -> IncomingMailQuerySet:
    mails = tab.mails
    if after.isascii() and after.isdecimal() and len(after) <= LONGEST_KEY:
        mails = mails.filter(pk__gt=int(after)) if tab.oldest_first else mails.filter(pk__lt=int(after))
    return mails.order_by("pk" if tab.oldest_first else "-pk")
