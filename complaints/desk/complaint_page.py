"""What the complaint page shows: who, what happened, what they want, where we are, what is due and why, what now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime

from complaints.desk.changes import changes_of
from complaints.desk.next_step import Button, button_for, button_of, buttons_for, next_step
from complaints.desk.open_file import OpenFile, done_about
from complaints.desk.progress import stages
from complaints.desk.sight import visible_incoming
from complaints.desk.story import Episode, Sending, can_be_taken_back, sending_of, told
from complaints.mailroom.models import IncomingMail
from complaints.resolution import timing
from complaints.resolution.actions import was_taken_back
from complaints.resolution.authority import Room
from complaints.resolution.models import (
    Complaint,
    Deadline,
    DeadlineKind,
    Fulfilment,
    Message,
    Offer,
    OfferLine,
    Point,
    Promise,
)
from complaints.resolution.permission import WORK
from escalations import early_warning
from escalations.models import Escalation

TABS = {
    "story": "Story",
    "facts": "Facts",
    "offer": "Offer",
    "escalations": "Escalations",
    "customer": "Customer",
    "history": "History",
}
FEW, SOME = 3, 20


@dataclass(frozen=True, slots=True)
class ToldEpisode:
    episode: Episode
    sending: Sending | None
    buttons: list[Button]


@dataclass(frozen=True, slots=True)
class ShownLine:
    line: OfferLine
    done: Fulfilment | None
    buttons: list[Button]


@dataclass(frozen=True, slots=True)
class ShownOffer:
    offer: Offer
    lines: list[ShownLine]


def context(file: OpenFile, *, tab: str, until: str = "") -> dict[str, Any]:
    """Everything the template needs; what belongs to a tab is read only where that tab is open."""
    tab = tab if tab in TABS else "story"
    complaint = file.complaint
    others = list(others_of(file)[: FEW + 1])
    return {
        "file": file,
        "complaint": complaint,
        "customer": complaint.customer,
        "now": file.now,
        "tab": tab,
        "tabs": tabs_of(file, others),
        "stages": stages(complaint, now=file.now),
        "next": next_step(file),
        "nearest": nearest(file),
        "statutory": statutory(file),
        "about_staff": file.is_about_staff,
        "points": [(point, _mark(point)) for point in file.points],
        "promises": promises_of(file),
        "planned": file.planned,
        "others": others[:FEW],
        "more_others": len(others) > FEW,
        "waiting_mail": list(waiting_about(file)[:FEW]),
        "authority": authority_of(file),
        "warned": early_warning.warned_of(complaint, now=file.now) if complaint.is_open else None,
        "side_buttons": buttons_for(file, "correct"),
        "restrict": next(iter(buttons_for(file, "restrict")), None),
        **PARTS[tab](file, until),
    }


def promises_of(file: OpenFile) -> list[tuple[Promise, list[Button]]]:
    """What we still owe by our word, each with what can be done about it."""
    return [
        (one, button_for(file, "keep-promise", one.pk) + button_for(file, "drop-promise", one.pk))
        for one in file.promises
    ]


def tabs_of(file: OpenFile, others: list[Complaint]) -> list[tuple[str, str]]:
    answered = sum(1 for point in file.points if point.answer)
    earlier = f" · {len(others)}{'+' if len(others) > FEW else ''} more" if others else ""
    notes = {"customer": earlier}
    if file.points:
        notes["facts"] = f" {answered} of {len(file.points)}"
    return [(code, f"{label}{notes.get(code, '')}") for code, label in TABS.items()]


def others_of(file: OpenFile) -> QuerySet[Complaint]:
    """The same customer's other complaints, as far as this person may see them."""
    complaint = file.complaint
    seen = Complaint.objects.visible_to(file.person)
    if complaint.customer_id is None:
        return seen.none()
    return (
        seen.filter(customer=complaint.customer_id).exclude(pk=complaint.pk).order_by("-received_at", "-pk")
    )


