"""The stretches a story is put together from; each yields the moment of its next deed."""

from collections.abc import Callable, Iterator
from datetime import datetime

from complaints.desk.demonstration import bargains, deeds
from complaints.desk.demonstration.case import Case
from complaints.resolution.models import Fault, Outcome, State

Moments = Iterator[datetime]
Story = Callable[[Case], Moments]
#: What is left of a proposal each time a superior finds it too much.
LESS_EACH_TIME = (1.0, 0.6, 0.3)
PATIENCE = 30


def ours(case: Case) -> Fault:
    return Fault.YES if case.chance(0.75) else Fault.PARTLY


def arrive(case: Case) -> Moments:
    deeds.complain(case)
    yield from until_thanked(case)


def until_thanked(case: Case) -> Moments:
    while case.state == State.RECEIVED:
        yield case.desk(0.8, 2.5)
        if case.state == State.RECEIVED:
            deeds.see_to_thanks(case)


def take(case: Case) -> Moments:
    yield case.desk(0.5, 7)
    deeds.take(case)


def inquire(case: Case) -> Moments:
    yield case.desk(0.7, 5)
    if case.chance(0.15):
        deeds.waive(case)
        return
    deeds.ask(case)
    yield case.home(0.2, 3.5)
    deeds.hear(case)


def look_into(case: Case, fault: Fault) -> Moments:
    if case.chance(0.6):
        yield case.desk(1, 6)
        deeds.aside(case)
    if case.chance(0.25) and case.person.email:
        yield case.home(0.1, 1)
        deeds.write_again(case)
    yield case.desk(2, 20)
    deeds.find(case, fault)


def as_far_as_a_finding(case: Case, fault: Fault) -> Moments:
    yield from arrive(case)
    yield from take(case)
    yield from inquire(case)
    yield from look_into(case, fault)


def agree_inside(case: Case) -> Moments:
    """Put forward, smaller each time it is refused, until it may be sent."""
    for share in LESS_EACH_TIME:
        yield case.desk(0.5, 4)
        bargains.put_forward(case, share)
        while case.state == State.REFERRED:
            yield case.desk(2, 4)
        if case.state == State.APPROVED:
            return


def offer(case: Case) -> Moments:
    yield from agree_inside(case)
    yield case.desk(0.3, 3)
    if case.state == State.APPROVED:
        bargains.send_offer(case)


def keep_promise(case: Case) -> Moments:
    yield case.desk(2, 14)
    if bargains.do_lines(case):
        yield case.desk(1, 5)
        bargains.check(case)
    yield case.desk(0.5, 3)
    bargains.tell_outcome(case)


def accept_and_be_paid(case: Case) -> Moments:
    yield case.home(0.3, 5)
    if case.state == State.OFFERED:
        bargains.accept(case)
        yield from keep_promise(case)


def refuse_kindly(case: Case) -> Moments:
    yield case.desk(1, 6)
    deeds.respond(case, Outcome.NOT_UPHELD)


def part(case: Case, *, score: int, still_open: bool = False) -> Moments:
    """The follow-up, the closing and the survey. Some say how it is; of the others the time runs out."""
    yield from say_whether_it_is_right(case)
    yield from wait_for(case, lambda: case.state == State.CLOSED)
    if case.state == State.CLOSED and (still_open or case.chance(0.62)):
        yield from wait_for(case, lambda: bargains.was_surveyed(case))
        yield case.home(0.2, 5)
        if case.state == State.CLOSED and bargains.was_surveyed(case):
            bargains.answer_survey(case, score, still_open=still_open)


def say_whether_it_is_right(case: Case) -> Moments:
    yield case.home(9, 12)
    if case.state == State.ANSWERED and case.person.email and case.chance(0.5):
        bargains.answer_follow_up(case, satisfied=True)


def wait_for(case: Case, come: Callable[[], bool]) -> Moments:
    for _ in range(PATIENCE):
        if come():
            return
        yield case.home(1.5, 2.5)
