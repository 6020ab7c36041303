"""One mail as it lies open: what it says, why it waits, and the complaints it may belong to side by side."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse

from complaints.desk import badges
from complaints.desk.next_step import Button
from complaints.desk.sight import held_for
from complaints.intake.models import Candidate
from complaints.mailroom import reading
from complaints.mailroom.arrivals import address_of
from complaints.mailroom.models import DeliveryReport, IncomingMail, IncomingMailQuerySet
from complaints.mailroom.reading import ReadMail, Unreadable
from complaints.resolution import links
from complaints.resolution.models import Complaint, Message
from complaints.resolution.permission import SUPERVISE

ADDRESS = "admin:mailroom_incomingmail_do"
LONGEST_RAW = 4000
MOST_FILES = 50


class OpenMail:
    """A mail open before somebody: read from its bytes when first asked. `to` is the complaint pointed at, if any."""

    def __init__(
        self, mail: IncomingMail, *, person: User, now: datetime, to: Complaint | None = None
    ) -> None:
        self.mail = mail
        self.person = person
        self.now = now
        self.to = to

    def __str__(self) -> str:
        return f"{self.mail} · {self.mail.sender or 'no sender'}"

    @property
    def is_held(self) -> bool:
        return bool(self.mail.fate == self.mail.Fate.HELD)

    @property
    def is_undecided(self) -> bool:
        return self.is_held or self.mail.is_quarantined

    @cached_property
    def read(self) -> ReadMail | None:
        """Nothing where it cannot be read; its bytes are shown then."""
        try:
            return reading.read(bytes(self.mail.raw))
        except Unreadable:
            return None

    @property
    def sender(self) -> str:
        return address_of(self.read) if self.read else ""

    @property
    def message(self) -> Message | None:
        return Message.objects.filter(received_as=self.mail).select_related("complaint").first()

    @property
    def report(self) -> DeliveryReport | None:
        return (
            DeliveryReport.objects.filter(told_in=self.mail)
            .select_related("mail__message__complaint")
            .first()
        )

    @property
    def candidates(self) -> list[Candidate]:
        beside = ("complaint__customer", "complaint__handler")
        return list(self.mail.candidates.select_related(*beside))

    @property
    def all_of_sender(self) -> IncomingMailQuerySet:
        """What of this sender waits for a decision of this person."""
        return held_for(self.person).of_sender(self.mail.sender)

    @cached_property
    def behind(self) -> int:
        """How many these are beside this one, counted no further than anybody reads."""
        return self.all_of_sender.exclude(pk=self.mail.pk)[: badges.BOUND].count() if self.is_held else 0

    @property
    def may_have_bytes(self) -> bool:
        """The bytes may hold, in any encoding, the customer's links out of a letter that is quoted."""
        return self.person.has_perm(SUPERVISE)


@dataclass(frozen=True, slots=True)
class ShownCandidate:
    candidate: Candidate
    join: str


def context(opened: OpenMail, buttons: list[Button]) -> dict[str, Any]:
    read = opened.read
    return {
        "opened": opened,
        "mail": opened.mail,
        "read": read,
        "text": links.without_keys(read.text) if read else "",
        "files": read.attachments[:MOST_FILES] if read else (),
        "raw_beginning": "" if read else _beginning(opened.mail),
        "message": opened.message,
        "report": opened.report,
        "candidates": [_shown(opened, one) for one in opened.candidates],
        "buttons": buttons,
        "now": opened.now,
    }


def _shown(opened: OpenMail, candidate: Candidate) -> ShownCandidate:
    join = reverse(ADDRESS, args=[opened.mail.pk, "join"])
    return ShownCandidate(candidate, f"{join}?to={candidate.complaint_id}" if opened.is_held else "")


def _beginning(mail: IncomingMail) -> str:
    """For eyes only, as text: whatever it is, nothing in it runs."""
    text = bytes(mail.raw[: LONGEST_RAW * 2]).decode("latin-1")
    seen = "".join(one if one.isprintable() or one in "\n\t" else "·" for one in text.replace("\r\n", "\n"))
    return links.without_keys(seen)[:LONGEST_RAW]
