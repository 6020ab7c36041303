"""Finding a complaint by whatever somebody remembers of it: reference, e-mail address, name, or words.

Everything starts at `visible_to`. Nothing is counted, and every question is bounded.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import BooleanField, Exists, F, Func, Max, Model, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Upper

from complaints.resolution.models import Complaint, Customer, Message
from complaints.resolution.models.complaints import ComplaintQuerySet
from complaints.resolution.reference import understand

MOST = 50
MOST_CUSTOMERS = 10
MOST_WORDS = 8
#: Without a full-text index this many of the newest texts are read, and no more.
MOST_READ = 20_000
SHORTEST = 2
LONGEST = 200
AFTER_ALL = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, and whether it was named outright by its reference."""

    text: str
    complaints: list[Complaint] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    is_named: bool = False


class Vector(Func):
    """Word for word the expression of the index, or the index is not used."""

    template = "to_tsvector('english', %(expressions)s)"


class Words(Func):
    template = "websearch_to_tsquery('english', %(expressions)s)"


class Matches(Func):
    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()


def find(text: str, user: User) -> Found:
    text = " ".join(text.replace("\x00", " ").split())[:LONGEST]
    if len(text) < SHORTEST:
        return Found(text)
    seen = Complaint.objects.visible_to(user).select_related("customer", "handler")
    if named := _named(text, seen):
        return Found(text, named, is_named=True)
    customers = _customers(text, seen)
    complaints = _newest(seen.filter(customer__in=customers)) if customers else []
    if "@" not in text:
        known = {complaint.pk for complaint in complaints}
        complaints += [hit for hit in _with_words(text, seen) if hit.pk not in known]
    return Found(text, complaints[:MOST], customers)


def _named(text: str, seen: ComplaintQuerySet) -> list[Complaint]:
    reference = understand(text)
    return list(seen.filter(reference=reference)) if reference else []


def _newest(complaints: ComplaintQuerySet) -> list[Complaint]:
    return list(complaints.order_by("-received_at", "-pk")[:MOST])


def _customers(text: str, seen: ComplaintQuerySet) -> list[Customer]:
    """Customers with a complaint this person sees: a name found would tell of a hidden complaint as well."""
    known = Customer.objects.filter(Exists(seen.filter(customer=OuterRef("pk"))))
    return sorted(called(known, text)[:MOST_CUSTOMERS], key=lambda customer: customer.name)


def called(customers: "QuerySet[Customer]", text: str) -> "QuerySet[Customer]":
    """By the whole e-mail address, or by how the name begins."""
    if "@" in text:
        return customers.filter(email=text.lower())
    return customers.alias(upper_name=Upper("name")).filter(_begins_with(text))


def _begins_with(text: str) -> Q:
    """Each engine in the form its index on the upper-case name answers; SQLite knows capitals of a to z only."""
    if connection.vendor == "postgresql":
        return Q(name__istartswith=text)
    start = "".join(letter.upper() if letter.isascii() else letter for letter in text)
    return Q(upper_name__gte=start, upper_name__lt=start + AFTER_ALL)


def _with_words(text: str, seen: ComplaintQuerySet) -> Iterable[Complaint]:
    titles = seen.filter(_contains(Complaint, "title", text)).order_by("-pk")[:MOST]
    mine = Message.objects.filter(Exists(seen.filter(pk=OuterRef("complaint"))))
    bodies = mine.filter(_contains(Message, "body", text)).order_by("-pk")
    in_messages = seen.filter(pk__in=list(bodies.values_list("complaint", flat=True)[:MOST]))
    hits = {complaint.pk: complaint for complaint in (*titles, *in_messages)}
    return sorted(hits.values(), key=lambda complaint: complaint.received_at, reverse=True)


def _contains(model: type[Model], column: str, text: str) -> Q:
    if connection.vendor == "postgresql":
        return Q(Matches(Vector(F(column)), Words(Value(text))))
    newest: int = QuerySet(model).aggregate(newest=Max("pk"))["newest"] or 0
    found = Q(pk__gt=newest - MOST_READ)
    for word in text.split()[:MOST_WORDS]:
        found &= Q(**{f"{column}__icontains": word})
    return found
