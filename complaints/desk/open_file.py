"""One complaint as it lies open before somebody: each fact is read once, when it is first asked for."""

from collections.abc import Iterable
from copy import copy
from datetime import datetime
from functools import cached_property
from typing import Self, TypeVar

from django.contrib.auth.models import User
from django.db.models import Model, Prefetch
from django_fsm import can_proceed

from complaints.followups.actions.planning import PLANNED_FOR
from complaints.followups.models import PlannedLetter
from complaints.resolution import authority
from complaints.resolution.authority import Room
from complaints.resolution.models import (
    LIVE,
    Complaint,
    Deadline,
    Direction,
    Finding,
    Fulfilment,
    Message,
    MessageKind,
    Move,
    Offer,
    OfferLine,
    OfferState,
    Point,
    Promise,
    Question,
    State,
)
from complaints.resolution.permission import may_move

CURRENCY = "GBP"
MOST_ANSWERS = 6
MOST_PROMISES = 50
MOST_PLANNED = 5
M = TypeVar("M", bound=Model)


class OpenFile:
    """`part` is the one point, line or letter a dialog is about; only one of this complaint's is ever found."""

    #: Known from the start where the whole page is shown.
    is_about_staff = False

    def __init__(self, complaint: Complaint, *, person: User, now: datetime, part: int | None = None) -> None:
        self.complaint = complaint
        self.person = person
        self.now = now
        self.part = part

    def __str__(self) -> str:
        return f"{self.complaint.reference} · {self.complaint.title}"

    def may(self, permission: str) -> bool:
        return self.person.has_perm(permission)

    def allows(self, *moves: Move) -> bool:
        """Graph and role; the facts are for whoever asks."""
        return any(
            can_proceed(getattr(self.complaint, move.value)) and may_move(self.person, move) for move in moves
        )

    @property
    def is_mine(self) -> bool:
        return self.complaint.handler_id == self.person.pk

    @cached_property
    def points(self) -> list[Point]:
        return list(self.complaint.points.all())

    @cached_property
    def questions(self) -> list[Question]:
        return list(self.complaint.questions.select_related("asked_by"))

    @property
    def open_questions(self) -> list[Question]:
        return [question for question in self.questions if question.settled_at is None]

    @cached_property
    def finding(self) -> Finding | None:
        found = Finding.objects.filter(complaint=self.complaint)
        return found.select_related("root_cause", "found_by").first()

    @cached_property
    def offers(self) -> list[Offer]:
        """Newest first, each with its lines and what was done about them."""
        offers = self.complaint.offers.select_related("proposed_by", "approved_by")
        done = ("fulfilment__done_by", "fulfilment__checked_by")
        lines = Prefetch("lines", OfferLine.objects.select_related("fulfilment", *done))
        return list(offers.prefetch_related(lines).order_by("-version"))

    @property
    def live_offer(self) -> Offer | None:
        return next((offer for offer in self.offers if offer.state in LIVE), None)

    @cached_property
    def accepted_lines(self) -> list[OfferLine]:
        offer = self.live_offer
        return list(offer.lines.all()) if offer and offer.state == OfferState.ACCEPTED else []

    @property
    def unfinished_lines(self) -> list[OfferLine]:
        return [line for line in self.accepted_lines if done_about(line) is None]

    @property
    def unchecked(self) -> list[Fulfilment]:
        done = (done_about(line) for line in self.accepted_lines)
        return [fulfilment for fulfilment in done if fulfilment and fulfilment.awaits_check]

    @property
    def facts_gathered(self) -> bool:
        category = self.complaint.category
        settled = any(question.settled_at for question in self.questions)
        return settled or (category is not None and category.fast_track)

    @cached_property
    def thanks_written(self) -> bool:
        return self.complaint.messages.filter(
            kind=MessageKind.ACKNOWLEDGEMENT, direction=Direction.OUT
        ).exists()

    @cached_property
    def running(self) -> list[Deadline]:
        return list(self.complaint.deadlines.running())

    @cached_property
    def rooms(self) -> list[Room]:
        """In each currency the widest room this person still has here for a remedy of any kind, our own first."""
        widest: dict[str, Room] = {}
        rooms = authority.rooms(self.person, self.complaint, "", "", now=self.now)
        for room in sorted(rooms, key=lambda room: room.left):
            widest[room.limit.currency] = room
        return sorted(
            widest.values(), key=lambda room: (room.limit.currency != CURRENCY, room.limit.currency)
        )

    @property
    def point(self) -> Point | None:
        return self._pick(self.points)

    @property
    def line(self) -> OfferLine | None:
        return self._pick(self.accepted_lines)

    @property
    def fulfilment(self) -> Fulfilment | None:
        return self._pick(filter(None, (done_about(line) for line in self.accepted_lines)))

    def about_part(self, part: int) -> Self:
        """The same open file, with the finger on one of its parts."""
        turned = copy(self)
        turned.part = part
        return turned

    @cached_property
    def promises(self) -> list[Promise]:
        """What our letters said we will do and nobody has ended yet, soonest first; so many as one can look at."""
        return list(self.complaint.promises.open().select_related("owner")[:MOST_PROMISES])

    @cached_property
    def planned(self) -> list[PlannedLetter]:
        """What goes to the customer by itself, soonest first. In other states nothing is planned, and nobody asks."""
        if self.complaint.state not in (*PLANNED_FOR, State.CLOSED):
            return []
        return list(PlannedLetter.objects.waiting().filter(complaint=self.complaint)[:MOST_PLANNED])

    @property
    def promise(self) -> Promise | None:
        return self._pick(self.promises)

    @property
    def letter(self) -> Message | None:
        return self.complaint.messages.filter(pk=self.part).first() if self.part else None

    @property
    def answers_given(self) -> list[Message]:
        """The offers and final responses that went to the customer, the newest first."""
        kinds = (MessageKind.FINAL_RESPONSE, MessageKind.OFFER)
        given = self.complaint.messages.filter(kind__in=kinds, direction=Direction.OUT)
        return list(given.select_related("complaint__customer").order_by("-at", "-pk")[:MOST_ANSWERS])

    def _pick(self, things: Iterable[M]) -> M | None:
        return next((thing for thing in things if thing.pk == self.part), None)


def done_about(line: OfferLine) -> Fulfilment | None:
    return getattr(line, "fulfilment", None)
