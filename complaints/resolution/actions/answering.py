"""The two ways to an answer without a negotiated offer: the final response, and settling at first contact."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from complaints.policies.letter_rules import LetterKind
from complaints.resolution import timing
from complaints.resolution.actions import steps
from complaints.resolution.actions.checking import checked
from complaints.resolution.actions.correspondence import write_to_customer
from complaints.resolution.actions.fulfilment import require_done, write_down
from complaints.resolution.actions.proposing import (
    Line,
    Terms,
    amounts_in,
    lock_customer,
    require_authority,
    write_offer,
)
from complaints.resolution.actors import Actor, staff_or_none
from complaints.resolution.exceptions import (
    AcceptanceNeeded,
    NoFinding,
    NotPermitted,
    OwnMatter,
    PointOpen,
    ReasonNeeded,
)
from complaints.resolution.letters import Letter
from complaints.resolution.models import (
    Complaint,
    Finding,
    MessageKind,
    Move,
    Offer,
    Outcome,
)


@transaction.atomic
def respond(complaint: Complaint, *, outcome: Outcome, letter: Letter, by: Actor, now: datetime) -> Complaint:
    """Give the final response: every point answered, reasons given, and how to take it further (A5, A22, D16).

    What the letter must say is the policy's; raises StatementMissing where it does not say it.
    """
    step = steps.begin(Move.RESPOND, complaint, by=by, now=now)
    finding = Finding.objects.filter(complaint=step.complaint).first()
    if finding is None or not finding.explanation.strip():
        raise NoFinding("Record the finding first, with an explanation the customer can read.")
    if step.complaint.points.filter(answer="").exists():
        raise PointOpen
    step.complaint.outcome = outcome
    message = write_to_customer(
        step.complaint,
        kind=MessageKind.FINAL_RESPONSE,
        letter=letter,
        by=by,
        now=now,
    )
    return steps.finish(step, outcome=outcome, **checked(message))


@transaction.atomic
def settle(
    complaint: Complaint,
    *,
    lines: Sequence[Line],
    acceptance: str,
    proof: str,
    letter: Letter,
    by: Actor,
    now: datetime,
    outcome: Outcome = Outcome.UPHELD,
) -> Complaint:
    """Put it right at first contact, within one's own authority, with the customer's yes written down (D13).

    What is given here is given at once: an offer is recorded, accepted and fulfilled in one. Sums that need a
    second person's check cannot be settled this way.
    """
    step = steps.begin(Move.SETTLE, complaint, by=by, now=now)
    if not acceptance.strip():
        raise AcceptanceNeeded
    if lines:
        _grant_at_once(step.complaint, lines, proof=proof, by=by, now=now)
    elif not proof.strip():
        raise ReasonNeeded("Write down what was done to put it right.")
    step.complaint.outcome = outcome
    message = write_to_customer(
        step.complaint,
        kind=MessageKind.FINAL_RESPONSE,
        letter=letter,
        rule=LetterKind.SUMMARY_RESOLUTION,
        by=by,
        now=now,
    )
    return steps.finish(step, text=acceptance, done=proof, **checked(message))


def _grant_at_once(
    complaint: Complaint, lines: Sequence[Line], *, proof: str, by: Actor, now: datetime
) -> Offer:
    person = staff_or_none(by)
    if person is None:
        raise NotPermitted
    if complaint.about.filter(pk=person.pk).exists():
        raise OwnMatter
    lock_customer(complaint)
    terms = Terms(
        lines=lines,
        open_until=timing.offer_open_until(complaint, now),
        follow_up_on=timing.follow_up_day(complaint, now),
    )
    require_authority(person, complaint, amounts_in(terms), now=now)
    offer = write_offer(complaint, terms, person, now)
    offer.within_own_authority = True
    offer.approve(now=now)
    offer.send(now=now)
    offer.accept(now=now)
    offer.save()
    for line in offer.lines.all():
        write_down(line, complaint, proof=proof, by=by, now=now)
    require_done(offer)
    offer.fulfil()
    offer.save()
    return offer
