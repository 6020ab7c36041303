from django.conf import settings
from django.db import models
from django.db.models import Q

from complaints.resolution.models import Complaint


class Which(models.TextChoices):
    ALL = "all", "Everything open"
    PRESSING = "pressing", "What is overdue or due within a week"


class HandoverQuerySet(models.QuerySet["Handover"]):
    def unfinished(self) -> "HandoverQuerySet":
        return self.filter(finished_at__isnull=True)


class Handover(models.Model):
    """One person's open complaints going to others, however many: planned at once, done in pieces.

    `after` and `up_to` are keys of complaints: what has been looked at, and what was there when it was planned.
    """

    giver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    takers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    which = models.CharField(max_length=10, choices=Which.choices, default=Which.ALL)
    due_before = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    after = models.BigIntegerField(default=0)
    up_to = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="+")
    given = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["id"], condition=Q(finished_at__isnull=True), name="handover_unfinished")
        ]

    def __str__(self) -> str:
        return f"from {self.giver}"
