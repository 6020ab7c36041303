"""Stories that break off: the complaint stays where it is, for the newcomer to take up."""

from complaints.desk.demonstration import bargains, deeds
from complaints.desk.demonstration.case import Case
from complaints.desk.demonstration.rounds import put_up
from complaints.desk.demonstration.stretches import (
    Moments,
    agree_inside,
    arrive,
    as_far_as_a_finding,
    inquire,
    look_into,
    offer,
    ours,
    refuse_kindly,
    take,
    wait_for,
)
from complaints.resolution.models import Fault, MessageKind, State


def just_in(case: Case) -> Moments:
    deeds.complain(case)
    yield case.now


def thanked(case: Case) -> Moments:
    yield from arrive(case)


def in_hand(case: Case) -> Moments:
    yield from arrive(case)
    yield from take(case)
    yield case.desk(1, 5)
    deeds.aside(case)


def found(case: Case) -> Moments:
    yield from as_far_as_a_finding(case, ours(case))


def waiting(case: Case) -> Moments:
    yield from arrive(case)
    yield from take(case)
    yield case.desk(1, 4)
    deeds.ask(case)


def referred(case: Case) -> Moments:
    """Above the handler's authority, and nobody has looked yet."""
    case.fair = 5 * case.rng.randint(52, case.incident.high // 5)
    yield from as_far_as_a_finding(case, Fault.YES)
    yield case.desk(0.5, 3)
    case.firm.left_to_the_newcomer.add(case.pk)
    bargains.put_forward(case)


def approved(case: Case) -> Moments:
    yield from as_far_as_a_finding(case, Fault.YES)
    case.fair = min(case.fair, 120)
    yield from agree_inside(case)


def offered(case: Case) -> Moments:
    yield from as_far_as_a_finding(case, ours(case))
    case.fair = min(case.fair, 140)
    yield from offer(case)


def fulfilling(case: Case) -> Moments:
    yield from offered(case)
    yield case.home(0.2, 2)
    if case.state == State.OFFERED:
        bargains.accept(case)


def unchecked(case: Case) -> Moments:
    """Paid, and a second pair of eyes is wanted."""
    case.fair = 5 * case.rng.randint(90, case.incident.high // 5)
    yield from as_far_as_a_finding(case, Fault.YES)
    yield from offer(case)
    yield case.home(0.2, 1)
    if case.state == State.OFFERED:
        bargains.accept(case)
        yield case.desk(1, 6)
        bargains.do_lines(case)


def answered(case: Case) -> Moments:
    if case.chance(0.5):
        yield from fulfilling(case)
        yield case.desk(1, 5)
        if bargains.do_lines(case):
            bargains.check(case)
        bargains.tell_outcome(case)
    else:
        yield from as_far_as_a_finding(case, Fault.NO)
        yield from refuse_kindly(case)


def forgotten(case: Case) -> Moments:
    """Thanked, taken in hand, and then nothing: the house raises it by itself."""
    yield from arrive(case)
    case.firm.forgotten.add(case.pk)
    if case.chance(0.6):
        yield from take(case)


def stuck(case: Case) -> Moments:
    """Declined twice, and a manager is asked for."""
    yield from as_far_as_a_finding(case, Fault.PARTLY)
    for wants_manager in (False, True):
        case.fair = min(case.fair, 150)
        yield from offer(case)
        yield case.home(0.3, 1)
        if case.state == State.OFFERED:
            bargains.decline(case, wants_manager=wants_manager)


def asked_for_a_manager(case: Case) -> Moments:
    yield from in_hand(case)
    yield case.home(0.2, 1)
    case.firm.left_to_the_newcomer.add(case.pk)
    deeds.ask_for_a_manager(case)


def raised(case: Case) -> Moments:
    """The handler does not know further and asks, with what was tried; wanted by the end of the day."""
    yield from in_hand(case)
    yield case.desk(1, 4)
    put_up(case.file, case.rng, until=case.calendar.day_end(case.calendar.day_of(case.now)), now=case.now)


def hidden(case: Case) -> Moments:
    """Other people's data stands in it: only those named may see it."""
    yield from arrive(case)
    yield from take(case)
    deeds.hide(case, confidants=[case.handler, case.firm.manager])
    yield from inquire(case)
    yield from look_into(case, Fault.YES)


def came_back_undelivered(case: Case) -> Moments:
    deeds.complain(case)
    yield from wait_for(
        case, lambda: case.complaint.messages.filter(kind=MessageKind.ACKNOWLEDGEMENT).exists()
    )
