"""What makes a complaint look like trouble before a clock says so: asked of many at once, in a few queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Case, Exists, F, OuterRef, Q, TextField, Value, When

from complaints.resolution.models import (
    Complaint,
    Deadline,
    DeadlineKind,
    Direction,
    Message,
    Promise,
    State,
)
from escalations.models import Escalation, Mood

#: In these we wait for the customer: that we are silent is not our fault.
THEIR_TURN = (State.WAITING, State.OFFERED)


@dataclass(slots=True)
class Signs:
    """`mark`: how a colleague found the customer, and when; `words`: what the customer wrote last."""

    our_turn: bool
    received_at: datetime
    media: bool
    vulnerable: bool
    from_us: list[datetime] = field(default_factory=list)
    from_customer: list[datetime] = field(default_factory=list)
    words: str = ""
    mark: tuple[datetime, str] | None = None
    broken_promise: str = ""

    @property
    def our_last_word(self) -> datetime:
        return max(self.from_us, default=self.received_at)

    @property
    def their_last_word(self) -> datetime:
        return max(self.from_customer, default=self.received_at)


def signs_of(complaints: Iterable[Complaint], *, now: datetime) -> dict[int, Signs]:
    """By complaint. The customers should have been read with them."""
    found = {one.pk: _of_row(one) for one in complaints}
    _read_messages(found)
    _read_marks(found)
    _read_promises(found, now)
    return found


def _of_row(complaint: Complaint) -> Signs:
    return Signs(
        our_turn=complaint.state not in THEIR_TURN,
        received_at=complaint.received_at,
        media=complaint.media_risk,
        vulnerable=complaint.customer is not None and complaint.customer.vulnerable,
    )


def _read_messages(found: dict[int, Signs]) -> None:
    standing = Message.objects.standing().filter(complaint__in=found)
    messages = standing.order_by("at", "pk").annotate(words=_last_words())
    for complaint, direction, at, words in messages.values_list("complaint", "direction", "at", "words"):
        signs = found[complaint]
        (signs.from_customer if direction == Direction.IN else signs.from_us).append(at)
        signs.words = words or signs.words


def _last_words() -> Case:
    """The body of what the customer wrote last; of all else nothing, for letters are long."""
    theirs = Message.objects.filter(complaint=OuterRef("complaint"), direction=Direction.IN)
    later = theirs.filter(Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")))
    return Case(
        When(~Exists(later), direction=Direction.IN, then=F("body")),
        default=Value(""),
        output_field=TextField(),
    )


def _read_marks(found: dict[int, Signs]) -> None:
    marked = Escalation.objects.filter(complaint__in=found).exclude(mood="").order_by("raised_at", "pk")
    for complaint, at, mood in marked.values_list("complaint", "raised_at", "mood"):
        found[complaint].mark = (at, Mood(mood))


def _read_promises(found: dict[int, Signs], now: datetime) -> None:
    """Dates of our own that we missed, and what our letters said; one let go with a reason is no sign."""
    dates = Deadline.objects.filter(complaint__in=found, kind=DeadlineKind.PROMISE).order_by()
    missed = dates.filter(Q(stopped_at__isnull=True, due_at__lt=now) | Q(stopped_at__gt=F("due_at")))
    given = Promise.objects.filter(complaint__in=found, dropped_at__isnull=True).order_by()
    broken = given.filter(Q(kept_at__isnull=True, due_at__lt=now) | Q(kept_at__gt=F("due_at")))
    facts = ("complaint", "due_at")
    both = missed.values_list(*facts, "label").union(broken.values_list(*facts, "text")).order_by("due_at")
    for complaint, _, said in both:
        found[complaint].broken_promise = said
