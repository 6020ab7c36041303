from typing import Any

from django.conf import settings
from django.db import models

from complaints.intake.exceptions import SubmissionIsFinal
from complaints.resolution.models import Channel, Complaint


class Submission(models.Model):
    """What a customer sent or said, exactly as it arrived; never edited.

    `token` is drawn when a form is shown: sent twice, it opens one complaint. `payload` is everything that came,
    mapped or not.
    """

    complaint = models.OneToOneField(Complaint, on_delete=models.PROTECT, related_name="submission")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    token = models.CharField(max_length=64, unique=True, null=True)
    words = models.TextField(blank=True)
    payload = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.get_channel_display()}, {self.received_at:%d %b %Y %H:%M}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise SubmissionIsFinal
        super().save(*args, **kwargs)


class SavedMapping(models.Model):
    """Which column of a foreign export is which field of ours, as somebody once decided."""

    name = models.SlugField(max_length=40, unique=True)
    columns = models.JSONField(help_text="our field: their column")
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class ImportRun(models.Model):
    """One reading of one file: how far it came, and what was refused."""

    file_name = models.CharField(max_length=200)
    source = models.CharField(max_length=40)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    taken = models.PositiveIntegerField("new", default=0)
    known = models.PositiveIntegerField("already there", default=0)
    refused = models.PositiveIntegerField(default=0)
    junk = models.PositiveIntegerField("lines above the header", default=0)
    refusals = models.JSONField("first refusals", default=list)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.started_at:%d %b %Y %H:%M}"
