"""Where the complaint is on its way, as seven steps anybody can read."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from complaints.resolution.models import Complaint, State

NAMES = ("Received", "Acknowledged", "Investigating", "Offer", "Put right", "Answered", "Closed")
RECEIVED, ACKNOWLEDGED, INVESTIGATING, OFFER, PUT_RIGHT, ANSWERED, CLOSED = range(len(NAMES))
PLACES: dict[str, int] = {
    State.RECEIVED: RECEIVED,
    State.ACKNOWLEDGED: ACKNOWLEDGED,
    State.INVESTIGATING: INVESTIGATING,
    State.WAITING: INVESTIGATING,
    State.REFERRED: OFFER,
    State.APPROVED: OFFER,
    State.OFFERED: OFFER,
    State.FULFILLING: PUT_RIGHT,
    State.ANSWERED: ANSWERED,
    State.CLOSED: CLOSED,
    State.WITHDRAWN: CLOSED,
    State.MERGED: CLOSED,
}


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    mark: str  # done, now, skipped or ahead
    detail: str = ""


def stages(complaint: Complaint, *, now: datetime) -> list[Stage]:
    """Each step with its date where it has one. A step that was never entered is skipped, not done."""
    entered = _entered(complaint)
    here = PLACES[complaint.state]
    return [_stage(complaint, place, here, entered.get(place), now=now) for place in range(len(NAMES))]


def _entered(complaint: Complaint) -> dict[int, datetime]:
    """When each step was last entered."""
    moves = complaint.entries.moves().order_by("-at", "-pk").values_list("to_state", "at")[:100]
    entered = {RECEIVED: complaint.received_at}
    for state, at in reversed(moves):
        entered[PLACES[state]] = at
    return entered


def _stage(complaint: Complaint, place: int, here: int, at: datetime | None, *, now: datetime) -> Stage:
    if place == here:
        return Stage(_name(complaint, place), "now", _now(complaint, now))
    if place > here:
        return Stage(NAMES[place], "ahead")
    if at is None:
        return Stage(NAMES[place], "skipped")
    return Stage(NAMES[place], "done", date_format(timezone.localtime(at), "j M"))


def _name(complaint: Complaint, place: int) -> str:
    plain = (State.RECEIVED, State.FULFILLING, State.INVESTIGATING)
    return NAMES[place] if complaint.state in plain else complaint.get_state_display()


def _now(complaint: Complaint, now: datetime) -> str:
    since = timezone.localtime(complaint.state_since)
    days = (timezone.localtime(now).date() - since.date()).days
    if not complaint.is_open or days < 1:
        return date_format(since, "j M")
    return f"since {date_format(since, 'j M')}, day {days + 1}"
