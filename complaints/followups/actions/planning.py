"""Deciding, when something happens, which letters fall due because of it and which no longer do."""

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from complaints.followups import plan
from complaints.followups.models import PlannedLetter, PlannedLetterQuerySet, PlannedState
from complaints.followups.plan import Turn
from complaints.followups.window import ANY_HOUR, Hours
from complaints.mailroom import actions as mailroom
from complaints.mailroom.models import OutgoingMail
from complaints.resolution import timing
from complaints.resolution.models import Complaint, Entry, EntryKind, MessageKind, Offer, State

LOOK_BACK = timedelta(days=30)
MOST_AT_ONCE = 500
#: States of a complaint that began with a turn after which a letter falls due.
PLANNED_FOR = (State.RECEIVED, State.WAITING, State.OFFERED, State.ANSWERED)

logger = logging.getLogger(__name__)


@transaction.atomic
def plan_for(entries: Iterable[Entry], *, now: datetime) -> list[PlannedLetter]:
    """Plan the letters that these entries call for, and cancel those they make moot. Twice is the same as once."""
    ours = [entry for entry in entries if not entry.complaint.imported and entry.complaint.customer_id]
    for entry in ours:
        if entry.kind != EntryKind.OPENED:  # nothing came before
            _cancel_moot(entry, now=now)
    turns = _still_last([entry for entry in ours if plan.name_of(entry) in plan.PLANS])
    return _planned_once([letter for entry in turns for letter in _letters_after(entry)])


def _still_last(turns: Sequence[Entry]) -> list[Entry]:
    if not turns:
        return []
    among = Entry.objects.filter(complaint__in={entry.complaint_id for entry in turns}, kind__in=plan.TURNS)
    last = set(among.order_by().values("complaint").annotate(last=Max("pk")).values_list("last", flat=True))
    return [entry for entry in turns if entry.pk in last]


def _letters_after(entry: Entry) -> list[PlannedLetter]:
    """Not yet written."""
    return [
        PlannedLetter(
            complaint=entry.complaint,
            kind=due.kind,
            stage=due.stage,
            cycle=entry,
            due_at=due.at,
            because=due.because,
        )
        for due in plan.letters_after(turn_of(entry, plan.name_of(entry)))
    ]


def _planned_once(letters: Sequence[PlannedLetter]) -> list[PlannedLetter]:
    """Whoever plans holds the complaint, so that none can come in between."""
    planned = (
        PlannedLetter.objects.filter(cycle__in={letter.cycle_id for letter in letters}) if letters else ()
    )
    known = {letter.key: letter for letter in planned}
    PlannedLetter.objects.bulk_create([letter for letter in letters if letter.key not in known])
    return [known.get(letter.key, letter) for letter in letters]


def _cancel_moot(entry: Entry, *, now: datetime) -> None:
    """Cancel what this entry has overtaken, in the plan and in the outbox."""
    waiting = PlannedLetter.objects.waiting().filter(complaint=entry.complaint_id)
    if plan.name_of(entry):
        _call_back(entry, now=now)
        cancel(waiting.filter(cycle__lt=entry.pk), why=f"Overtaken by: {entry}", now=now)
    elif entry.kind == EntryKind.NOTE and "satisfied" in entry.facts:
        asked = waiting.filter(kind=MessageKind.FOLLOW_UP)
        cancel(asked, why="The customer has said how it is.", now=now)


def _call_back(entry: Entry, *, now: datetime) -> None:
    """Mail that is written but has not left, as when the mail server is down, must not arrive after its answer."""
    overtaken = OutgoingMail.objects.filter(
        state=OutgoingMail.State.QUEUED,
        message__complaint=entry.complaint_id,
        message__planned_as__cycle__lt=entry.pk,
    )
    for mail in overtaken:
        mailroom.cancel(mail, now=now, reason=f"Overtaken by: {entry}")


def cancel(letters: PlannedLetterQuerySet, *, why: str, now: datetime) -> int:
    return letters.filter(state=PlannedState.PLANNED).update(
        state=PlannedState.CANCELLED, settled_at=now, why_cancelled=why[:200]
    )


def last_turn(complaint: Complaint) -> Entry | None:
    """The opening or the move that brought the complaint where it is."""
    return complaint.entries.filter(kind__in=plan.TURNS).order_by("-pk").first()


def turn_of(entry: Entry, name: str) -> Turn:
    complaint = entry.complaint
    named = entry.facts.get("offer")
    offer = Offer.objects.filter(pk=named, complaint=complaint).first() if named else None
    return Turn(
        name=name,
        at=entry.at,
        pack=timing.pack_of(complaint),
        hours=hours_of(complaint),
        offer_until=offer.open_until if offer else None,
        promised_on=offer.follow_up_on if offer else None,
    )


def hours_of(complaint: Complaint) -> Hours:
    customer = complaint.customer
    return Hours(customer.contact_from, customer.contact_until) if customer else ANY_HOUR


def plan_missing(*, now: datetime) -> int:
    """Plan for complaints whose last turn was never heard of. How many letters were missing."""
    planned = 0
    for pk in _unplanned(now)[:MOST_AT_ONCE]:
        try:
            planned += _plan_again(pk, now=now)
        except Exception:
            logger.exception("The letters of complaint %s could not be planned", pk)
    return planned


def _unplanned(now: datetime) -> QuerySet[Complaint, int]:
    since_its_turn = PlannedLetter.objects.filter(
        complaint=OuterRef("pk"), cycle__at__gte=OuterRef("state_since")
    )
    return (
        Complaint.objects.filter(
            Q(state__in=[state.value for state in PLANNED_FOR])
            | Q(state=State.CLOSED, closed_at__gte=now - LOOK_BACK),
            ~Exists(since_its_turn),
            imported=False,
        )
        .order_by("-state_since")
        .values_list("pk", flat=True)
    )


@transaction.atomic
def _plan_again(pk: int, *, now: datetime) -> int:
    complaint = Complaint.objects.select_for_update().get(pk=pk)
    turn = last_turn(complaint)
    return len(plan_for([turn], now=now)) if turn else 0
