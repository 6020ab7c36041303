"""Many people at once: one winner, one payout, and everybody else told so in words."""

import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction

from complaints.mailroom.signals import Outcome
from complaints.resolution import actions
from complaints.resolution.actions import numbering
from complaints.resolution.exceptions import Refused
from complaints.resolution.models import (
    Complaint,
    Entry,
    Fulfilment,
    Message,
    MessageKind,
    Move,
    Offer,
    OfferState,
)
from tests import factories
from tests.factories import LETTER, NOW, terms

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
LATER = NOW + timedelta(days=1)
AT_ONCE = 8


def all_at_once(deeds: Iterable[Callable[[], object]]) -> Counter[str]:
    """Run the deeds in threads that start together; count what each came to: "done", or its refusal's name."""
    deeds = list(deeds)
    start = Barrier(AT_ONCE)

    def attempt(share: list[Callable[[], object]]) -> list[str]:
        try:
            start.wait(timeout=30)
            return [outcome_of(deed) for deed in share]
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as people:
        shares = people.map(attempt, [deeds[number::AT_ONCE] for number in range(AT_ONCE)])
        return Counter(outcome for share in shares for outcome in share)


def outcome_of(deed: Callable[[], object]) -> str:
    try:
        deed()
    except Refused as refusal:
        return type(refusal).__name__
    return "done"


def test_sec_61_a_thousand_approvals_of_the_same_offers_have_one_winner_each_and_one_payout() -> None:
    handler = factories.handler_user()
    approvers = [factories.supervisor_user() for _ in range(AT_ONCE)]
    complaints = [factories.referred(by=handler, amount=500) for _ in range(10)]
    seals = {complaint.pk: factories.live_offer(complaint).seal for complaint in complaints}

    def approve(complaint: Complaint, by: User) -> Callable[[], object]:
        return lambda: actions.approve(complaint, seal=seals[complaint.pk], by=by, now=LATER)

    outcomes = all_at_once(
        approve(complaint, approvers[round_ % AT_ONCE]) for round_ in range(100) for complaint in complaints
    )

    assert outcomes == {"done": 10, "NotPossibleNow": 990}
    assert Entry.objects.filter(move=Move.APPROVE).count() == 10
    assert Offer.objects.filter(state=OfferState.APPROVED).count() == 10

    lines = [_accepted_line(complaint, handler) for complaint in complaints]
    payers = [factories.handler_user() for _ in range(AT_ONCE)]
    paid = all_at_once(
        lambda line=line, by=payers[round_ % AT_ONCE]: actions.complete_line(
            line, proof="Paid", by=by, now=LATER
        )  # type: ignore[misc]
        for round_ in range(20)
        for line in lines
    )
    assert paid == {"done": 10, "AlreadyDone": 190}
    assert Fulfilment.objects.count() == 10


def _accepted_line(complaint: Complaint, handler: User) -> object:
    actions.offer(complaint, letter=LETTER, by=handler, now=LATER)
    return actions.accept(complaint, spoken="Yes.", by=handler, now=LATER).lines.get()


def test_sec_21_two_tabs_cannot_grant_past_the_customers_ceiling() -> None:
    factories.limit("Handler", 100, 150)
    handler = factories.handler_user()
    customer = factories.CustomerFactory()
    complaints = [factories.ready_to_offer(by=handler, customer=customer) for _ in range(AT_ONCE)]

    outcomes = all_at_once(
        lambda complaint=complaint: actions.propose(
            complaint, terms=terms(100, now=LATER), by=handler, now=LATER
        )  # type: ignore[misc]
        for complaint in complaints
    )

    assert outcomes == {"done": 1, "OverLimit": AT_ONCE - 1}


def test_references_are_unique_under_fifty_parallel_openings() -> None:
    customer = factories.CustomerFactory()

    outcomes = all_at_once(lambda: factories.received(customer=customer) for _ in range(50))

    assert outcomes == {"done": 50}
    assert Complaint.objects.values("reference").distinct().count() == 50
    assert numbering.references_for([NOW])[0][4:10] == "000051"


def test_taking_next_gives_each_of_many_handlers_a_different_complaint() -> None:
    customer = factories.CustomerFactory()
    for _ in range(40):
        factories.received(customer=customer)
    handlers = [factories.handler_user() for _ in range(40)]

    outcomes = all_at_once(lambda by=by: actions.take_next(by=by, now=LATER) for by in handlers)  # type: ignore[misc]

    assert outcomes == {"done": 40}
    assert Complaint.objects.filter(handler__isnull=False).values("handler").distinct().count() == 40


def test_one_customer_of_an_address_however_many_forms_arrive_at_once() -> None:
    found = all_at_once(
        lambda: actions.find_or_make_customer(actions.Person("Aiko Tanaka", "Aiko@Example.com"), now=NOW)
        for _ in range(AT_ONCE)
    )
    assert found == {"done": AT_ONCE}


@pytest.mark.parametrize("outcome", [Outcome.SENT, Outcome.FAILED])
def test_letters_that_leave_and_a_colleague_who_holds_their_complaints_never_wait_for_each_other(
    outcome: Outcome,
) -> None:
    first, last = factories.received(), factories.received()
    letters = [an_update(last), an_update(first)]
    held = Event()

    def hold_both() -> None:
        with transaction.atomic():
            actions.lock_all([first.pk])
            held.set()
            time.sleep(0.3)
            actions.lock_all([last.pk])

    def leave() -> None:
        held.wait(timeout=30)
        actions.letters_ended(letters, outcome=outcome, now=LATER)

    with ThreadPoolExecutor(2) as people:
        for ended in [people.submit(closing, deed) for deed in (hold_both, leave)]:
            ended.result()
    assert Entry.objects.filter(facts__message__in=[letter.pk for letter in letters], at=LATER).count() == 2


def an_update(complaint: Complaint) -> Message:
    return actions.send_letter(
        complaint, kind=MessageKind.UPDATE, letter=LETTER, by=factories.handler_user(), now=NOW
    )


def closing(deed: Callable[[], object]) -> None:
    try:
        deed()
    finally:
        connection.close()
