"""What people do about money and afterwards: offers, promises kept, and whether it was right."""

from datetime import date, timedelta
from decimal import Decimal

from djmoney.money import Money

from complaints.desk.demonstration import words
from complaints.desk.demonstration.case import Case
from complaints.desk.demonstration.deeds import document
from complaints.followups import actions as followups
from complaints.resolution import actions, authority, letters, timing
from complaints.resolution.actions import Line, Terms
from complaints.resolution.models import (
    Complaint,
    Fulfilment,
    MessageKind,
    Offer,
    Outcome,
    RemedyKind,
)

#: For doing what was offered: until the offer's last day nobody knows whether it is wanted.
WEEK = timedelta(days=7)


def put_forward(case: Case, share: float = 1.0) -> Offer:
    complaint = case.complaint
    open_until = timing.offer_open_until(complaint, case.now)
    terms = Terms(
        lines=_lines(case, share, (open_until + WEEK).date()),
        open_until=open_until,
        follow_up_on=timing.follow_up_day(complaint, open_until + WEEK),
        benefit=case.say(
            "You get back what you paid for and did not have.",
            "With this you are where you would have been.",
            "",
        ),
    )
    return actions.put_forward(
        complaint, terms=terms, tried=case.say(*words.TRIED), by=case.handler, now=case.now
    )


def _lines(case: Case, share: float, due_on: date) -> list[Line]:
    amount = max(5, 5 * round(case.fair * share / 5))
    deed = case.say(case.incident.deed)
    lines = [Line(kind=RemedyKind.REFUND, amount=Money(amount, "GBP"), action=deed, due_on=due_on)]
    if case.chance(0.3):
        lines.append(
            Line(kind=RemedyKind.GOODWILL, amount=Money(case.rng.choice((20, 30, 50)), "GBP"), due_on=due_on)
        )
    elif case.chance(0.3):
        lines.append(
            Line(kind=RemedyKind.APOLOGY, action="A letter from the head of the team", due_on=due_on)
        )
    return lines


def send_offer(case: Case) -> None:
    complaint, offer = case.file, case.offer
    letter = letters.draft(
        MessageKind.OFFER,
        complaint,
        now=case.now,
        finding=getattr(complaint, "finding", None),
        lines=list(offer.lines.all()),
        offer=offer,
    )
    actions.offer(complaint, letter=letter, by=case.handler, now=case.now)


def take_back(case: Case) -> None:
    actions.revise(
        case.complaint,
        reason="The second receipt came in; the sum is too small.",
        by=case.handler,
        now=case.now,
    )


def accept(case: Case) -> None:
    if case.person.email and case.chance(0.8):
        actions.accept(case.complaint, by=case.customer, now=case.now)
    else:
        actions.accept(case.complaint, spoken=case.say(*words.SPOKEN_YES), by=case.handler, now=case.now)


def decline(case: Case, *, wants_manager: bool) -> None:
    by = case.customer if case.person.email else case.handler
    actions.decline(
        case.complaint, reason=case.say(*words.DECLINES), wants_manager=wants_manager, by=by, now=case.now
    )


def do_lines(case: Case) -> bool:
    """Do all that was promised. Whether somebody must still check a payment."""
    done = [
        actions.complete_line(line, proof=_proof(case, line.amount), by=case.handler, now=case.now)
        for line in case.offer.lines.all()
    ]
    return any(one.awaits_check for one in done)


def _proof(case: Case, amount: Money | None) -> str:
    if amount is None:
        return f"Letter of {case.now:%-d %B}, copy in the file."
    return f"Bank transfer {case.now:%y%m%d}-{case.rng.randint(1000, 9999)}."


def check(case: Case) -> None:
    about = case.traits.get("about", ())
    seeing = [one for one in case.firm.handlers if one != case.handler and one not in about]
    for done in Fulfilment.objects.filter(line__offer=case.offer, needs_check=True, checked_by=None):
        if Complaint.objects.visible_to(seeing[0]).filter(pk=case.pk).exists():
            actions.check_payment(done, by=seeing[0], now=case.now)
        else:
            actions.check_payment(done, by=case.firm.supervisors[0], now=case.now)


def tell_outcome(case: Case) -> None:
    complaint = case.file
    letter = letters.draft(
        MessageKind.OUTCOME,
        complaint,
        now=case.now,
        lines=list(case.offer.lines.all()),
    )
    actions.fulfil(complaint, letter=letter, by=case.handler, now=case.now)
    document(case)


def settle(case: Case) -> None:
    complaint = case.file
    if complaint.handler_id is None:
        complaint = actions.assign(complaint, to=case.handler, by=case.handler, now=case.now)
    outcome = Outcome.UPHELD if case.chance(0.7) else Outcome.PARTLY_UPHELD
    letter = letters.draft(
        MessageKind.FINAL_RESPONSE,
        complaint,
        now=case.now,
        outcome=outcome,
        explanation=case.say(case.incident.told),
        points=list(complaint.points.all()),
    )
    actions.settle(
        complaint,
        lines=_at_once(case),
        acceptance=case.say(*words.SPOKEN_YES),
        proof=f"Bank transfer {case.now:%y%m%d}-{case.rng.randint(1000, 9999)}, while we spoke.",
        letter=letter,
        outcome=outcome,
        by=case.handler,
        now=case.now,
    )
    document(case)


def _at_once(case: Case) -> list[Line]:
    """What one's own authority holds without asking anybody: little, but today."""
    if case.chance(0.3):
        return []
    amount = Money(Decimal(min(case.fair, case.rng.choice((15, 20, 25, 40)))), "GBP")
    if authority.room_left(case.handler, case.file, "GBP", now=case.now) < amount.amount:
        return []
    return [Line(kind=RemedyKind.GOODWILL, amount=amount, due_on=case.now.date())]


def answer_follow_up(case: Case, *, satisfied: bool) -> None:
    text = case.say(*(words.RIGHT_NOW if satisfied else words.STILL_WRONG))
    followups.take_follow_up_answer(
        case.complaint, satisfied=satisfied, text=text, by=case.customer, now=case.now
    )


def answer_survey(case: Case, score: int, *, still_open: bool = False) -> None:
    text = case.say(*(words.STILL_WRONG if still_open else words.SURVEYS[score]))
    by = case.customer if case.person.email else case.handler
    followups.take_survey(case.complaint, score=score, still_open=still_open, text=text, by=by, now=case.now)


def was_surveyed(case: Case) -> bool:
    return case.complaint.messages.filter(kind=MessageKind.SURVEY).exists()
