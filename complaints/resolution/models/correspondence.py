from typing import Any, Self

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from complaints.mailroom.models import IncomingMail, OutgoingMail
from complaints.resolution.models.complaints import Channel, Complaint


class Direction(models.TextChoices):
    IN = "in", "From the customer"
    OUT = "out", "To the customer"


class MessageKind(models.TextChoices):
    COMPLAINT = "complaint", "The complaint"
    ANSWER = "answer", "Answer to our question"
    REPLY = "reply", "Message from the customer"
    ACKNOWLEDGEMENT = "acknowledgement", "Acknowledgement"
    UPDATE = "update", "Update"
    QUESTION = "question", "Question to the customer"
    QUESTION_REMINDER = "question_reminder", "Reminder of our question"
    OFFER = "offer", "Offer"
    OFFER_REMINDER = "offer_reminder", "Reminder of our offer"
    OUTCOME = "outcome", "Outcome"
    FINAL_RESPONSE = "final_response", "Final response"
    FOLLOW_UP = "follow_up", "Follow-up"
    CLOSING = "closing", "Closing letter"
    DELAY_NOTICE = "delay_notice", "Delay notice"
    HOLDING_RESPONSE = "holding_response", "Holding response"
    EXTENSION_NOTICE = "extension_notice", "Notice of an extension"
    INTERIM_RESPONSE = "interim_response", "Interim response"
    PROVISIONAL_CREDIT = "provisional_credit", "Provisional credit"
    OUTSIDE_SCHEME = "outside_scheme", "The outside scheme is open"
    SURVEY = "survey", "Survey"
    SURVEY_REMINDER = "survey_reminder", "Survey reminder"


class MessageQuerySet(models.QuerySet["Message"]):
    def standing(self) -> Self:
        """Without letters of ours that failed, came back, or were thought better of in time.

        Asked of the few that were, by their own indexes: a join would read every mail there is.
        """
        mails = OutgoingMail.objects.all()
        taken_back = mails.filter(taken_back_at__isnull=False)
        return self.exclude(mail__in=mails.needing_attention()).exclude(mail__in=taken_back)

    def spoken(self) -> Self:
        """Our words to the customer, as far as they were not lost."""
        return self.standing().filter(direction=Direction.OUT)

    def awaiting_posting(self) -> Self:
        """Letters on paper that somebody has to print and post, by the index made for them."""
        return self.filter(sent_at__isnull=True, mail__isnull=True, direction=Direction.OUT)


class Message(models.Model):
    """One piece of correspondence in the file. Never edited once written.

    `key` names an outgoing letter once and for all (kind, cycle, stage), so that however often a sweep runs,
    one letter goes. `dates` holds the dates the letter promised, by clock, `template` the mark of the wording
    it was begun from. `sent_at` is filled when it has left the house: by e-mail when the mail server took it,
    otherwise when a person says so. `findings` is what the guard said of a letter staff wrote, `despite` why it went
    all the same where that would have stopped it.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="messages")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    kind = models.CharField(max_length=20, choices=MessageKind.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    at = models.DateTimeField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    author_name = models.CharField(max_length=200)
    automatic = models.BooleanField(default=False)
    key = models.CharField(max_length=120, unique=True, null=True)
    mail = models.OneToOneField(
        OutgoingMail, on_delete=models.PROTECT, null=True, blank=True, related_name="message"
    )
    template = models.CharField(max_length=80, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    dates = models.JSONField(default=dict, blank=True)
    findings = models.JSONField(default=list, blank=True)
    despite = models.TextField(blank=True)
    whole = models.TextField(blank=True, help_text="All of a mail of which the body is what is new in it.")
    received_as = models.OneToOneField(
        IncomingMail, on_delete=models.PROTECT, null=True, blank=True, related_name="message"
    )

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["complaint", "at"], name="message_by_complaint"),
            models.Index(
                fields=["at", "id"],
                condition=models.Q(sent_at__isnull=True, mail__isnull=True),
                name="message_to_post",
            ),
            models.Index(
                fields=["at"], condition=models.Q(direction=Direction.OUT), name="message_out_by_moment"
            ),
        ]

    def __str__(self) -> str:
        return self.subject or self.get_kind_display()

    @property
    def awaits_posting(self) -> bool:
        return self.direction == Direction.OUT and self.sent_at is None and self.mail_id is None

    @property
    def overruled(self) -> list[dict[str, Any]]:
        """What the guard would have stopped, and its writer sent all the same."""
        return [one for one in self.findings if one["level"] == "block"] if self.despite else []


#: The folder of the storage in which the files of documents lie.
DOCUMENTS = "documents"


def random_key(document: "Document", _name: str) -> str:
    """Where a file is kept never depends on what its sender called it."""
    return f"{DOCUMENTS}/{document.sha256[:2]}/{document.storage_key}"


class Document(models.Model):
    """A file the customer or a colleague put into the complaint, kept under a random key."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="documents")
    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, blank=True, related_name="documents"
    )
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    storage_key = models.CharField(max_length=43, unique=True)
    file = models.FileField(upload_to=random_key, max_length=200)
    added_at = models.DateTimeField()
    added_by_name = models.CharField(max_length=200)
    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
