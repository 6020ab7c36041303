"""People, limits and complaints by the stage of their life. Stages are reached by the verbs, never by writing states."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import factory
from django.contrib.auth.models import Group, Permission, User
from djmoney.money import Money

from complaints.policies import packs
from complaints.resolution import actions
from complaints.resolution.actions import Line, Terms
from complaints.resolution.actors import System
from complaints.resolution.letters import Letter
from complaints.resolution.models import (
    AuthorityLimit,
    Basis,
    Category,
    Channel,
    Complaint,
    Customer,
    Fault,
    Offer,
    OfferState,
    Outcome,
    RemedyKind,
    RootCause,
)

#: A Monday morning in working hours.
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
#: It says all that the house's policy wants of any letter.
LETTER = Letter(
    "About your complaint",
    "Thank you for your patience. We are sorry for the trouble. You were right to complain, because we charged you "
    f"twice, and we put it right.\n\n{packs.pack('house', 1).rights_text.strip()}",
)
TRIED = "Explained and said sorry, twice."

HANDLER = ("view_complaint", "work_complaint")
SUPERVISOR = (*HANDLER, "assign_complaint", "decide_offer", "supervise_complaint")


class CustomerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Customer

    name = factory.Sequence(lambda n: f"Customer {n}")
    email = factory.Sequence(lambda n: f"customer{n}@example.com")
    address = "1 Example Street"
    postcode = "EX1 2MP"
    created_at = NOW


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category

    name = factory.Sequence(lambda n: f"Product {n}")


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"person{n}")
    first_name = factory.Sequence(lambda n: f"Given{n}")
    last_name = "Staff"
    email = factory.Sequence(lambda n: f"person{n}@firm.example")
    is_staff = True


def user_in(group_name: str, permissions: tuple[str, ...], **details: Any) -> User:
    group, _ = Group.objects.get_or_create(name=group_name)
    group.permissions.add(
        *Permission.objects.filter(codename__in=permissions, content_type__app_label="resolution")
    )
    user: User = UserFactory(**details)
    user.groups.add(group)
    return user


def handler_user(**details: Any) -> User:
    return user_in("Handler", HANDLER, **details)


def supervisor_user(**details: Any) -> User:
    return user_in("Supervisor", SUPERVISOR, **details)


def manager_user(**details: Any) -> User:
    return user_in("Manager", SUPERVISOR, **details)


def quality_user(**details: Any) -> User:
    return user_in("Quality", ("view_complaint", "export_complaint"), **details)


def limit(
    group_name: str, per_complaint: int | str, per_customer: int | str | None = None, **details: Any
) -> AuthorityLimit:
    group, _ = Group.objects.get_or_create(name=group_name)
    return AuthorityLimit.objects.create(
        group=group,
        currency=details.pop("currency", "GBP"),
        per_complaint=Decimal(per_complaint),
        per_customer=Decimal(per_customer or per_complaint),
        **details,
    )


def house_limits() -> None:
    """Handler 200, supervisor 1,000, manager 5,000 pounds a complaint; twice that a customer and year."""
    for name, ceiling in (("Handler", 200), ("Supervisor", 1000), ("Manager", 5000)):
        if not AuthorityLimit.objects.filter(group__name=name).exists():
            limit(name, ceiling, 2 * ceiling)


def received(*, now: datetime = NOW, **details: Any) -> Complaint:
    facts = {
        "customer": details.pop("customer", None) or CustomerFactory(),
        "title": "Charged twice for the same booking",
        "words": "You charged me twice and nobody called back.",
        "channel": Channel.WEB,
        "received_at": now,
        "desired_outcome": "The second charge back",
        "by": System.IMPORTER,
    }
    return actions.open_complaint(actions.Opening(**{**facts, **details}), now=now)


def acknowledged(*, by: User | None = None, now: datetime = NOW, **details: Any) -> Complaint:
    complaint = received(now=now, **details)
    return actions.acknowledge(
        complaint, spoken="Thanked, told both dates.", by=by or handler_user(), now=now + timedelta(hours=1)
    )


def investigating(*, by: User | None = None, now: datetime = NOW, **details: Any) -> Complaint:
    person = by or handler_user()
    complaint = acknowledged(by=person, now=now, **details)
    return actions.investigate(complaint, by=person, now=now + timedelta(hours=2))


def waiting(*, by: User | None = None, now: datetime = NOW, **details: Any) -> Complaint:
    person = by or handler_user()
    complaint = investigating(by=person, now=now, **details)
    return actions.ask(
        complaint,
        questions=["On which card were you charged?"],
        letter=LETTER,
        answer_by=now + timedelta(days=7),
        by=person,
        now=now + timedelta(hours=3),
    )


def ready_to_offer(*, by: User | None = None, now: datetime = NOW, **details: Any) -> Complaint:
    """In hand, with facts, a finding and a wish: everything an offer needs."""
    person = by or handler_user()
    house_limits()
    complaint = investigating(by=person, now=now, **details)
    actions.waive_questions(
        complaint, reason="The statement shows it.", by=person, now=now + timedelta(hours=3)
    )
    find(complaint, by=person, now=now + timedelta(hours=3))
    complaint.refresh_from_db()
    return complaint


def find(complaint: Complaint, *, by: User, now: datetime, fault: Fault = Fault.YES) -> None:
    cause, _ = RootCause.objects.get_or_create(name="Payment taken twice")
    actions.record_finding(
        complaint,
        fault=fault,
        basis=Basis.EVIDENCE,
        basis_detail="Bank statement",
        what_happened="The gateway retried without a key.",
        explanation="Our payment system tried twice.",
        root_cause=cause,
        by=by,
        now=now,
    )


def terms(
    *amounts: str | int, now: datetime = NOW, currency: str = "GBP", kind: str = RemedyKind.REFUND
) -> Terms:
    """An offer of these amounts; of an apology where there are none."""
    due_on = (now + timedelta(days=10)).date()
    lines = [Line(kind=kind, amount=Money(amount, currency), due_on=due_on) for amount in amounts]
    return Terms(
        lines=lines or [Line(kind=RemedyKind.APOLOGY, action="A written apology", due_on=due_on)],
        open_until=now + timedelta(days=14),
        follow_up_on=date(2026, 4, 20),
        benefit="Your money back in full",
    )


def referred(
    *, by: User | None = None, now: datetime = NOW, amount: str | int = 500, **details: Any
) -> Complaint:
    person = by or handler_user()
    complaint = ready_to_offer(by=person, now=now, **details)
    later = now + timedelta(hours=4)
    actions.refer(complaint, terms=terms(amount, now=now), tried=TRIED, by=person, now=later)
    complaint.refresh_from_db()
    return complaint


def approved(
    *, by: User | None = None, now: datetime = NOW, amount: str | int = 100, **details: Any
) -> Complaint:
    person = by or handler_user()
    complaint = ready_to_offer(by=person, now=now, **details)
    actions.propose(complaint, terms=terms(amount, now=now), by=person, now=now + timedelta(hours=4))
    complaint.refresh_from_db()
    return complaint


def offered(*, by: User | None = None, now: datetime = NOW, **details: Any) -> Complaint:
    person = by or handler_user()
    complaint = approved(by=person, now=now, **details)
    actions.offer(complaint, letter=LETTER, by=person, now=now + timedelta(hours=5))
    complaint.refresh_from_db()
    return complaint


def fulfilling(*, by: User | None = None, now: datetime = NOW, **details: Any) -> Complaint:
    complaint = offered(by=by, now=now, **details)
    assert complaint.customer is not None
    actions.accept(complaint, by=complaint.customer, now=now + timedelta(days=1))
    complaint.refresh_from_db()
    return complaint


def answered(*, by: User | None = None, now: datetime = NOW, **details: Any) -> Complaint:
    person = by or handler_user()
    complaint = fulfilling(by=person, now=now, **details)
    offer = complaint.offers.get(state=OfferState.ACCEPTED)
    for line in offer.lines.all():
        done = actions.complete_line(line, proof="Paid, ref 4711", by=person, now=now + timedelta(days=2))
        if done.awaits_check:
            actions.check_payment(done, by=handler_user(), now=now + timedelta(days=2))
    actions.fulfil(complaint, letter=LETTER, by=person, now=now + timedelta(days=2, hours=1))
    complaint.refresh_from_db()
    return complaint


def documented(*, by: User | None = None, now: datetime = NOW, **details: Any) -> Complaint:
    """Answered, and written down for those who learn from it."""
    person = by or handler_user()
    complaint = answered(by=person, now=now, **details)
    return actions.document(
        complaint,
        problem="Charged twice",
        cause="Retry without a key",
        solution="Refunded",
        by=person,
        now=now + timedelta(days=2, hours=2),
    )


def closed(*, by: User | None = None, now: datetime = NOW, **details: Any) -> Complaint:
    person = by or handler_user()
    complaint = documented(by=person, now=now, **details)
    return actions.close(complaint, by=person, now=now + timedelta(days=30))


def responded(*, by: User | None = None, now: datetime = NOW, **details: Any) -> Complaint:
    """Answered by a final response, without an offer."""
    person = by or handler_user()
    complaint = ready_to_offer(by=person, now=now, **details)
    return actions.respond(
        complaint, outcome=Outcome.NOT_UPHELD, letter=LETTER, by=person, now=now + timedelta(hours=5)
    )


def live_offer(complaint: Complaint) -> Offer:
    return complaint.offers.latest("version")
