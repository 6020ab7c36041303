"""Knowing customers again, one or many at a time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db import IntegrityError, transaction
from simple_history.utils import bulk_create_with_history

from complaints.resolution.exceptions import UnknownPerson
from complaints.resolution.models import Customer


@dataclass(frozen=True, slots=True)
class Person:
    """Who says that they complain. `details` is what else they told of themselves, by the fields of a customer."""

    name: str
    email: str = ""
    phone: str = ""
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """By which a customer is known again; empty where there is none."""
        return self.email.strip().lower()


@transaction.atomic
def find_or_make_customer(person: Person, *, now: datetime) -> Customer:
    """The one customer of this e-mail address, or a new one. Safe when two forms arrive at once.

    What is already known of a customer is never overwritten by what a form says.
    Raises UnknownPerson without a name.
    """
    if not person.name.strip():
        raise UnknownPerson
    if person.address and (known := Customer.objects.filter(email=person.address).first()):
        return known
    customer = _new(person, now)
    try:
        with transaction.atomic():
            customer.save()
    except IntegrityError:
        return Customer.objects.get(email=person.address)
    return customer


@transaction.atomic
def find_or_make_customers(people: Iterable[Person], *, now: datetime) -> dict[str, Customer]:
    """The customers of these e-mail addresses, by the address in lower case; who is new is written down.

    As with one customer: what is already known of somebody is never overwritten. Always in one order, so that two who
    write the same strangers down never wait for each other.
    """
    wanted = {person.address: person for person in sorted(people, key=attrgetter("address"))}
    known = {customer.email: customer for customer in Customer.objects.filter(email__in=wanted)}
    strangers = {address: person for address, person in wanted.items() if address not in known}
    fresh = [_new(person, now) for person in strangers.values()]
    try:
        with transaction.atomic():
            bulk_create_with_history(fresh, Customer, batch_size=1000)
    except IntegrityError:
        # Somebody else was faster with one of them.
        fresh = [find_or_make_customer(person, now=now) for person in strangers.values()]
    return known | dict(zip(strangers, fresh, strict=True))


def _new(person: Person, now: datetime) -> Customer:
    customer = Customer(
        name=person.name.strip()[:200],
        email=person.address,
        phone=person.phone.strip()[:40],
        created_at=now,
        **person.details,
    )
    customer._history_date = now
    return customer
