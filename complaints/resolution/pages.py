"""What the customer's pages show of the file, in the customer's words. Questions only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from complaints.resolution import links, why
from complaints.resolution.links import Purpose
from complaints.resolution.models import Complaint, Deadline, DeadlineKind, Direction, OfferState, State

S = State
#: The road as the customer sees it, and the states that stand on each stretch of it.
ROAD: tuple[tuple[str, frozenset[State]], ...] = (
    ("We have your complaint", frozenset({S.RECEIVED, S.ACKNOWLEDGED})),
    ("We are looking into it", frozenset({S.INVESTIGATING, S.WAITING, S.REFERRED, S.APPROVED})),
    ("You have our offer", frozenset({S.OFFERED})),
    ("We are putting it right", frozenset({S.FULFILLING})),
    ("You have our answer", frozenset({S.ANSWERED})),
    ("Closed", frozenset({S.CLOSED})),
)
NOW_WORDS: dict[str, str] = {
    S.RECEIVED: "Thank you. We have your complaint and will be in touch shortly.",
    S.ACKNOWLEDGED: "Thank you. Your complaint is waiting for a colleague who will look into it.",
    S.INVESTIGATING: "A colleague is looking into what happened.",
    S.WAITING: "We have asked you a question and are waiting for your answer.",
    S.REFERRED: "We have a proposal, and a manager is looking at it.",
    S.APPROVED: "We are preparing an offer for you.",
    S.OFFERED: "We have made you an offer. Nothing is decided until you answer.",
    S.FULFILLING: "You have accepted our offer. We are doing what we promised.",
    S.ANSWERED: "You have our answer. If it is not right, tell us.",
    S.CLOSED: "Your complaint is closed. If something is still open, tell us.",
    S.WITHDRAWN: "You have taken your complaint back.",
    S.MERGED: "Your complaint is handled together with another one of yours about the same matter.",
}


@dataclass(frozen=True, slots=True)
class Stretch:
    label: str
    done: bool
    here: bool


def firm() -> dict[str, str]:
    return {"firm_name": settings.FIRM_NAME, "firm_phone": settings.FIRM_PHONE}


def standing(complaint: Complaint) -> dict[str, Any]:
    """Where the complaint stands. Internal deadlines, notes and names are not the customer's to see."""
    final_by = complaint.deadlines.running().filter(kind=DeadlineKind.STATUTORY).first()
    return {
        "road": road(complaint),
        "now_words": NOW_WORDS[complaint.state],
        "final_by": final_by,
        "final_because": _because(final_by, complaint) if final_by else [],
        "letters": complaint.messages.order_by("-at", "-pk")[:20],
        "answer_url": _when(complaint, State.WAITING, Purpose.ANSWER),
        "offer_url": _when(complaint, State.OFFERED, Purpose.OFFER),
        "outgoing": Direction.OUT,
    }


def _because(deadline: Deadline, complaint: Complaint) -> list[str]:
    """The sum and the rule; where the house has the rule from is for the house."""
    deadline.complaint = complaint
    rule = why.rule_of(deadline)
    return [reason for reason in deadline.reasons if rule is None or reason != rule.source]


def road(complaint: Complaint) -> list[Stretch]:
    """Steps behind, the step we are on, steps ahead; a path without an offer simply skips those steps."""
    here = next((number for number, (_, states) in enumerate(ROAD) if complaint.state in states), None)
    if here is None:
        return []
    passed_by = _passed_by(complaint)
    return [
        Stretch(label, done=number < here, here=number == here)
        for number, (label, states) in enumerate(ROAD)
        if number >= here or not states & passed_by
    ]


def _passed_by(complaint: Complaint) -> set[State]:
    """Steps that others take and this customer did not: no offer was sent to them, or they accepted none."""
    became = set(complaint.offers.filter(sent_at__isnull=False).values_list("state", flat=True))
    if not became:
        return {S.OFFERED, S.FULFILLING}
    return set() if became & {OfferState.ACCEPTED, OfferState.FULFILLED} else {S.FULFILLING}


def latest_offer(complaint: Complaint) -> dict[str, Any]:
    """The last offer the customer was sent, with what became of it."""
    offer = complaint.offers.filter(sent_at__isnull=False).prefetch_related("lines").last()
    return {
        "offer": offer,
        "lines": offer.lines.all() if offer else [],
        "finding": getattr(complaint, "finding", None),
        "offer_state": OfferState,
    }


def offer_is_open(complaint: Complaint, now: datetime) -> bool:
    return complaint.offers.filter(state=OfferState.SENT, open_until__gte=now).exists()


def _when(complaint: Complaint, state: State, purpose: Purpose) -> str:
    return links.url(purpose, complaint) if complaint.state == state else ""
