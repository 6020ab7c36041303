"""Stories that are told to the end."""

from datetime import timedelta

from complaints.desk.demonstration import bargains, deeds, words
from complaints.desk.demonstration.case import Case
from complaints.desk.demonstration.stretches import (
    Moments,
    accept_and_be_paid,
    agree_inside,
    arrive,
    as_far_as_a_finding,
    inquire,
    look_into,
    offer,
    ours,
    part,
    refuse_kindly,
    take,
    until_thanked,
    wait_for,
)
from complaints.intake.actions import Telling, register
from complaints.resolution import actions
from complaints.resolution.models import Channel, Fault, State

SCORES = (5, 5, 5, 4, 4, 4, 3, 3, 2, 1)


def put_right(case: Case) -> Moments:
    yield from as_far_as_a_finding(case, ours(case))
    yield from offer(case)
    yield from accept_and_be_paid(case)
    yield from part(case, score=case.rng.choice(SCORES))


def not_our_fault(case: Case) -> Moments:
    yield from as_far_as_a_finding(case, Fault.NO if case.chance(0.8) else Fault.UNDETERMINED)
    yield from refuse_kindly(case)
    yield from part(case, score=case.rng.choice((1, 2, 3, 3, 4, 5)))


def settled_at_once(case: Case) -> Moments:
    deeds.complain(case)
    yield case.desk(0.3, 3)
    bargains.settle(case)
    yield from part(case, score=case.rng.choice((4, 5, 5)))


def haggled(case: Case) -> Moments:
    """Declined, with a manager asked for; the second offer is better."""
    yield from as_far_as_a_finding(case, Fault.PARTLY)
    case.fair //= 2
    yield from offer(case)
    yield case.home(0.5, 3)
    if case.state == State.OFFERED:
        bargains.decline(case, wants_manager=case.chance(0.5))
    case.fair *= 2
    yield from offer(case)
    yield from accept_and_be_paid(case)
    yield from part(case, score=case.rng.choice((2, 3, 4)))


def improved(case: Case) -> Moments:
    """Approved, and taken back before it went: a second receipt came in."""
    yield from as_far_as_a_finding(case, Fault.YES)
    yield from agree_inside(case)
    if case.state == State.APPROVED:
        bargains.take_back(case)
    case.fair += 40
    yield from offer(case)
    yield from accept_and_be_paid(case)
    yield from part(case, score=5)


def withdrawn(case: Case) -> Moments:
    yield from arrive(case)
    yield from take(case)
    if case.chance(0.5):
        yield case.desk(1, 4)
        deeds.ask(case)
    yield case.home(0.3, 4)
    deeds.withdraw(case)


def merged(case: Case) -> Moments:
    """Written on Monday, rung on Tuesday: two files about one matter."""
    yield from arrive(case)
    yield from take(case)
    yield case.desk(2, 9)
    second = register(_second_telling(case), by=case.firm.handlers[-1], now=case.now)
    yield case.desk(0.5, 5)
    reason = "The same booking and the same matter, told by telephone."
    actions.merge(second, into=case.complaint, reason=reason, by=case.handler, now=case.now)
    yield from inquire(case)
    yield from look_into(case, ours(case))
    yield from offer(case)
    yield from accept_and_be_paid(case)
    yield from part(case, score=4)


def _second_telling(case: Case) -> Telling:
    return Telling(
        token=f"demonstration-{case.rng.getrandbits(64):x}",
        customer=case.customer,
        title=f"Rang about booking {case.slots['booking']}",
        words=f"I wrote to you already and want to be sure that it has come. {case.say(*case.incident.telling)}",
        channel=Channel.PHONE,
        received_at=case.now - timedelta(minutes=12),
        category=case.firm.categories[case.incident.category],
    )


def not_right_after_all(case: Case) -> Moments:
    """Our letter said done, and it was not: reopened by the follow-up, put right in a second round."""
    yield from as_far_as_a_finding(case, Fault.YES)
    yield from offer(case)
    yield from accept_and_be_paid(case)
    yield case.home(8, 11)
    if case.state == State.ANSWERED:
        bargains.answer_follow_up(case, satisfied=False)
    yield from make_good(case, score=3)


def unhappy_survey(case: Case) -> Moments:
    """Closed, and then two of five, and something still open."""
    yield from as_far_as_a_finding(case, Fault.PARTLY)
    yield from offer(case)
    yield from accept_and_be_paid(case)
    yield from part(case, score=case.rng.choice((1, 2)), still_open=case.chance(0.7))
    yield from make_good(case, score=3)


def make_good(case: Case, *, score: int) -> Moments:
    """Taken up again: what was left open is done by telephone, at once."""
    yield case.desk(3, 16)
    if case.state == State.INVESTIGATING:
        bargains.settle(case)
        yield from part(case, score=score)


def came_back_later(case: Case) -> Moments:
    """Months after a closed file the same thing again: a new complaint that follows the old one."""
    yield from settled_at_once(case)
    yield from wait_for(case, lambda: case.state == State.CLOSED)
    yield case.home(5, 25)
    old = case.file
    again = actions.Opening(
        customer=case.customer,
        title=f"It has happened again: {case.say(case.incident.title)}"[:200],
        words=case.say(*words.STILL_WRONG) + " " + case.say(*case.incident.telling),
        channel=Channel.EMAIL,
        received_at=case.now,
        category=old.category,
        desired_outcome=old.desired_outcome,
        follows=old,
        by=case.handler,
    )
    case.complaint = actions.open_complaint(again, now=case.now)
    yield from until_thanked(case)
    yield from take(case)
    yield from make_good(case, score=2)


def given_no_answer(case: Case) -> Moments:
    """An offer to which nobody said anything: it lapses, and we begin again."""
    yield from as_far_as_a_finding(case, ours(case))
    yield from offer(case)
    yield from wait_for(case, lambda: case.state != State.OFFERED)
    yield case.desk(3, 12)
    if case.state == State.INVESTIGATING:
        yield from offer(case)
        yield from accept_and_be_paid(case)
        yield from part(case, score=4)
