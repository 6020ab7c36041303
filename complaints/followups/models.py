from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q

from complaints.resolution.models import Complaint, Entry, Message, MessageKind

LONGEST_ANSWER = 5000


class PlannedState(models.TextChoices):
    PLANNED = "planned", "Planned"
    SENT = "sent", "Sent"
    CANCELLED = "cancelled", "Cancelled"


class PlannedLetterQuerySet(models.QuerySet["PlannedLetter"]):
    def waiting(self) -> Self:
        # Not by state: SQLite uses the partial index only where it can prove its condition without parameters.
        return self.filter(settled_at__isnull=True)

    def due(self, now: datetime) -> Self:
        return self.waiting().filter(due_at__lte=now)


class PlannedLetter(models.Model):
    """A letter that falls due by itself. Becomes a message and a mail when its moment comes, or is cancelled.

    `cycle` is what caused it, the opening or a move, and `stage` tells a second reminder from a first: the four
    together are one letter for ever. `because` says why then and not before, last moved by whatever moved it. Whoever
    settles one holds the lock of its complaint.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="planned_letters")
    kind = models.CharField(max_length=20, choices=MessageKind.choices)
    stage = models.PositiveSmallIntegerField(default=1)
    cycle = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="planned_letters")
    due_at = models.DateTimeField()
    because = models.CharField("why then", max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=PlannedState.choices, default=PlannedState.PLANNED)
    settled_at = models.DateTimeField(null=True, blank=True)
    message = models.OneToOneField(
        Message, on_delete=models.PROTECT, null=True, blank=True, related_name="planned_as"
    )
    why_cancelled = models.CharField(max_length=200, blank=True)

    objects = PlannedLetterQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["complaint", "kind", "stage", "cycle"], name="planned_letter_is_one_for_ever"
            ),
            models.CheckConstraint(
                condition=Q(state=PlannedState.PLANNED, settled_at__isnull=True)
                | (Q(state__in=[PlannedState.SENT, PlannedState.CANCELLED], settled_at__isnull=False)),
                name="planned_letter_settled_once_it_is",
            ),
            models.CheckConstraint(
                condition=Q(state=PlannedState.SENT) ^ Q(message__isnull=True),
                name="planned_letter_sent_is_a_message",
            ),
            models.CheckConstraint(
                condition=Q(state=PlannedState.CANCELLED) ^ Q(why_cancelled=""),
                name="planned_letter_cancelled_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(settled_at__isnull=True), name="planned_letter_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.stage} on {self.complaint_id}"

    @property
    def key(self) -> str:
        """The name under which it is written into the file: a second writing finds the first."""
        return f"{self.kind}:{self.cycle_id}:{self.stage}"


class FollowUpAnswer(models.Model):
    """What the customer said when asked whether the matter is right. Once for each answer we gave (A13)."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="follow_up_answers")
    cycle = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    satisfied = models.BooleanField()
    text = models.TextField(max_length=LONGEST_ANSWER, blank=True)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "cycle"], name="follow_up_answered_once"),
        ]

    def __str__(self) -> str:
        return "Satisfied" if self.satisfied else "Not satisfied"


class SurveyAnswer(models.Model):
    """How satisfied the customer was with the whole of it, from 1 to 5. Once for each closing (C13)."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="survey_answers")
    cycle = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    still_open = models.BooleanField("something is still open")
    text = models.TextField(max_length=LONGEST_ANSWER, blank=True)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["complaint", "cycle"], name="survey_answered_once"),
            models.CheckConstraint(
                condition=Q(score__gte=1, score__lte=5), name="survey_score_is_one_to_five"
            ),
        ]
        indexes = [models.Index(fields=["answered_at"], name="survey_by_answer")]

    def __str__(self) -> str:
        return f"{self.score} of 5"
