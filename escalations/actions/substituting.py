"""Naming somebody to stand in at the supervisors' desk, and taking the desk back."""

from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q

from complaints.resolution.actors import name_of
from complaints.resolution.exceptions import NotPermitted, ReasonNeeded
from escalations.actions.steps import spoken_day
from escalations.exceptions import AlreadyAway, BadDates, CannotStandIn, NotStanding
from escalations.models import ARRANGE, WORK, Substitution, day_of


@transaction.atomic
def name_substitute(
    principal: User,
    *,
    substitute: User,
    starts_on: date,
    ends_on: date,
    reason: str,
    by: User,
    now: datetime,
) -> Substitution:
    """Let a colleague take the principal's seat on these days, the last included.

    By the principal, or by a manager for somebody absent. The substitute must work the supervisors' desk in their own
    right; naming them opens no door but the queue's and raises no limit. No chains: nobody stands in for a
    substitute, and who is away stands in for nobody.
    """
    people = User.objects.select_for_update().filter(pk__in=(principal.pk, substitute.pk)).order_by("pk")
    list(people)
    if by != principal and not by.has_perm(ARRANGE):
        raise NotPermitted
    if not reason.strip():
        raise ReasonNeeded
    if ends_on < max(starts_on, day_of(now)):
        raise BadDates
    _require_fit(principal, substitute)
    _require_no_chain(principal, substitute, starts_on, ends_on)
    return Substitution.objects.create(
        principal=principal,
        substitute=substitute,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason.strip()[:200],
        named_by=by,
        named_at=now,
    )


@transaction.atomic
def end_substitution(substitution: Substitution, *, by: User, now: datetime) -> Substitution:
    """The principal is back, or another will stand in. What was decided meanwhile stays as it is."""
    if by.pk not in (substitution.principal_id, substitution.substitute_id) and not by.has_perm(ARRANGE):
        raise NotPermitted
    ended = Substitution.objects.filter(pk=substitution.pk, ended_at__isnull=True, ends_on__gte=day_of(now))
    if not ended.update(ended_at=now, ended_by=by):
        raise NotStanding
    substitution.refresh_from_db()
    return substitution


def _require_fit(principal: User, substitute: User) -> None:
    if principal == substitute:
        raise CannotStandIn("Nobody stands in for themselves.")
    for person in (principal, substitute):
        if not person.is_active or not person.has_perm(WORK):
            raise CannotStandIn(f"{name_of(person)} does not work escalations.")


def _require_no_chain(principal: User, substitute: User, starts_on: date, ends_on: date) -> None:
    overlapping = Substitution.objects.overlapping(starts_on, ends_on)
    of_either = overlapping.filter(
        Q(principal=principal) | Q(principal=substitute) | Q(substitute=principal)
    ).select_related("principal", "substitute")
    for one in of_either:
        days = f"until {spoken_day(one.ends_on)}"
        if one.substitute == principal:
            raise AlreadyAway(f"{name_of(principal)} stands in for {name_of(one.principal)} {days}.")
        raise AlreadyAway(f"{name_of(one.substitute)} stands in for {name_of(one.principal)} {days}.")
