"""What is decided about a letter outside its usual way: by a person, or by what another mail server reports."""

from datetime import datetime

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from complaints.mailroom.actions.endings import move, settle
from complaints.mailroom.exceptions import NotAllowed, NotWaiting
from complaints.mailroom.models import STUCK, OutgoingMail, OutgoingMailQuerySet, State


@transaction.atomic
def send_again(mail: OutgoingMail, *, by: AbstractUser | str, now: datetime) -> OutgoingMail:
    """The same bytes under the same Message-ID, with all its attempts back and no term any more."""
    _check_may_decide(by)
    stuck = _stuck(mail, *STUCK)
    afresh = {"due_at": now, "attempts": 0, "expires_at": None, "settled_at": None, "decided_by": str(by)}
    if not move(mail, stuck, State.QUEUED, **afresh):
        raise NotWaiting("Only a letter that failed, came back, or may not have arrived, can be sent again.")
    return mail


@transaction.atomic
def count_as_sent(mail: OutgoingMail, *, by: AbstractUser | str, now: datetime) -> OutgoingMail:
    """For a letter that may have been sent, where somebody has found out that it was."""
    _check_may_decide(by)
    doubtful = _stuck(mail, State.AMBIGUOUS)
    if not settle(mail, doubtful, State.SENT, now=now, sent_at=now, decided_by=str(by)):
        raise NotWaiting("Only a letter of which we do not know whether it was sent can be counted as sent.")
    return mail


@transaction.atomic
def take_back(mail: OutgoingMail, *, by: str, now: datetime) -> OutgoingMail:
    """Stop a letter that has certainly not gone, because somebody thought better of it."""
    waiting = _stuck(mail, State.QUEUED).filter(doubtful_since=None)
    if not settle(mail, waiting, State.CANCELLED, now=now, taken_back_at=now, decided_by=by[:150]):
        raise NotWaiting("The letter has left, or is leaving now.")
    return mail


@transaction.atomic
def came_back(mail: OutgoingMail, *, now: datetime, said: str) -> bool:
    """A mail server returned the letter for good. Whether that is news; a second report is not."""
    return settle(mail, OutgoingMail.objects.filter(pk=mail.pk), State.BOUNCED, now=now, last_error=said)


def _stuck(mail: OutgoingMail, *states: State) -> OutgoingMailQuerySet:
    return OutgoingMail.objects.filter(pk=mail.pk, state__in=states)


def _check_may_decide(by: AbstractUser | str) -> None:
    if not isinstance(by, str) and not by.has_perm("mailroom.resend_outgoingmail"):
        raise NotAllowed("You may not have letters sent again.")
