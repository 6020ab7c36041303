"""Writing a planned letter when its moment comes, if it still is wanted: once, whoever else is trying."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from complaints.followups import letters, plan
from complaints.followups.actions.planning import cancel, hours_of, last_turn
from complaints.followups.models import PlannedLetter, PlannedState, SurveyAnswer
from complaints.followups.window import welcome_at, why_unwelcome
from complaints.mailroom.exceptions import MailroomError
from complaints.mailroom.letters import address as mail_address
from complaints.mailroom.models import OutgoingMail
from complaints.resolution import actions as resolution
from complaints.resolution import timing
from complaints.resolution.actors import System
from complaints.resolution.exceptions import Refused
from complaints.resolution.models import (
    Complaint,
    Concern,
    Customer,
    Message,
    MessageKind,
    OfferState,
    State,
)

BATCH = 200
MOST_AT_ONCE = 2000
PUT_OFF = timedelta(minutes=10)
MOST_ANSWERS, A_DAY = 3, timedelta(days=1)
LATE_TOO = "It follows a letter that goes late: letters keep their distance."

logger = logging.getLogger(__name__)


def send_due(*, now: datetime) -> int:
    """Send every letter that is due. How many went."""
    sent = tried = 0
    batch = _next_due(now, after=None)
    while batch and tried < MOST_AT_ONCE:
        sent += sum(_send_or_put_off(letter, now=now) for letter in batch)
        tried += len(batch)
        batch = _next_due(now, after=batch[-1])
    return sent


def _next_due(now: datetime, *, after: PlannedLetter | None) -> list[PlannedLetter]:
    due = PlannedLetter.objects.due(now).order_by("due_at", "pk")
    if after is not None:
        due = due.filter(Q(due_at__gt=after.due_at) | Q(due_at=after.due_at, pk__gt=after.pk))
    return list(due[:BATCH])


def _send_or_put_off(letter: PlannedLetter, *, now: datetime) -> bool:
    """A letter that cannot be written must neither stop the others nor stand first in line for ever."""
    try:
        return send_planned(letter, now=now) is not None
    except Exception:
        logger.exception("Letter %s could not be written; it is tried again in %s", letter, PUT_OFF)
        PlannedLetter.objects.waiting().filter(pk=letter.pk).update(due_at=now + PUT_OFF)
        return False


@transaction.atomic
def send_planned(letter: PlannedLetter, *, now: datetime) -> Message | None:
    """Write the letter into the file and the post, or cancel it if it is no longer wanted.

    Nothing happens, and None comes back, when it is not due, not welcome at this hour, already settled, behind
    another letter that still waits, or when somebody works on the complaint this moment: the next sweep sees to it.
    """
    complaint = Complaint.objects.select_for_update(skip_locked=True).filter(pk=letter.complaint_id).first()
    current = PlannedLetter.objects.due(now).select_related("cycle").filter(pk=letter.pk).first()
    if complaint is None or current is None:
        return None
    current.complaint = complaint
    if PlannedLetter.objects.waiting().filter(cycle=current.cycle_id, pk__lt=current.pk).exists():
        return None
    if why := why_not(current, now=now):
        _cancel(current, why=why, now=now)
        _say_if_owed(current, why, now=now)
        return None
    window, hours = timing.pack_of(complaint).contact_window, hours_of(complaint)
    if why := why_unwelcome(now, window, hours):
        welcome = welcome_at(now, window, hours)
        PlannedLetter.objects.waiting().filter(pk=current.pk).update(due_at=welcome, because=plan.waits(why))
        _take_along(current, until=welcome)
        return None
    return _send(current, now=now)


def _send(letter: PlannedLetter, *, now: datetime) -> Message | None:
    try:
        message = _write(letter, now=now)
    except Refused as refused:
        _cancel(letter, why=str(refused), now=now)
        return None
    except MailroomError as error:
        _cancel(letter, why=str(error), now=now)
        resolution.raise_concern(
            letter.complaint,
            concern=Concern.UNDELIVERED,
            by=System.FOLLOW_UP,
            now=now,
            text=f"{letter}: {error}",
        )
        return None
    PlannedLetter.objects.filter(pk=letter.pk, state=PlannedState.PLANNED).update(
        state=PlannedState.SENT, settled_at=now, message=message
    )
    _take_along(letter, until=now)
    return message


def _write(letter: PlannedLetter, *, now: datetime) -> Message:
    written, complaint = letters.write(letter, now=now), letter.complaint
    if letter.kind == MessageKind.ACKNOWLEDGEMENT:
        return resolution.acknowledge_by_letter(
            complaint, letter=written, by=System.FOLLOW_UP, now=now, key=letter.key
        )
    return resolution.send_letter(
        complaint,
        kind=MessageKind(letter.kind),
        letter=written,
        by=System.FOLLOW_UP,
        now=now,
        key=letter.key,
    )


def _cancel(letter: PlannedLetter, *, why: str, now: datetime) -> None:
    cancel(PlannedLetter.objects.waiting().filter(pk=letter.pk), why=why, now=now)


def _say_if_owed(letter: PlannedLetter, why: str, *, now: datetime) -> None:
    """A customer whom we do not thank by ourselves must still be thanked: whoever opens the file reads it."""
    if letter.kind == MessageKind.ACKNOWLEDGEMENT and letter.complaint.state == State.RECEIVED:
        said = f"The acknowledgement did not go by itself. {why}"
        resolution.note(letter.complaint, text=said, by=System.FOLLOW_UP, now=now)


def _take_along(letter: PlannedLetter, *, until: datetime) -> None:
    """A letter that goes late takes those that follow it along, so that no two arrive together."""
    pack, hours = timing.pack_of(letter.complaint), hours_of(letter.complaint)
    for later in PlannedLetter.objects.waiting().filter(cycle=letter.cycle_id, pk__gt=letter.pk):
        moved = plan.later_by(until - letter.due_at, later.due_at, pack, hours)
        if moved != later.due_at:
            later.due_at, later.because = moved, LATE_TOO
            later.save(update_fields=["due_at", "because"])


def why_not(letter: PlannedLetter, *, now: datetime) -> str:
    """Why this letter is not wanted any more; nothing when it is."""
    complaint = letter.complaint
    if complaint.imported or complaint.customer is None:
        return "Imported history gets no letters."
    if last_turn(complaint) != letter.cycle:
        return "The complaint has moved on."
    if complaint.restricted and letter.kind in plan.ASKED_OF_CUSTOMER:
        return "The complaint is restricted: a person decides whether to ask."
    check = CHECKS.get(MessageKind(letter.kind))
    return check(letter, now) if check else ""


def _answered_enough(letter: PlannedLetter, now: datetime) -> str:
    """So many automatic letters go to one address in a day and no more, whatever caused them (SEC-31, SEC-33).

    Else a machine that answers our answers, or somebody who types another's address into the form, has us write
    without end. An acknowledgement is the only letter of ours that answers what comes in by itself.
    """
    customer = Customer.objects.select_for_update().filter(complaints=letter.complaint).first()
    if customer is None or not customer.writes_by_email:
        return ""
    lately = OutgoingMail.objects.automatic_to(address_of(customer), since=now - A_DAY)
    if lately[:MOST_ANSWERS].count() < MOST_ANSWERS:
        return ""
    return f"This address has had {MOST_ANSWERS} automatic letters within a day. Thank the customer yourself."


def address_of(customer: Customer) -> str:
    """As it stands on letters. What is no address gets no letter, and that is said where it is written."""
    try:
        return mail_address(customer.email)
    except MailroomError:
        return customer.email


def _offer_over(letter: PlannedLetter, now: datetime) -> str:
    offer = letter.complaint.offers.filter(state=OfferState.SENT).first()
    return "" if offer and offer.open_until > now else "The offer has run out."


def _already_followed_up(letter: PlannedLetter, now: datetime) -> str:
    return "The customer has said how it is." if letter.complaint.followed_up_at else ""


def _surveyed_lately(letter: PlannedLetter, now: datetime) -> str:
    """At most one survey a customer in so many days, whatever they complained of (C13)."""
    days = timing.pack_of(letter.complaint).timings.survey_cap_days
    list(Customer.objects.select_for_update().filter(complaints=letter.complaint))
    asked = PlannedLetter.objects.filter(
        complaint__customer=letter.complaint.customer,
        kind=MessageKind.SURVEY,
        state=PlannedState.SENT,
        settled_at__gt=now - timedelta(days=days),
    )
    return f"The customer was asked within the last {days} days." if asked.exists() else ""


def _survey_settled(letter: PlannedLetter, now: datetime) -> str:
    asked = PlannedLetter.objects.filter(
        cycle=letter.cycle_id, kind=MessageKind.SURVEY, state=PlannedState.SENT
    )
    if not asked.exists():
        return "There was no survey to remind of."
    answered = SurveyAnswer.objects.filter(cycle=letter.cycle_id).exists()
    return "The survey has been answered." if answered else ""


CHECKS: dict[MessageKind, Callable[[PlannedLetter, datetime], str]] = {
    MessageKind.ACKNOWLEDGEMENT: _answered_enough,
    MessageKind.OFFER_REMINDER: _offer_over,
    MessageKind.FOLLOW_UP: _already_followed_up,
    MessageKind.SURVEY: _surveyed_lately,
    MessageKind.SURVEY_REMINDER: _survey_settled,
}
