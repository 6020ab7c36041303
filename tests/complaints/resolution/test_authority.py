"""No money moves without authority."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from djmoney.money import Money

from complaints.resolution import actions, authority
from complaints.resolution.actions import Line, Terms
from complaints.resolution.exceptions import (
    AlreadyDone,
    CheckNeeded,
    MixedCurrencies,
    NoAuthority,
    NotPermitted,
    NotPossibleNow,
    OverLimit,
    OwnCheck,
    OwnProposal,
    SealBroken,
    VagueOffer,
)
from complaints.resolution.models import (
    Complaint,
    Fulfilment,
    Offer,
    OfferLine,
    OfferState,
    RemedyKind,
    State,
)
from tests import factories
from tests.factories import LETTER, NOW, TRIED, terms

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def handler() -> User:
    factories.limit("Handler", "100.00", "150.00", window_days=30)
    return factories.handler_user()


def grant(complaint: Complaint, amount: str, by: User) -> Offer:
    """Put an amount forward, see it through to the end and take the complaint up again for the next."""
    offer = actions.put_forward(complaint, tried=TRIED, terms=terms(amount, now=LATER), by=by, now=LATER)
    if offer.state == OfferState.APPROVED:
        actions.revise(complaint, reason="Next", by=by, now=LATER)
    return offer


@pytest.mark.parametrize(
    ("amount", "state"), [("100.00", OfferState.APPROVED), ("100.01", OfferState.REFERRED)]
)
def test_sec_21_an_offer_up_to_the_ceiling_is_approved_and_a_penny_above_is_referred(
    handler: User, amount: str, state: OfferState
) -> None:
    complaint = factories.ready_to_offer(by=handler)
    assert (
        actions.put_forward(complaint, tried=TRIED, terms=terms(amount), by=handler, now=LATER).state == state
    )


def test_sec_21_a_large_sum_cannot_be_split_into_lines(handler: User) -> None:
    complaint = factories.ready_to_offer(by=handler)
    offer = actions.put_forward(complaint, tried=TRIED, terms=terms(50, 50, "0.01"), by=handler, now=LATER)
    assert offer.state == OfferState.REFERRED


def test_sec_21_what_was_granted_before_on_the_complaint_counts(handler: User) -> None:
    complaint = settled_once(factories.ready_to_offer(by=handler), "60", handler)

    assert authority.room_left(handler, complaint, "GBP", now=LATER) == Decimal(40)
    assert (
        actions.put_forward(
            complaint, tried=TRIED, terms=terms("40.01", now=LATER), by=handler, now=LATER
        ).state
        == "referred"
    )


def test_sec_21_what_was_granted_to_the_customer_elsewhere_counts_within_the_window(handler: User) -> None:
    first = factories.ready_to_offer(by=handler)
    settled_once(first, "100", handler)
    second = factories.ready_to_offer(by=handler, customer=first.customer)

    assert authority.room_left(handler, second, "GBP", now=LATER) == Decimal(50)
    assert authority.room_left(handler, second, "GBP", now=LATER + timedelta(days=31)) == Decimal(100)
    with pytest.raises(OverLimit):
        actions.propose(second, terms=terms("50.01", now=LATER), by=handler, now=LATER)


def settled_once(complaint: Complaint, amount: str, by: User) -> Complaint:
    """Grant an amount, do it, and take the complaint up again."""
    actions.propose(complaint, terms=terms(amount, now=LATER), by=by, now=LATER)
    actions.offer(complaint, letter=LETTER, by=by, now=LATER)
    offer = actions.accept(complaint, spoken="Yes.", by=by, now=LATER)
    for line in offer.lines.all():
        actions.complete_line(line, proof="Paid", by=by, now=LATER)
    actions.fulfil(complaint, letter=LETTER, by=by, now=LATER)
    return actions.reopen(complaint, reason="More came up.", by=by, now=LATER)


@pytest.mark.parametrize("amount", ["-1", "0", "0.001", "NaN", "Infinity"])
def test_sec_21_an_amount_is_positive_finite_and_in_whole_pennies(handler: User, amount: str) -> None:
    complaint = factories.ready_to_offer(by=handler)
    with pytest.raises(VagueOffer):
        actions.put_forward(complaint, tried=TRIED, terms=terms(amount), by=handler, now=LATER)
    assert not Offer.objects.exists()


def test_sec_21_an_amount_in_powers_of_ten_is_the_amount_it_means(handler: User) -> None:
    complaint = factories.ready_to_offer(by=handler)
    offer = actions.put_forward(complaint, tried=TRIED, terms=terms("1e2"), by=handler, now=LATER)
    assert offer.lines.get().amount == Money("100.00", "GBP")


def test_sec_21_another_currency_needs_its_own_limit(handler: User) -> None:
    complaint = factories.ready_to_offer(by=handler)
    with pytest.raises(NoAuthority):
        actions.propose(complaint, terms=terms(1, currency="EUR"), by=handler, now=LATER)


def test_one_offer_has_one_currency(handler: User) -> None:
    complaint = factories.ready_to_offer(by=handler)
    both = Terms(
        lines=[*terms(1).lines, *terms(1, currency="EUR").lines],
        open_until=LATER + timedelta(days=5),
        follow_up_on=LATER.date(),
    )
    with pytest.raises(MixedCurrencies):
        actions.refer(complaint, tried=TRIED, terms=both, by=handler, now=LATER)


def test_a_superuser_without_a_limit_grants_nothing() -> None:
    complaint = factories.ready_to_offer()
    administrator = factories.UserFactory(is_superuser=True)
    with pytest.raises(NoAuthority):
        actions.propose(complaint, terms=terms(1), by=administrator, now=LATER)


def test_an_apology_needs_no_authority_over_money() -> None:
    complaint = factories.ready_to_offer(by=factories.user_in("Trainees", factories.HANDLER))
    trainee = factories.user_in("Trainees", factories.HANDLER)
    assert (
        actions.put_forward(complaint, tried=TRIED, terms=terms(), by=trainee, now=LATER).state
        == OfferState.APPROVED
    )


def test_a_limit_for_one_remedy_does_not_open_another(handler: User) -> None:
    factories.limit("Handler", 500, kind=RemedyKind.REFUND)
    complaint = factories.ready_to_offer(by=handler)
    due = (LATER + timedelta(days=5)).date()
    goodwill = [Line(kind=RemedyKind.GOODWILL, amount=Money(101, "GBP"), due_on=due)]

    assert authority.room_left(handler, complaint, "GBP", now=LATER, kind=RemedyKind.REFUND) == 500
    offer = actions.put_forward(
        complaint,
        tried=TRIED,
        terms=Terms(lines=goodwill, open_until=LATER + timedelta(days=5), follow_up_on=due),
        by=handler,
        now=LATER,
    )
    assert offer.state == OfferState.REFERRED


def test_a_handler_may_defer_to_a_superior_within_own_authority(handler: User) -> None:
    complaint = factories.ready_to_offer(by=handler)
    offer = actions.put_forward(complaint, tried=TRIED, terms=terms(10), by=handler, now=LATER, defer=True)
    assert offer.state == OfferState.REFERRED


def test_sec_22_nobody_approves_their_own_proposal() -> None:
    supervisor = factories.supervisor_user()
    complaint = factories.referred(by=supervisor, amount=100)
    with pytest.raises(OwnProposal):
        actions.approve(complaint, seal=factories.live_offer(complaint).seal, by=supervisor, now=LATER)


def test_sec_22_the_database_refuses_a_self_approval_too() -> None:
    offer = factories.live_offer(factories.referred())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE resolution_offer SET approved_by_id = proposed_by_id WHERE id = %s", [offer.pk]
        )


def test_sec_22_the_database_refuses_a_grant_without_its_seal() -> None:
    offer = factories.live_offer(factories.approved())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE resolution_offer SET approved_seal = '' WHERE id = %s", [offer.pk])


def test_sec_22_an_approval_holds_for_the_offer_that_was_read_and_no_other() -> None:
    complaint = factories.referred(amount=500)
    with pytest.raises(SealBroken):
        actions.approve(complaint, seal="0" * 64, by=factories.supervisor_user(), now=LATER)


def test_sec_22_a_line_changed_behind_our_back_breaks_the_seal() -> None:
    supervisor = factories.supervisor_user()
    complaint = factories.referred(amount=500)
    offer = factories.live_offer(complaint)
    OfferLine.objects.filter(offer=offer).update(amount=900)
    with pytest.raises(SealBroken):
        actions.approve(complaint, seal=offer.seal, by=supervisor, now=LATER)

    complaint = factories.approved()
    OfferLine.objects.filter(offer=factories.live_offer(complaint)).update(amount=900)
    with pytest.raises(SealBroken):
        actions.offer(complaint, letter=LETTER, by=factories.handler_user(), now=LATER)


def test_sec_22_an_edit_is_a_new_version_that_must_earn_its_own_approval() -> None:
    handler = factories.handler_user()
    complaint = factories.approved(by=handler)
    actions.revise(complaint, reason="More is due.", by=handler, now=LATER)
    again = actions.put_forward(complaint, tried=TRIED, terms=terms(500, now=LATER), by=handler, now=LATER)

    assert again.version == 2
    assert again.state == OfferState.REFERRED
    assert again.approved_seal == ""
    assert Offer.objects.get(version=1).state == OfferState.WITHDRAWN


def test_an_approver_needs_the_authority_as_well_as_the_role() -> None:
    complaint = factories.referred(amount=1500)
    seal = factories.live_offer(complaint).seal
    with pytest.raises(OverLimit):
        actions.approve(complaint, seal=seal, by=factories.supervisor_user(), now=LATER)
    with pytest.raises(NotPermitted):
        actions.approve(complaint, seal=seal, by=factories.handler_user(), now=LATER)
    assert (
        actions.approve(complaint, seal=seal, by=factories.manager_user(), now=LATER).state
        == OfferState.APPROVED
    )


def test_the_second_approval_finds_the_matter_decided() -> None:
    complaint = factories.referred(amount=500)
    seal = factories.live_offer(complaint).seal
    actions.approve(complaint, seal=seal, by=factories.supervisor_user(), now=LATER)
    with pytest.raises(NotPossibleNow):
        actions.approve(complaint, seal=seal, by=factories.manager_user(), now=LATER)


def test_a_line_is_done_once_however_often_it_is_pressed() -> None:
    handler = factories.handler_user()
    complaint = factories.fulfilling(by=handler)
    line = factories.live_offer(complaint).lines.get()
    actions.complete_line(line, proof="Paid, ref 1", by=handler, now=LATER)
    with pytest.raises(AlreadyDone):
        actions.complete_line(line, proof="Paid, ref 2", by=handler, now=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Fulfilment.objects.create(line=line, proof="Paid, ref 3", done_by=handler, done_at=LATER)
    assert Fulfilment.objects.count() == 1


def test_a_larger_payment_is_checked_by_a_second_person_before_the_outcome_is_told() -> None:
    handler, colleague = factories.handler_user(), factories.handler_user()
    complaint = factories.referred(by=handler, amount=500)
    offer = factories.live_offer(complaint)
    actions.approve(complaint, seal=offer.seal, by=factories.supervisor_user(), now=LATER)
    actions.offer(complaint, letter=LETTER, by=handler, now=LATER)
    actions.accept(complaint, spoken="Yes.", by=handler, now=LATER)
    done = actions.complete_line(offer.lines.get(), proof="Paid", by=handler, now=LATER)

    with pytest.raises(CheckNeeded):
        actions.fulfil(complaint, letter=LETTER, by=handler, now=LATER)
    with pytest.raises(OwnCheck):
        actions.check_payment(done, by=handler, now=LATER)
    actions.check_payment(done, by=colleague, now=LATER)
    actions.fulfil(complaint, letter=LETTER, by=handler, now=LATER)

    assert Complaint.objects.get().state == State.ANSWERED


def test_settling_stays_within_authority_and_never_skips_the_second_check(handler: User) -> None:
    factories.limit("Supervisor", 5000)
    complaint = factories.received()
    due = LATER.date()

    def settle(amount: int, by: User) -> Complaint:
        lines = [Line(kind=RemedyKind.REFUND, amount=Money(amount, "GBP"), due_on=due)]
        return actions.settle(
            complaint,
            lines=lines,
            acceptance="Fine, thanks.",
            proof="Credited",
            letter=LETTER,
            by=by,
            now=LATER,
        )

    with pytest.raises(OverLimit):
        settle(101, handler)
    with pytest.raises(CheckNeeded):
        settle(300, factories.supervisor_user())
    assert not Fulfilment.objects.exists()
    assert settle(100, handler).state == State.ANSWERED
    assert Fulfilment.objects.get().amount == Money(100, "GBP")
