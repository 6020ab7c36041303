from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, Q, Value, When

from complaints.mailroom.models.lanes import Lane


class State(models.TextChoices):
    QUEUED = "queued", "Waiting to be sent"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"
    AMBIGUOUS = "ambiguous", "May have been sent"
    BOUNCED = "bounced", "Came back"


PENDING = (State.QUEUED, State.SENDING)
STUCK = (State.FAILED, State.AMBIGUOUS, State.BOUNCED)
GRAPH: Mapping[State, frozenset[State]] = {
    # Queued to sent: a sender thought dead was only slow, and nobody has taken the letter since.
    State.QUEUED: frozenset({State.SENDING, State.CANCELLED, State.SENT, State.AMBIGUOUS, State.BOUNCED}),
    State.SENDING: frozenset(State) - {State.SENDING},
    State.AMBIGUOUS: frozenset({State.QUEUED, State.SENT, State.BOUNCED}),
    State.FAILED: frozenset({State.QUEUED}),
    State.SENT: frozenset({State.BOUNCED}),
    State.BOUNCED: frozenset({State.QUEUED}),
    State.CANCELLED: frozenset(),
}


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def due(self, now: datetime) -> Self:
        return self.filter(state=State.QUEUED, due_at__lte=now)

    def claimable(self, now: datetime) -> Self:
        """Due, the way out is open, and it has certainly not gone before."""
        return self.due(now).filter(~Exists(Lane.objects.stopped(now)), doubtful_since=None)

    def doubtful(self, now: datetime) -> Self:
        """Perhaps sent already, and time to ask the journal."""
        return self.due(now).filter(doubtful_since__isnull=False)

    def abandoned(self, now: datetime) -> Self:
        """Taken by a sender that has not been heard of since."""
        return self.filter(state=State.SENDING, lease_until__lte=now)

    def unannounced(self) -> Self:
        """At an end of which the listeners could not be told."""
        return self.filter(due_at=None, settled_at=None)

    def needing_attention(self) -> Self:
        return self.filter(is_stuck=True)

    def automatic_to(self, address: str, *, since: datetime) -> Self:
        """What we wrote to this address of our own accord, sent or about to be."""
        written = self.filter(to=address, automatic=True, created_at__gt=since)
        return written.exclude(state=State.CANCELLED)

    def shift(self, to: State, **fields: Any) -> int:
        """Take these letters to a state, where the graph allows it. The only way a state is ever written."""
        sources = [source for source, targets in GRAPH.items() if to in targets]
        return self.filter(state__in=sources).update(**arriving_at(to), **fields)


def arriving_at(state: State) -> dict[str, Any]:
    """What becomes of the other columns; a letter being sent or sent again brings its own moments."""
    if state is State.SENDING:
        return {"state": state}
    released = {"state": state, "lease_until": None, "lease_owner": ""}
    return released if state is State.QUEUED else released | {"due_at": None, "doubtful_since": None}


class OutgoingMail(models.Model):
    """One letter to one person, frozen when it was written: every attempt sends the same bytes.

    A sender owns the letter while its lease runs and the fence is the one it was given.
    """

    State = State

    kind = models.CharField(max_length=40)
    dedupe_key = models.CharField("key", max_length=200)
    message_id = models.CharField("Message-ID", max_length=255)
    to = models.CharField(max_length=254)
    subject = models.CharField(max_length=255)
    body = models.TextField()
    mime = models.BinaryField()
    mime_sha256 = models.CharField("SHA-256 of the letter", max_length=64)
    automatic = models.BooleanField(default=True, help_text="Written by no person; says so in its headers.")
    repeatable = models.BooleanField(
        default=True,
        help_text="May go out again, the same bytes, when nobody knows whether the first attempt arrived.",
    )

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    is_stuck = models.GeneratedField(
        expression=Case(
            When(state__in=[state.value for state in STUCK], then=Value(value=True)),
            default=Value(value=False),
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    due_at = models.DateTimeField(null=True, help_text="When to try next; empty once an end is reached.")
    expires_at = models.DateTimeField(null=True, help_text="Not to be sent any more after this.")
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    lease_owner = models.CharField(max_length=100, blank=True)
    fence = models.PositiveIntegerField(default=0)
    doubtful_since = models.DateTimeField(
        null=True, help_text="When an attempt was made of which nobody knows; the journal is asked about it."
    )
    last_error = models.TextField(blank=True)
    decided_by = models.CharField(
        max_length=150, blank=True, help_text="Who took it back, had it sent again, or counted it as sent."
    )
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True, help_text="When its end was announced.")
    taken_back_at = models.DateTimeField(null=True, help_text="When somebody thought better of it.")

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = "outgoing mail"
        verbose_name_plural = "outgoing mail"
        permissions = [("resend_outgoingmail", "Can have a failed letter sent again")]
        indexes = [
            # "is not null" and a column that speaks for itself, not "state in (...)": SQLite uses a partial index only
            # where it can prove the condition without looking at the parameters.
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="mailroom_due"),
            models.Index(
                fields=["lease_until"], condition=Q(lease_until__isnull=False), name="mailroom_lease"
            ),
            models.Index(
                fields=["id"],
                condition=Q(is_stuck=True),
                name="mailroom_attention",
            ),
            models.Index(
                fields=["id"],
                condition=Q(due_at__isnull=True, settled_at__isnull=True),
                name="mailroom_unannounced",
            ),
            models.Index(
                fields=["taken_back_at"],
                condition=Q(taken_back_at__isnull=False),
                name="mailroom_taken_back",
            ),
            models.Index(fields=["to", "-created_at"], name="mailroom_recipient"),
        ]
        constraints = [
            # Not unique=True: that brings a second index for searches by beginning, which each change of a letter pays.
            models.UniqueConstraint(fields=["dedupe_key"], name="mailroom_one_letter_a_key"),
            models.UniqueConstraint(fields=["message_id"], name="mailroom_one_letter_a_message_id"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="mailroom_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=PENDING, due_at__isnull=False)
                | (~Q(state__in=PENDING) & Q(due_at__isnull=True)),
                name="mailroom_due_until_ended",
            ),
            models.CheckConstraint(
                condition=Q(state=State.SENDING, lease_until__isnull=False)
                | (~Q(state=State.SENDING) & Q(lease_until__isnull=True)),
                name="mailroom_leased_while_sending",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.SENT) | Q(sent_at__isnull=False), name="mailroom_sent_has_moment"
            ),
            models.CheckConstraint(condition=~Q(to="") & ~Q(dedupe_key=""), name="mailroom_addressed"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at is not None and self.expires_at <= now
