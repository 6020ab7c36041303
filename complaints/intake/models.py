from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from complaints.intake.exceptions import SubmissionIsFinal
from complaints.mailroom.models import IncomingMail
from complaints.resolution.models import Channel, Complaint

#: A batch takes a second or two; a reader that wrote nothing for so long is not there any more.
SILENCE = timedelta(minutes=2)


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


class How(models.TextChoices):
    """Why a mail may belong to a complaint, the strongest first."""

    THREAD = "thread", "It answers a letter of this complaint"
    ADDRESS = "address", "It was sent to the address for answers to this complaint"
    REFERENCE = "reference", "It names the reference"
    SENDER = "sender", "The sender is its customer"


class Candidate(models.Model):
    """A complaint to which a mail may belong: put beside each other for the person who decides.

    Who may not see the complaint does not see the mail either.
    """

    mail = models.ForeignKey(IncomingMail, on_delete=models.PROTECT, related_name="candidates")
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=10, choices=How)
    is_theirs = models.BooleanField(help_text="The sender has the address of the complaint's customer.")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["mail", "complaint"], name="candidate_named_once")]

    def __str__(self) -> str:
        return f"{self.mail_id} may belong to {self.complaint_id}"


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


class ImportState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Reading"
    FINISHED = "finished", "Finished"
    FAILED = "failed", "Stopped"


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def claimable(self, now: datetime) -> Self:
        """Nobody reads it: it has not begun, or its reader has given no sign of life for a while."""
        silent = Q(state=ImportState.RUNNING, seen_at__lt=now - SILENCE)
        return self.filter(Q(state=ImportState.WAITING) | silent)


class ImportRun(models.Model):
    """One reading of one file: what was said about it, how far it came, and what was refused.

    `file_key` names the upload that is kept; a file given to the command stays where it is and has none. `attempt`
    is the fence: each claim raises it, and a reader that has been overtaken writes nothing more. The counts are
    those of the last attempt; `earlier` is how many were taken in before it, and are recognised by it.
    """

    file_name = models.CharField(max_length=200)
    file_key = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=40)
    columns = models.JSONField(default=dict, blank=True)
    dates = models.CharField(max_length=3, blank=True)
    encoding = models.CharField(max_length=20, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    started_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ImportState.choices, default=ImportState.WAITING)
    attempt = models.PositiveSmallIntegerField(default=0)
    seen_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    why_failed = models.CharField(max_length=500, blank=True)
    position = models.PositiveBigIntegerField("bytes read", default=0)
    size = models.PositiveBigIntegerField("bytes in all", null=True)
    taken = models.PositiveIntegerField("new", default=0)
    earlier = models.PositiveIntegerField("new in earlier attempts", default=0)
    known = models.PositiveIntegerField("already there", default=0)
    refused = models.PositiveIntegerField(default=0)
    junk = models.PositiveIntegerField("lines above the header", default=0)
    mended = models.PositiveIntegerField("taken in with a remark", default=0)
    refusals = models.JSONField("first refusals", default=list)
    remarks = models.JSONField("remarks by kind", default=dict)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ImportState.values), name="import_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=ImportState.FINISHED) ^ Q(finished_at__isnull=True),
                name="import_finished_says_when",
            ),
            models.UniqueConstraint(
                fields=["file_key"], condition=~Q(file_key=""), name="import_one_per_upload"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name}, {self.started_at:%d %b %Y %H:%M}"

    def is_silent(self, now: datetime) -> bool:
        """Its reader was killed, or its machine went away."""
        return self.state == ImportState.RUNNING and self.seen_at < now - SILENCE

    @property
    def share(self) -> int | None:
        """How much of the file has been read, in per cent; None where nobody can know."""
        return min(100 * self.position // self.size, 100) if self.size else None
