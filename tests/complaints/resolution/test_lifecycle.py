"""The whole matrix: every state by every move by every role. A new state, move or role fails here until it is considered."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from complaints.resolution import actions
from complaints.resolution.actors import Actor, System
from complaints.resolution.exceptions import NotPermitted, NotPossibleNow, NotVisible, Refused
from complaints.resolution.models import OPEN_STATES, Complaint, Entry, Move, Outcome, State
from tests import factories
from tests.factories import LETTER, NOW, TRIED, terms

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=60)

#: The lifecycle as agreed, written out once more by hand: what may follow what.
GRAPH: dict[Move, tuple[set[State], State]] = {
    Move.ACKNOWLEDGE: ({State.RECEIVED}, State.ACKNOWLEDGED),
    Move.INVESTIGATE: ({State.ACKNOWLEDGED}, State.INVESTIGATING),
    Move.ASK: ({State.INVESTIGATING}, State.WAITING),
    Move.HEAR: ({State.WAITING}, State.INVESTIGATING),
    Move.PROPOSE: ({State.INVESTIGATING}, State.APPROVED),
    Move.REFER: ({State.INVESTIGATING}, State.REFERRED),
    Move.APPROVE: ({State.REFERRED}, State.APPROVED),
    Move.REFUSE: ({State.REFERRED}, State.INVESTIGATING),
    Move.REVISE: ({State.APPROVED}, State.INVESTIGATING),
    Move.OFFER: ({State.APPROVED}, State.OFFERED),
    Move.ACCEPT: ({State.OFFERED}, State.FULFILLING),
    Move.DECLINE: ({State.OFFERED}, State.INVESTIGATING),
    Move.LAPSE: ({State.OFFERED}, State.INVESTIGATING),
    Move.FULFIL: ({State.FULFILLING}, State.ANSWERED),
    Move.RESPOND: ({State.INVESTIGATING}, State.ANSWERED),
    Move.SETTLE: ({State.RECEIVED, State.ACKNOWLEDGED, State.INVESTIGATING}, State.ANSWERED),
    Move.CLOSE: ({State.ANSWERED}, State.CLOSED),
    Move.REOPEN: ({State.ANSWERED, State.CLOSED}, State.INVESTIGATING),
    Move.WITHDRAW: (set(OPEN_STATES), State.WITHDRAWN),
    Move.MERGE: (set(OPEN_STATES), State.MERGED),
}
WORK = set(Move) - {Move.APPROVE, Move.REFUSE, Move.LAPSE}
ROLES: dict[str, set[Move]] = {
    "handler": WORK,
    "supervisor": WORK | {Move.APPROVE, Move.REFUSE},
    "manager": WORK | {Move.APPROVE, Move.REFUSE},
    "quality": set(),
    "clerk": set(),
    "customer": {Move.HEAR, Move.ACCEPT, Move.DECLINE, Move.WITHDRAW},
    "stranger": set(),
    "house": {Move.ACKNOWLEDGE, Move.LAPSE, Move.CLOSE, Move.REOPEN},
}


def withdrawn() -> Complaint:
    complaint = factories.received()
    return actions.withdraw(complaint, words="Never mind.", by=factories.handler_user(), now=NOW)


def merged() -> Complaint:
    complaint = factories.received()
    other = factories.received(customer=complaint.customer)
    return actions.merge(complaint, into=other, reason="The same.", by=factories.handler_user(), now=NOW)


STAGES: dict[State, Callable[[], Complaint]] = {
    State.RECEIVED: factories.received,
    State.ACKNOWLEDGED: factories.acknowledged,
    State.INVESTIGATING: factories.ready_to_offer,
    State.WAITING: factories.waiting,
    State.REFERRED: factories.referred,
    State.APPROVED: factories.approved,
    State.OFFERED: factories.offered,
    State.FULFILLING: factories.fulfilling,
    State.ANSWERED: factories.documented,
    State.CLOSED: factories.closed,
    State.WITHDRAWN: withdrawn,
    State.MERGED: merged,
}


def actor(role: str, complaint: Complaint) -> Actor:
    staff: dict[str, Callable[[], User]] = {
        "handler": factories.handler_user,
        "supervisor": factories.supervisor_user,
        "manager": factories.manager_user,
        "quality": factories.quality_user,
        "clerk": factories.UserFactory,
    }
    if role in staff:
        return staff[role]()
    if role == "customer":
        assert complaint.customer is not None
        return complaint.customer
    return factories.CustomerFactory() if role == "stranger" else System.CLOCK


def make(move: Move, complaint: Complaint, by: Actor) -> object:
    """Make the move with all its facts in order, so that only role and graph can stand in the way."""
    deeds: dict[Move, Callable[[], Any]] = {
        Move.ACKNOWLEDGE: lambda: acknowledge(complaint, by),
        Move.INVESTIGATE: lambda: actions.investigate(complaint, by=by, now=LATER),
        Move.ASK: lambda: actions.ask(
            complaint,
            questions=["When?"],
            letter=LETTER,
            answer_by=LATER + timedelta(days=3),
            by=by,
            now=LATER,
        ),
        Move.HEAR: lambda: actions.hear(
            complaint, answers={q.pk: "Then." for q in complaint.questions.all()}, by=by, now=LATER
        ),
        Move.PROPOSE: lambda: actions.propose(complaint, terms=terms(100, now=LATER), by=by, now=LATER),
        Move.REFER: lambda: actions.refer(
            complaint, tried=TRIED, terms=terms(500, now=LATER), by=by, now=LATER
        ),
        Move.APPROVE: lambda: actions.approve(complaint, seal=seal_of(complaint), by=by, now=LATER),
        Move.REFUSE: lambda: actions.refuse(complaint, reason="Too much.", by=by, now=LATER),
        Move.REVISE: lambda: actions.revise(complaint, reason="Wrong amount.", by=by, now=LATER),
        Move.OFFER: lambda: actions.offer(complaint, letter=LETTER, by=by, now=NOW + timedelta(days=1)),
        Move.ACCEPT: lambda: actions.accept(complaint, spoken="Yes.", by=by, now=NOW + timedelta(days=1)),
        Move.DECLINE: lambda: actions.decline(
            complaint, reason="Not enough.", by=by, now=NOW + timedelta(days=1)
        ),
        Move.LAPSE: lambda: actions.lapse(complaint, by=by, now=LATER),
        Move.FULFIL: lambda: fulfil(complaint, by),
        Move.RESPOND: lambda: actions.respond(
            complaint, outcome=Outcome.NOT_UPHELD, letter=LETTER, by=by, now=LATER
        ),
        Move.SETTLE: lambda: actions.settle(
            complaint, lines=[], acceptance="Fine.", proof="Apologised.", letter=LETTER, by=by, now=LATER
        ),
        Move.CLOSE: lambda: actions.close(complaint, by=by, now=LATER),
        Move.REOPEN: lambda: actions.reopen(complaint, reason="Not right yet.", by=by, now=LATER),
        Move.WITHDRAW: lambda: actions.withdraw(complaint, words="Never mind.", by=by, now=LATER),
        Move.MERGE: lambda: actions.merge(
            complaint,
            into=factories.received(customer=complaint.customer),
            reason="The same.",
            by=by,
            now=LATER,
        ),
    }
    return deeds[move]()


def acknowledge(complaint: Complaint, by: Actor) -> Complaint:
    spoken = "Thanked, told the dates."
    return actions.acknowledge(complaint, spoken=spoken, by=by, now=LATER)


def seal_of(complaint: Complaint) -> str:
    offer = complaint.offers.last()
    return offer.seal if offer else ""


def fulfil(complaint: Complaint, by: Actor) -> object:
    """The lines are done by a colleague beforehand: the question is who may tell the outcome."""
    colleague = factories.handler_user()
    for offer in complaint.offers.filter(state="accepted"):
        for line in offer.lines.all():
            actions.complete_line(line, proof="Paid", by=colleague, now=LATER)
    return actions.fulfil(complaint, letter=LETTER, by=by, now=LATER)


def attempt(move: Move, complaint: Complaint, by: Actor) -> str:
    """The state reached, or the name of the refusal; everything is undone again."""
    point = transaction.savepoint()
    try:
        make(move, complaint, by)
        return str(Complaint.objects.get(pk=complaint.pk).state)
    except Refused as refusal:
        return type(refusal).__name__
    finally:
        transaction.savepoint_rollback(point)


def expected(state: State, move: Move, role: str) -> str:
    sources, target = GRAPH[move]
    if role in ("clerk", "stranger"):
        return NotVisible.__name__
    if move not in ROLES[role]:
        return NotPermitted.__name__
    return str(target) if state in sources else NotPossibleNow.__name__


@pytest.mark.parametrize("state", State)
def test_every_move_from_every_state_by_every_role(state: State) -> None:
    complaint = STAGES[state]()
    assert complaint.state == state
    actors = {role: actor(role, complaint) for role in ROLES}

    reached = {(role, move): attempt(move, complaint, by) for role, by in actors.items() for move in Move}

    assert reached == {(role, move): expected(state, move, role) for role in ROLES for move in Move}


def test_the_agreed_graph_names_every_state_and_every_move() -> None:
    assert set(GRAPH) == set(Move)
    assert set(STAGES) == set(State)
    assert {state for sources, target in GRAPH.values() for state in (*sources, target)} == set(State)


def test_there_is_no_way_from_received_to_a_refusal_nor_from_a_declined_offer_to_closed() -> None:
    from_received = {target for sources, target in GRAPH.values() if State.RECEIVED in sources}
    assert State.CLOSED not in from_received
    assert GRAPH[Move.DECLINE][1] == State.INVESTIGATING


def test_the_state_cannot_be_written_past_the_graph() -> None:
    complaint = factories.received()
    with pytest.raises(AttributeError):
        complaint.state = State.CLOSED
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(state="forgotten")


def test_every_move_leaves_one_entry_with_both_states_and_the_mover() -> None:
    handler = factories.handler_user(first_name="Jana", last_name="Weiss")
    complaint = factories.investigating(by=handler)

    entry = Entry.objects.filter(complaint=complaint).moves().last()

    assert entry is not None
    assert (entry.move, entry.from_state, entry.to_state) == ("investigate", "acknowledged", "investigating")
    assert (entry.actor, entry.actor_name) == (handler, "Jana Weiss")
