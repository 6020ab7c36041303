"""Mails that have been read and wait for their fate, and which of them may be dealt with together."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from complaints.mailroom import letters
from complaints.mailroom.exceptions import BadAddress
from complaints.mailroom.models import Fate, IncomingMail
from complaints.mailroom.reading import Kind, ReadMail

#: What mail servers say of our letters.
REPORTS = {
    Kind.BOUNCE: "It came back",
    Kind.DELAYED: "It has not arrived yet and is still being tried",
    Kind.DELIVERED: "It has arrived",
    Kind.ABUSE_REPORT: "Somebody called it spam",
}


@dataclass(slots=True)
class Arrival:
    """A mail, what it says, and what becomes of it, once somebody has said so."""

    mail: IncomingMail
    read: ReadMail
    fate: Fate | None = None
    why: str = ""
    twin_of: IncomingMail | None = None

    def meets(self, fate: Fate, why: str) -> None:
        self.fate, self.why = fate, why

    @property
    def is_report(self) -> bool:
        return self.read.kind in REPORTS

    @property
    def names(self) -> set[str]:
        """Whose it is and which: by these another mail may have to do with it."""
        sender = {self.mail.sender, address_of(self.read)}  # as it stands there, and as its customer is known
        return (sender | {self.mail.message_id, self.mail.sha256}) - {""}

    @property
    def names_of_others(self) -> set[str]:
        return {*self.read.in_reply_to, *self.read.references}


def address_of(read: ReadMail) -> str:
    """The sender, in the form in which customers are known; nothing for one whom no letter could reach.

    Only plain ASCII is folded: of letters that merely look or fold alike, none is the other.
    """
    try:
        return letters.address(read.sender.address).lower() if read.sender else ""
    except BadAddress:
        return ""


def in_groups(arrivals: Iterable[Arrival]) -> Iterator[list[Arrival]]:
    """In their order, in groups in which none can bear on the fate of another: no sender is there twice, and no mail
    beside the one that it answers or repeats. A report stands alone, for it holds the complaint of its letter, and
    complaints are held in one order.
    """
    group: list[Arrival] = []
    seen: set[str] = set()
    for arrival in arrivals:
        apart = arrival.is_report or any(other.is_report for other in group)
        if group and (apart or seen & (arrival.names | arrival.names_of_others)):
            yield group
            group, seen = [], set()
        group.append(arrival)
        seen |= arrival.names
    if group:
        yield group