def waiting_about(file: OpenFile) -> QuerySet[IncomingMail]:
    """Mail that may belong to this complaint, and waits for somebody to say so."""
    seen = visible_incoming(file.person, IncomingMail.objects.without_raw()).held()
    return seen.filter(candidates__complaint=file.complaint).order_by("pk")


def nearest(file: OpenFile) -> Deadline | None:
    return next((clock for clock in file.running if clock.paused_at is None), None)


def statutory(file: OpenFile) -> Deadline | None:
    """The date nobody can move, unless it is the nearest one anyway."""
    found = next((clock for clock in file.running if clock.kind == DeadlineKind.STATUTORY), None)
    return None if found == nearest(file) else found


def _mark(point: Point) -> str:
    return "●" if point.answer else "○"


def authority_of(file: OpenFile) -> dict[str, Any] | None:
    """How much this person may still grant here; nothing where nobody grants anything any more."""
    if not (file.complaint.is_open and file.may(WORK)):
        return None
    return {"rooms": [_room(room) for room in file.rooms]}


def _room(room: Room) -> dict[str, Any]:
    ceiling = room.limit.per_complaint
    return {
        "left": room.left,
        "limit": room.limit,
        "used": max(ceiling - room.left, 0),
        "by_customer": room.left < ceiling - room.granted_on_complaint,
    }


def _story(file: OpenFile, until: str) -> dict[str, Any]:
    story = told(file.complaint, until=_moment(until))
    episodes = []
    for episode in story.episodes:
        message = episode.message
        buttons = _about_letter(file, message) if message else []
        episodes.append(ToldEpisode(episode, sending_of(message) if message else None, buttons))
    return {"episodes": episodes, "earlier": story.earlier, "until": until}


def _about_letter(file: OpenFile, message: Message) -> list[Button]:
    if message.awaits_posting:
        return button_of(file, "posted", message.pk)
    if can_be_taken_back(message):
        return button_of(file, "take-back", message.pk)
    return button_for(file, "write-anew", message.pk) if was_taken_back(message) else []


def _moment(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


def _facts(file: OpenFile, _until: str) -> dict[str, Any]:
    documents = file.complaint.documents.order_by("-added_at", "-pk")
    return {
        "pack": timing.pack_of(file.complaint),
        "point_rows": [(point, button_for(file, "answer-point", point.pk)) for point in file.points],
        "documents": list(documents[: SOME + 1]),
        "facts_buttons": buttons_for(file, "correct", "add-point"),
        "finding_buttons": buttons_for(file, "finding", "waive", "ask", "hear"),
        "document_buttons": buttons_for(file, "attach", "report"),
        "learnt_buttons": buttons_for(file, "document"),
    }


def _offer(file: OpenFile, _until: str) -> dict[str, Any]:
    return {
        "offers": [
            ShownOffer(offer, [_line(file, line) for line in offer.lines.all()]) for offer in file.offers
        ],
        "offer_buttons": buttons_for(
            file, "make-offer", "send-offer", "revise", "accept", "decline", "fulfil", "settle"
        ),
    }


def _line(file: OpenFile, line: OfferLine) -> ShownLine:
    done = done_about(line)
    buttons = button_for(file, "check", done.pk) if done else button_for(file, "complete", line.pk)
    return ShownLine(line, done, buttons)


def _escalations(file: OpenFile, _until: str) -> dict[str, Any]:
    raised = Escalation.objects.filter(complaint=file.complaint).select_related("queue", "claimed_by")
    return {
        "escalations": list(raised.order_by("-raised_at", "-pk")[:SOME]),
        "raise_buttons": buttons_for(file, "raise"),
        "sees_escalations": file.may("escalations.view_escalation"),
    }


def _customer(file: OpenFile, _until: str) -> dict[str, Any]:
    return {
        "all_others": list(others_of(file)[:SOME]),
        "edits_customer": file.may("resolution.change_customer"),
    }


def _history(file: OpenFile, _until: str) -> dict[str, Any]:
    return {"changes": changes_of(file.complaint)}


PARTS = {
    "story": _story,
    "facts": _facts,
    "offer": _offer,
    "escalations": _escalations,
    "customer": _customer,
    "history": _history,
}
