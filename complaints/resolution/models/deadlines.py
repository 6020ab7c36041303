from datetime import datetime
from decimal import Decimal
from typing import Self

from django.db import models

from complaints.resolution.models.complaints import Complaint

WHOLE = Decimal(1)


class DeadlineKind(models.TextChoices):
    STATUTORY = "statutory", "Statutory, cannot pause"
    SERVICE = "service", "Our own standard"
    AWAITED = "awaited", "Awaited from the customer"
    PROMISE = "promise", "Promised to the customer"
    WINDOW = "window", "A time that merely ends"


class Ended(models.TextChoices):
    """Why a deadline no longer runs."""

    DONE = "done", "Done"
    RESET = "reset", "Began again"
    SWITCHED = "switched", "Other rules apply"
    LET_GO = "let_go", "Nothing owed any more"
    RAN_OUT = "ran_out", "Ran out"


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def running(self) -> Self:
        return self.filter(stopped_at__isnull=True)

    def windows(self, now: datetime) -> Self:
        """Times that merely end, and have not yet. Nobody is late for one: it never counts as running."""
        return self.filter(kind=DeadlineKind.WINDOW, started_at__lte=now, stopped_at__gt=now)

    def missed(self, now: datetime) -> Self:
        """Still running at its moment or after, which is when its breach is told. One that stands is never missed."""
        return self.running().filter(due_at__lte=now, paused_at__isnull=True)

    def warned(self, now: datetime) -> Self:
        return self.running().filter(warn_at__lte=now, due_at__gte=now, paused_at__isnull=True)


class Deadline(models.Model):
    """The moment a clock gives for one complaint, with the sum it came from (`reasons`, plain sentences).

    Written anew from the record whenever something happens to the complaint; nothing is reckoned on from here.
    `first_due_at` is the moment before anybody moved it.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="deadlines")
    clock = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=DeadlineKind.choices)
    started_at = models.DateTimeField()
    warn_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    first_due_at = models.DateTimeField(null=True, blank=True)
    reasons = models.JSONField(default=list)
    paused_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    ended = models.CharField(max_length=10, choices=Ended.choices, blank=True)

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

    @property
    def was_moved(self) -> bool:
        return self.first_due_at is not None and self.first_due_at != self.due_at


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def ahead(self) -> Self:
        return self.filter(passed_at__isnull=True)

    def due(self, now: datetime) -> Self:
        """Reached, and nobody has heard of it yet."""
        return self.ahead().filter(at__lte=now)


class Milestone(models.Model):
    """A part of a deadline's time of which somebody must hear when it is used up; the whole of it is the breach.

    One that lies ahead exists only while its deadline runs: it goes when the clock stops or stands still, and comes
    again, at its true moment, when the clock runs on. So what is due is one look into one index. Whoever tells of
    it marks it passed, by an UPDATE on condition that nobody has; from then on it keeps its date. Where the deadline
    is put off beyond that, the same part lies ahead once more.
    """

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="milestones")
    part = models.DecimalField(max_digits=5, decimal_places=4)
    at = models.DateTimeField()
    passed_at = models.DateTimeField(null=True, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["deadline", "part", "at"], name="milestone_once_a_moment"),
            models.UniqueConstraint(
                fields=["deadline", "part"],
                condition=models.Q(passed_at__isnull=True),
                name="milestone_once_ahead",
            ),
            models.CheckConstraint(
                condition=models.Q(part__gt=0, part__lte=WHOLE), name="milestone_is_a_part"
            ),
        ]
        indexes = [
            models.Index(
                fields=["at", "id"], condition=models.Q(passed_at__isnull=True), name="milestone_ahead"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part:.0%} of {self.deadline_id} at {self.at:%d %b %Y %H:%M}"

    @property
    def is_breach(self) -> bool:
        return self.part == WHOLE
