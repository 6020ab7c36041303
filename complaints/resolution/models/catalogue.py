"""What complaints are about, and what caused them: the two lists every report is read by."""

from django.db import models
from simple_history.models import HistoricalRecords


class Category(models.Model):
    """The product or service complained about."""

    name = models.CharField(max_length=200, unique=True)
    #: Put right at first contact without a fact question first (B11).
    fast_track = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class RootCause(models.Model):
    """What went wrong on our side, in words that can be counted (C6)."""

    name = models.CharField(max_length=200, unique=True)
    active = models.BooleanField(default=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
