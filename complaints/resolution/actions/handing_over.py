"""Giving one person's complaints to others, many at a time. Clocks are not touched: who holds it is none of theirs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from simple_history.utils import bulk_update_with_history

from complaints.resolution.actions import steps
from complaints.resolution.actors import name_of
from complaints.resolution.exceptions import NobodyHolds, NotPermitted, ReasonNeeded
from complaints.resolution.models import Complaint, Entry, EntryKind
from complaints.resolution.permission import ASSIGN, WORK


@dataclass(frozen=True, slots=True)
class HandedOver:
    given: int
    left: int


@transaction.atomic
def hand_over(
    giver: User,
    *,
    complaints: Iterable[int],
    to: Sequence[User],
    reason: str,
    by: User,
    now: datetime,
) -> HandedOver:
    """Give these of the giver's open complaints to the takers in turn, with one entry in each.

    What changed hands meanwhile, what whoever asks may not see, restricted ones (each wants a person's thought) and
    those about every taker stay where they are.
    """
    require_handover(giver, to=to, reason=reason, by=by)
    asked = list(complaints)
    held = Complaint.objects.visible_to(by).held_by(giver).filter(pk__in=asked, restricted=False)
    found = list(held.select_for_update(of=("self",)).prefetch_related("about").order_by("pk"))
    given = _share_out(found, to)
    bulk_update_with_history(
        given,
        Complaint,
        ["handler"],
        batch_size=500,
        default_user=by,
        default_change_reason="Handed over",
        default_date=now,
    )
    record = [(one, _entry(one, giver, reason)) for one in given]
    steps.record_all(record, by=by, now=now)
    return HandedOver(len(given), len(asked) - len(given))


def require_handover(giver: User, *, to: Sequence[User], reason: str, by: User) -> None:
    if not by.has_perm(ASSIGN):
        raise NotPermitted
    if not reason.strip():
        raise ReasonNeeded
    if not to or giver in to:
        raise NobodyHolds("Choose somebody else to hand them to.")
    for person in to:
        if not person.is_active or not person.has_perm(WORK):
            raise NotPermitted(f"{name_of(person)} does not work complaints.")


def _share_out(found: Iterable[Complaint], to: Sequence[User]) -> list[Complaint]:
    """In turn; where it is about the one whose turn it is, the next takes it."""
    given: list[Complaint] = []
    for complaint in found:
        about = set(complaint.about.all())
        turns = [to[(len(given) + place) % len(to)] for place in range(len(to))]
        taker = next((person for person in turns if person not in about), None)
        if taker is not None:
            complaint.handler = taker
            given.append(complaint)
    return given


def _entry(complaint: Complaint, giver: User, reason: str) -> Entry:
    taker = complaint.handler
    assert taker is not None  # noqa: S101 - just given
    return Entry(
        kind=EntryKind.ASSIGNMENT,
        text=f"{name_of(taker)}, from {name_of(giver)}. {reason.strip()}",
        facts={"from": giver.pk, "to": taker.pk, "handover": True},
    )
