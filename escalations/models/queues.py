from datetime import datetime
from typing import Self

from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from complaints.policies.exceptions import BadLimit
from complaints.policies.limits import limit_from
from complaints.resolution.models import Category
from escalations.models.reasons import Reason
from escalations.models.substitutions import Substitution


def is_limit(text: str) -> None:
    try:
        limit_from(text)
    except BadLimit as error:
        raise ValidationError(str(error)) from error


def are_reasons(values: object) -> None:
    if not isinstance(values, list) or not set(values) <= set(Reason.values):
        raise ValidationError("Choose from the known reasons.")


class QueueQuerySet(models.QuerySet["Queue"]):
    def active(self) -> Self:
        return self.filter(active=True)

    def worked_by(self, user: User, *, now: datetime) -> Self:
        """In their own right, or in the seat of somebody they stand in for."""
        principals = Substitution.objects.principals_of(user, now=now)
        return self.filter(group__in=Group.objects.filter(Q(user=user) | Q(user__in=principals)))


class Queue(models.Model):
    """A place where questions wait for a supervisor.

    How much it may grant is not written here: its ceiling is what the authority limits give its group, so that
    routing never promises what approval would refuse.
    """

    name = models.CharField(max_length=100, unique=True)
    level = models.PositiveSmallIntegerField(default=1, help_text="1 is asked first; each level passes up")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="escalation_queues")
    reasons = models.JSONField(
        default=list, blank=True, validators=[are_reasons], help_text="Empty: any reason"
    )
    categories = models.ManyToManyField(Category, blank=True, help_text="Empty: any category")
    answer_within = models.CharField(
        max_length=60,
        blank=True,
        validators=[is_limit],
        help_text="Such as “4 business hours”. Empty: as the complaint's policy says",
    )
    active = models.BooleanField(default=True)

    objects = QueueQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[categories])

    class Meta:
        ordering = ["level", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1), name="queue_level_starts_at_one"),
        ]

    def __str__(self) -> str:
        return self.name
