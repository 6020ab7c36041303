"""Finding a complaint by whatever somebody remembers of it: reference, e-mail address, name, or words.

Everything starts at `visible_to`. Nothing is counted, and every question is bounded.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import connection
from django.db.models import BooleanField, Exists, F, Func, Max, Model, OuterRef, Q, QuerySet, Value

from complaints.resolution.models import Complaint, Customer, Message
from complaints.resolution.models.complaints import ComplaintQuerySet
from complaints.resolution.reference import understand

MOST = 50
MOST_CUSTOMERS = 10
MOST_WORDS = 8
#: Without a full-text index this many of the newest texts are read, and no more.
MOST_READ = 20_000
#: With one, this many are tried before it is asked.
MOST_WEIGHED = 1_000
SHORTEST = 2
LONGEST = 200
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, and whether it was named outright by its reference."""

    text: str
    complaints: list[Complaint] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)
    is_named: bool = False


class WordsOf(Func):
    """Expression by expression that of the index made in `resolution`'s migrations, or no index is used."""

    template = "to_tsvector('english', left(%(expressions)s, 100000))"


class NamesOf(Func):
    template = "to_tsvector('simple', %(expressions)s)"


class Asked(Func):
    template = "websearch_to_tsquery('english', %(expressions)s)"


class Beginnings(Func):
    template = "to_tsquery('simple', %(expressions)s)"


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
    """By the whole e-mail address, or by how the words of the name begin."""
    if "@" in text:
        return customers.filter(email=text.lower())
    words = WORD.findall(text)[:MOST_WORDS]
    if not words:
        return customers.none()
    if connection.vendor == "postgresql":
        beginnings = " & ".join(f"{word}:*" for word in words)
        return customers.filter(Matches(NamesOf(F("name")), Beginnings(Value(beginnings))))
    found = Q(pk__gt=_newest_key(Customer) - MOST_READ)
    for word in words:
        found &= Q(name__istartswith=word) | Q(name__icontains=f" {word}")
    return customers.filter(found)


def _with_words(text: str, seen: ComplaintQuerySet) -> list[Complaint]:
    mine = Message.objects.filter(Exists(seen.filter(pk=OuterRef("complaint"))))
    keys = {*_keys(seen, "title", text, "pk"), *_keys(mine, "body", text, "complaint")}
    return sorted(seen.filter(pk__in=keys), key=lambda complaint: complaint.received_at, reverse=True)


def _keys(rows: "QuerySet[Any]", column: str, text: str, key: str) -> list[int]:
    """The newest rows with these words. Words found everywhere are found among the newest rows already.

    What is rarer is asked of the index, in an order no other index has: offered the key's own order the database
    would read row by row from the newest, which takes for ever where words are frequent but never meet.
    """
    newest = rows.filter(pk__gt=_newest_key(rows.model) - _window())
    found = list(_matching(newest, column, text).order_by("-pk").values_list(key, flat=True)[:MOST])
    if len(found) == MOST or connection.vendor != "postgresql":
        return found
    everywhere = _matching(rows, column, text).annotate(in_order=F("pk") + 0).order_by("-in_order")
    return list(everywhere.values_list(key, flat=True)[:MOST])


def _matching(rows: "QuerySet[Any]", column: str, text: str) -> "QuerySet[Any]":
    if connection.vendor == "postgresql":
        return rows.filter(Matches(WordsOf(F(column)), Asked(Value(text))))
    for word in text.split()[:MOST_WORDS]:
        rows = rows.filter(**{f"{column}__icontains": word})
    return rows


def _window() -> int:
    return MOST_WEIGHED if connection.vendor == "postgresql" else MOST_READ


def _newest_key(model: type[Model]) -> int:
    newest: int | None = QuerySet(model).aggregate(newest=Max("pk"))["newest"]
    return newest or 0
