from typing import Self

from django.db import models
from django.db.models import Q

from complaints.resolution.models import Complaint


class WeighingQuerySet(models.QuerySet["Weighing"]):
    def current(self) -> Self:
        return self.filter(superseded_at__isnull=True)

    def unheard(self) -> Self:
        """They look like trouble, and no supervisor has heard of it yet."""
        return self.current().filter(reached=True, heard_at__isnull=True)


class Weighing(models.Model):
    """How much a complaint looked like trouble, and by what signs, from one moment to the next that differed.

    `heard_at`: when a supervisor was asked. It is handed on while the score stays up, so that one rise is heard of
    once; after a fall the next rise begins without it.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="weighings")
    score = models.PositiveSmallIntegerField()
    factors = models.JSONField(default=list)
    reached = models.BooleanField()
    at = models.DateTimeField()
    heard_at = models.DateTimeField(null=True, blank=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = WeighingQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["complaint", "at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint"], condition=Q(superseded_at__isnull=True), name="weighing_one_holds"
            ),
        ]
        indexes = [
            models.Index(
                fields=["id"],
                condition=Q(superseded_at__isnull=True, heard_at__isnull=True, reached=True),
                name="weighing_unheard",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score} on {self.complaint_id}"


class Look(models.Model):
    """How far a sweep has read, so that the next goes on from there, however much later it comes."""

    name = models.CharField(max_length=40, unique=True)
    entry = models.BigIntegerField(default=0)
    customer = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.name
