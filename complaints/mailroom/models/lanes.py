from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q


class LaneQuerySet(models.QuerySet["Lane"]):
    def stopped(self, now: datetime) -> Self:
        return self.filter(stopped_until__gt=now)


class Lane(models.Model):
    """The way out. While it is stopped the fault is ours or the network's, and no letter is tried."""

    OUTGOING = "outgoing"

    name = models.CharField(max_length=20, primary_key=True, default=OUTGOING)
    stopped_until = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    stumbles = models.PositiveIntegerField(default=0, help_text="Failures of the network in a row.")

    objects = LaneQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(name="outgoing"), name="mailroom_one_lane")]

    def __str__(self) -> str:
        return f"{self.name}, stopped until {self.stopped_until}" if self.stopped_until else self.name
