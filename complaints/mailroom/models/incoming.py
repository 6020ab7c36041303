from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from complaints.mailroom.models.outgoing import OutgoingMail

#: So often a mail is read before it is put aside: one that kills its reader must not do so for ever.
PATIENCE = 3


class Fate(models.TextChoices):
    """What became of a mail. Until it has one, it is still to be understood."""

    OPENED = "opened", "Opened a complaint"
    JOINED = "joined", "Joined a complaint"
    HELD = "held", "Held for review"
    BOUNCE = "bounce", "About a letter of ours"
    AUTO_REPLY = "auto_reply", "Written by a machine"
    REFUSED = "refused", "Refused"
    TWIN = "twin", "Arrived twice"


class IncomingMailQuerySet(models.QuerySet["IncomingMail"]):
    def without_raw(self) -> Self:
        """For lists: the bytes of a mail may be megabytes."""
        return self.defer("raw")

    def due(self, now: datetime) -> Self:
        return self.filter(retry_at__lte=now)

    def held(self) -> Self:
        return self.filter(fate=Fate.HELD)

    def of_sender(self, sender: str) -> Self:
        return self.filter(sender=sender) if sender else self.none()

    def first_of_each_sender(self, among: "IncomingMailQuerySet") -> Self:
        """Without those that stand behind an earlier one of the same sender. Who names no sender stands alone."""
        earlier = among.filter(sender=OuterRef("sender"), pk__lt=OuterRef("pk"))
        return self.filter(Q(sender="") | ~Exists(earlier))

    def quarantined(self) -> Self:
        return self.filter(quarantined_at__isnull=False)

    def untold(self) -> Self:
        """Kept here, and the mailbox does not know it yet."""
        return self.filter(told_at__isnull=True, uid__isnull=False)

    def twins_of(self, mail: "IncomingMail") -> Self:
        """The mail that this one is a second delivery of: same Message-ID and body; without an id, the same bytes."""
        others = self.filter(twin_of__isnull=True).exclude(pk=mail.pk)
        if not mail.message_id:
            return others.filter(sha256=mail.sha256, pk__lt=mail.pk)
        return others.filter(message_id=mail.message_id, body_sha256=mail.body_sha256)


class IncomingMail(models.Model):
    """A mail as it arrived, every byte of it, and what became of it.

    Where it was found (mailbox, the mailbox's generation, number) names it; a mail out of a file is named by its
    bytes. `told_at` is when the mailbox was told that we have it: always after the commit that keeps it. What was
    understood of it stands beside the bytes and may be understood again.
    """

    Fate = Fate

    mailbox = models.CharField(max_length=200, blank=True, help_text="Where it was found; empty for a file.")
    uidvalidity = models.PositiveBigIntegerField(null=True)
    uid = models.PositiveBigIntegerField(null=True)
    sha256 = models.CharField("SHA-256", max_length=64)
    raw = models.BinaryField()
    size = models.PositiveBigIntegerField()
    arrived_at = models.DateTimeField(help_text="When the mailbox got it; for a file, when we did.")
    kept_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    message_id = models.CharField("Message-ID", max_length=255, blank=True)
    body_sha256 = models.CharField(max_length=64, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    sender_name = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=255, blank=True)
    sent_at = models.DateTimeField(null=True)
    kind = models.CharField(max_length=15, blank=True)

    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(
        null=True, help_text="When to try to understand it; empty once it has a fate."
    )
    last_error = models.TextField(blank=True)
    quarantined_at = models.DateTimeField(null=True)

    fate = models.CharField(max_length=10, choices=Fate, blank=True)
    fate_at = models.DateTimeField(null=True)
    why = models.TextField(blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    twin_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="twins")

    objects = IncomingMailQuerySet.as_manager()

    class Meta:
        verbose_name = "incoming mail"
        verbose_name_plural = "incoming mail"
        indexes = [
            models.Index(fields=["retry_at"], condition=Q(retry_at__isnull=False), name="incoming_due"),
            models.Index(
                fields=["id"], condition=Q(quarantined_at__isnull=False), name="incoming_quarantined"
            ),
            models.Index(
                fields=["mailbox"],
                condition=Q(told_at__isnull=True, uid__isnull=False),
                name="incoming_untold",
            ),
            models.Index(fields=["message_id"], name="incoming_message_id"),
            models.Index(fields=["sha256"], name="incoming_sha256"),
            models.Index(fields=["sender", "-id"], name="incoming_sender"),
            models.Index(fields=["fate", "-id"], name="incoming_by_fate"),
            models.Index(fields=["sender", "fate", "id"], name="incoming_by_sender_and_fate"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "uidvalidity", "uid"],
                condition=Q(uid__isnull=False),
                name="incoming_kept_once",
            ),
            models.UniqueConstraint(
                fields=["sha256"], condition=Q(uid__isnull=True), name="incoming_file_kept_once"
            ),
            models.UniqueConstraint(
                fields=["message_id", "body_sha256"],
                condition=~Q(message_id="") & Q(twin_of__isnull=True),
                name="incoming_understood_once",
            ),
            models.CheckConstraint(
                condition=Q(fate="", fate_at__isnull=True)
                | Q(fate__in=Fate.values, fate_at__isnull=False, retry_at__isnull=True),
                name="incoming_fate_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(fate="") | (Q(retry_at__isnull=False) ^ Q(quarantined_at__isnull=False)),
                name="incoming_none_forgotten",
            ),
            models.CheckConstraint(
                condition=Q(fate=Fate.TWIN) ^ Q(twin_of__isnull=True), name="incoming_twin_names_the_other"
            ),
        ]

    def __str__(self) -> str:
        return self.subject or "(no subject)"

    @property
    def is_quarantined(self) -> bool:
        return self.quarantined_at is not None


class MailboxQuerySet(models.QuerySet["Mailbox"]):
    def alarming(self) -> Self:
        """Cannot be read, or holds what we do not."""
        return self.filter(Q(failing_since__isnull=False) | ~Q(differences=[]))


class Mailbox(models.Model):
    """How it stands with one mailbox we read: when it was last looked into, what failed, what did not agree."""

    name = models.CharField(max_length=200, primary_key=True)
    uidvalidity = models.PositiveBigIntegerField(null=True)
    looked_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    why_failing = models.TextField(blank=True)
    compared_at = models.DateTimeField(null=True)
    differences = models.JSONField(default=list)

    objects = MailboxQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "mailboxes"

    def __str__(self) -> str:
        return self.name

    def is_silent(self, now: datetime, *, after: timedelta) -> bool:
        return self.looked_at is None or self.looked_at < now - after


class DeliveryReport(models.Model):
    """What a mail server said of a letter of ours: that it came back, still waits, or has arrived."""

    mail = models.ForeignKey(OutgoingMail, on_delete=models.PROTECT, related_name="reports")
    told_in = models.OneToOneField(IncomingMail, on_delete=models.PROTECT, related_name="report")
    kind = models.CharField(max_length=15)
    is_final = models.BooleanField(help_text="The letter will not arrive.")
    recipient = models.CharField(max_length=254, blank=True)
    status = models.CharField(max_length=20, blank=True)
    said = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], condition=Q(is_final=True), name="report_final_by_moment")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.mail}"

    @property
    def summary(self) -> str:
        """In one line: “550 5.1.1 No such user”."""
        return self.said or self.status or "The mail server gave no reason."
