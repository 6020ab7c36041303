"""Answering a question. What concerns an offer is decided in the file, under its seal; this desk calls down."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from complaints.resolution import actions as resolution
from complaints.resolution.actors import name_of
from complaints.resolution.exceptions import OverLimit
from escalations.actions import steps
from escalations.actions.steps import Step
from escalations.ceilings import may_grant_together
from escalations.exceptions import AdviceNeeded, NoOfferHere, OfferToDecide
from escalations.models import Decision, Escalation, Reason


@transaction.atomic
def approve(escalation: Escalation, *, seal: str, by: User, now: datetime, text: str = "") -> Escalation:
    """Approve the offer that carries this seal, the one that was read.

    Of several at once one wins; the others are told who decided. The file refuses one's own proposal, what lies
    above one's authority, and a changed offer.
    """
    step = _begin_offer(escalation, by=by, now=now)
    _require_room_of_principal(step)
    step.escalation.decide(steps.ruling(step, Decision.APPROVED, text))
    _finish(step, "approved", text)
    resolution.approve(step.complaint, seal=seal, by=by, now=now)
    return step.escalation


@transaction.atomic
def refuse(escalation: Escalation, *, text: str, by: User, now: datetime) -> Escalation:
    """Refuse the offer, with the reason the handler will read."""
    step = _begin_offer(escalation, by=by, now=now)
    _require(text)
    step.escalation.decide(steps.ruling(step, Decision.REFUSED, text))
    _finish(step, "refused", text)
    resolution.refuse(step.complaint, reason=text, by=by, now=now)
    return step.escalation


@transaction.atomic
def send_back(escalation: Escalation, *, text: str, by: User, now: datetime) -> Escalation:
    """Return it to the handler with advice. An offer goes back with it, for another to be made."""
    step = steps.begin(escalation, by=by, now=now)
    _require(text)
    if step.escalation.reason == Reason.OVER_LIMIT:
        steps.require_other_than_proposer(step.escalation, by, now=now)
    step.escalation.send_back(steps.ruling(step, Decision.SENT_BACK, text))
    _finish(step, "sent back to the handler", text)
    if step.escalation.reason == Reason.OVER_LIMIT:
        resolution.refuse(step.complaint, reason=text, by=by, now=now)
    return step.escalation


@transaction.atomic
def answer(escalation: Escalation, *, text: str, by: User, now: datetime) -> Escalation:
    """Answer a question that is not about an offer: what was decided, and what the handler is to do."""
    step = steps.begin(escalation, by=by, now=now)
    if step.escalation.reason == Reason.OVER_LIMIT:
        raise OfferToDecide
    _require(text)
    step.escalation.decide(steps.ruling(step, Decision.ANSWERED, text))
    _finish(step, "answered", text)
    return step.escalation


def _begin_offer(escalation: Escalation, *, by: User, now: datetime) -> Step:
    step = steps.begin(escalation, by=by, now=now)
    if step.escalation.reason != Reason.OVER_LIMIT:
        raise NoOfferHere
    steps.require_other_than_proposer(step.escalation, by, now=now)
    return step


def _require_room_of_principal(step: Step) -> None:
    """A substitute grants no more than the absent colleague could; no more than themselves, the file sees to."""
    offer, principal = step.escalation.offer, step.on_behalf
    if offer is None or principal is None:
        return
    groups = set(principal.groups.values_list("pk", flat=True))
    if not may_grant_together(offer, groups, now=step.now):
        raise OverLimit(
            f"This is above the authority of {name_of(principal)}, for whom you stand in. Pass it up."
        )


def _require(text: str) -> None:
    if not text.strip():
        raise AdviceNeeded


def _finish(step: Step, what: str, text: str) -> None:
    step.escalation.save()
    said = f"{what}. {text.strip()}" if text.strip() else what
    steps.record(step.escalation, said, by=step.by, now=step.now, on_behalf=step.on_behalf)
