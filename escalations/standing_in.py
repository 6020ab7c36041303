"""For whom somebody acts on a question, and whose eyes count as one."""

from datetime import datetime

from django.contrib.auth.models import User

from escalations.models import Escalation, Substitution


def acts_for(person: User, escalation: Escalation, *, now: datetime) -> User | None:
    """The absent colleague whose seat this person takes at the question; none where they have their own.

    A colleague's claim is taken over first. Of several absent colleagues of one queue it is the first by name.
    """
    principals = Substitution.objects.principals_of(person, now=now)
    if escalation.claimed_by_id not in (None, person.pk):
        return principals.filter(pk=escalation.claimed_by_id).first()
    group = escalation.queue.group_id
    if person.groups.filter(pk=group).exists():
        return None
    return principals.filter(groups=group).order_by("last_name", "first_name", "pk").first()


def shares_eyes(person: User, other: User, *, now: datetime) -> bool:
    """The same person, or either stands in for the other."""
    return Substitution.objects.bound_to(person, now=now).filter(pk=other.pk).exists()
