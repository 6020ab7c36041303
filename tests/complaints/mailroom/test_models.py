from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from complaints.mailroom.models import GRAPH, PENDING, Lane, OutgoingMail, State
from tests.complaints.mailroom.post_office import NOW, a_letter, again

pytestmark = pytest.mark.django_db

ALLOWED = {
    (State.QUEUED, State.SENDING), (State.QUEUED, State.CANCELLED), (State.QUEUED, State.SENT),
    (State.SENDING, State.QUEUED), (State.SENDING, State.SENT), (State.SENDING, State.FAILED),
    (State.SENDING, State.CANCELLED), (State.SENDING, State.AMBIGUOUS),
    (State.AMBIGUOUS, State.QUEUED), (State.AMBIGUOUS, State.SENT), (State.AMBIGUOUS, State.BOUNCED),
    (State.QUEUED, State.AMBIGUOUS), (State.QUEUED, State.BOUNCED), (State.SENDING, State.BOUNCED),
    (State.SENT, State.BOUNCED), (State.BOUNCED, State.QUEUED), (State.FAILED, State.QUEUED),
}  # fmt: skip


def in_state(state: State) -> OutgoingMail:
    mail = a_letter()
    fields: dict[str, Any] = {"state": state, "due_at": NOW if state in PENDING else None}
    fields |= {"lease_until": NOW} if state is State.SENDING else {}
    fields |= {"sent_at": NOW} if state is State.SENT else {}
    OutgoingMail.objects.filter(pk=mail.pk).update(**fields)
    return again(mail)


def brings(to: State) -> dict[str, Any]:
    return {
        State.QUEUED: {"due_at": NOW},
        State.SENDING: {"lease_until": NOW},
        State.SENT: {"sent_at": NOW},
    }.get(to, {})


@pytest.mark.parametrize(("source", "to"), list(product(State, State)))
def test_states_move_only_along_the_graph(source: State, to: State) -> None:
    mail = in_state(source)
    moved = OutgoingMail.objects.filter(pk=mail.pk).shift(to, **brings(to))
    assert bool(moved) is ((source, to) in ALLOWED)
    assert again(mail).state == (to if moved else source)


def test_the_graph_knows_every_state() -> None:
    assert set(GRAPH) == set(State)


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "lost"},
        {"due_at": None},
        {"state": State.SENDING},
        {"lease_until": NOW},
        {"state": State.FAILED},
        {"state": State.SENT, "due_at": None},
        {"to": ""},
        {"dedupe_key": ""},
    ],
)
def test_the_database_forbids_what_cannot_be(wrong: dict[str, Any]) -> None:
    mail = a_letter()
    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingMail.objects.filter(pk=mail.pk).update(**wrong)


def test_there_is_one_lane() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Lane.objects.create(name="another")


@pytest.mark.parametrize(("rows", "index"), [("due", "mailroom_due"), ("abandoned", "mailroom_lease")])
def test_what_is_asked_every_second_is_asked_of_an_index(rows: str, index: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off"
            )  # the table is empty
    assert index in getattr(OutgoingMail.objects, rows)(NOW).order_by("due_at").explain()
