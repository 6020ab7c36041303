from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db import models
from django.db.models import Q

from complaints.resolution.models.complaints import Complaint
from complaints.resolution.models.correspondence import Message
from complaints.resolution.models.lifecycle import State

#: Whoever took the complaint back, or has it answered elsewhere, waits for nothing here.
GONE = (State.WITHDRAWN, State.MERGED)


class PromiseQuerySet(models.QuerySet["Promise"]):
    def open(self) -> Self:
        return self.filter(kept_at__isnull=True, dropped_at__isnull=True)

    def on_seen_by(self, user: User | AnonymousUser) -> Self:
        """Those on complaints this person may see."""
        return self.filter(complaint__in=Complaint.objects.visible_to(user).values("pk"))

    def owned_by(self, user: User) -> Self:
        return self.filter(owner=user)

    def broken_unheard(self, now: datetime) -> Self:
        """Past due and not kept, and nobody has been told yet."""
        late = self.open().filter(due_at__lt=now, broken_at__isnull=True)
        return late.exclude(complaint__state__in=GONE)


class Promise(models.Model):
    """What one of our letters says we will do, by when, and who sees to it (A25).

    It outlives the clocks of the complaint: "you have your refund within ten days" is still owed when the final
    response has stopped them all. `broken_at` is when its breach was announced, which happens once.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="promises")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="promises")
    text = models.CharField(max_length=300)
    due_at = models.DateTimeField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="promises")
    made_at = models.DateTimeField()
    kept_at = models.DateTimeField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)
    broken_at = models.DateTimeField(null=True, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kept_at__isnull=True) | Q(dropped_at__isnull=True), name="promise_has_one_end"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="promise_says_what"),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(kept_at__isnull=True, dropped_at__isnull=True),
                name="promise_open",
            ),
            models.Index(
                fields=["owner", "due_at", "id"],
                condition=Q(kept_at__isnull=True, dropped_at__isnull=True),
                name="promise_open_by_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_open(self) -> bool:
        return self.kept_at is None and self.dropped_at is None
