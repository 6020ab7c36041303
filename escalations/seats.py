"""Who stands where on the ladder for one question. Asks the database; decides nothing."""

from datetime import datetime

from django.contrib.auth.models import User

from complaints.resolution.models import Complaint, Offer
from escalations.ceilings import groups_that_may_grant
from escalations.models import WORK, Queue
from escalations.routing import Seat


def seats_for(
    complaint: Complaint, *, asked_by: User | None, offer: Offer | None, now: datetime
) -> list[Seat]:
    queues = list(Queue.objects.active().prefetch_related("categories"))
    groups = {queue.group_id for queue in queues}
    manned = _manned(complaint, groups, asked_by)
    granting = groups_that_may_grant(offer, groups, now=now) if offer else groups
    return [
        seat_of(queue, has_hands=queue.group_id in manned, may_grant=queue.group_id in granting)
        for queue in queues
    ]


def seat_of(queue: Queue, *, has_hands: bool, may_grant: bool = True) -> Seat:
    return Seat(
        queue=queue,
        reasons=frozenset(queue.reasons),
        categories=frozenset(category.pk for category in queue.categories.all()),
        has_hands=has_hands,
        may_grant=may_grant,
    )


def _manned(complaint: Complaint, groups: set[int], asked_by: User | None) -> set[int]:
    """The groups with somebody in them who could answer.

    Where the complaint is hidden from some, each person is asked for by the one rule of who may see what; there are
    few such complaints, and few supervisors.
    """
    people = User.objects.filter(is_active=True, groups__in=groups)
    if asked_by is not None:
        people = people.exclude(pk=asked_by.pk)
    if not _hidden_from_some(complaint):
        return set(people.values_list("groups", flat=True)) & groups
    seeing = [person for person in people.distinct() if may_answer(person, complaint)]
    return set(User.objects.filter(pk__in=[p.pk for p in seeing]).values_list("groups", flat=True)) & groups


def _hidden_from_some(complaint: Complaint) -> bool:
    return complaint.restricted or complaint.about.exists()


def may_answer(person: User, complaint: Complaint) -> bool:
    return person.has_perm(WORK) and Complaint.objects.visible_to(person).filter(pk=complaint.pk).exists()
