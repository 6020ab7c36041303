from datetime import datetime
from typing import Self

from django.db import models

from complaints.resolution.models.complaints import Complaint


class DeadlineKind(models.TextChoices):
    STATUTORY = "statutory", "Statutory, cannot pause"
    SERVICE = "service", "Our own standard"
    AWAITED = "awaited", "Awaited from the customer"
    PROMISE = "promise", "Promised to the customer"


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def running(self) -> Self:
        return self.filter(stopped_at__isnull=True)

    def missed(self, now: datetime) -> Self:
        """Past due and still running. A clock that stands still is never missed."""
        return self.running().filter(due_at__lt=now, paused_at__isnull=True)

    def warned(self, now: datetime) -> Self:
        return self.running().filter(warn_at__lte=now, due_at__gte=now, paused_at__isnull=True)


class Deadline(models.Model):
    """The moment a clock gives for one complaint, with the sum it came from (`reasons`, plain sentences)."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="deadlines")
    clock = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=DeadlineKind.choices)
    started_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    reasons = models.JSONField(default=list)
    paused_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "clock"],
                condition=models.Q(stopped_at__isnull=True),
                name="deadline_one_running_a_clock",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(stopped_at__isnull=True), name="deadline_running"
            ),
            models.Index(
                fields=["warn_at"], condition=models.Q(stopped_at__isnull=True), name="deadline_warning"
            ),
            models.Index(fields=["complaint", "due_at"], name="deadline_by_complaint"),
        ]

    def __str__(self) -> str:
        return f"{self.label} by {self.due_at:%d %b %Y %H:%M}"

    @property
    def kept(self) -> bool:
        return self.stopped_at is not None and self.stopped_at <= self.due_at
