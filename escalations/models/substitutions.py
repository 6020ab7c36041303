from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localtime

ARRANGE = "escalations.arrange_substitution"


def day_of(now: datetime) -> date:
    return localtime(now).date()


class SubstitutionQuerySet(models.QuerySet["Substitution"]):
    def standing(self, now: datetime) -> Self:
        """In force at this moment; the people as they are now, so that who has left stands in for nobody."""
        day = day_of(now)
        kept = self.filter(ended_at__isnull=True, starts_on__lte=day, ends_on__gte=day)
        return kept.filter(principal__is_active=True, substitute__is_active=True)

    def overlapping(self, starts_on: date, ends_on: date) -> Self:
        return self.filter(ended_at__isnull=True, starts_on__lte=ends_on, ends_on__gte=starts_on)

    def principals_of(self, user: User, *, now: datetime) -> models.QuerySet[User]:
        """For whom this person stands in. One step and no further: nobody stands in for a substitute."""
        return User.objects.filter(pk__in=self.standing(now).filter(substitute=user).values("principal"))

    def bound_to(self, user: User, *, now: datetime) -> models.QuerySet[User]:
        """This person, for whom they stand in, and who stands in for them: one pair of eyes, where two must look."""
        standing = self.standing(now)
        either = Q(pk__in=standing.filter(substitute=user).values("principal"))
        return User.objects.filter(
            either | Q(pk=user.pk) | Q(pk__in=standing.filter(principal=user).values("substitute"))
        )


class Substitution(models.Model):
    """Who stands in for whom at the supervisors' desk, from one day to another, both included.

    Never changed, only ended early: what was decided under it names it.
    """

    principal = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="absences")
    substitute = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="substitutions"
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=200)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SubstitutionQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        permissions = [("arrange_substitution", "Can name substitutes for others")]
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(principal=F("substitute")), name="substitution_by_somebody_else"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="substitution_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="substitution_ended_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["substitute", "ends_on"], condition=Q(ended_at__isnull=True), name="substitution_of"
            ),
            models.Index(
                fields=["principal", "ends_on"], condition=Q(ended_at__isnull=True), name="substitution_for"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.substitute} for {self.principal}"

    def stands(self, now: datetime) -> bool:
        return self.ended_at is None and self.starts_on <= day_of(now) <= self.ends_on
