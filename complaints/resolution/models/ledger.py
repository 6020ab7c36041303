from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models

from complaints.resolution.exceptions import LedgerIsAppendOnly
from complaints.resolution.models.complaints import Complaint
from complaints.resolution.models.lifecycle import Move, State


class EntryKind(models.TextChoices):
    OPENED = "opened", "Opened"
    IMPORTED = "imported", "Imported"
    MOVE = "move", "Move"
    ASSIGNMENT = "assignment", "Assignment"
    NOTE = "note", "Note"
    MESSAGE_IN = "message_in", "Message received"
    MESSAGE_OUT = "message_out", "Message sent"
    FINDING = "finding", "Finding"
    POINT = "point", "Point"
    FULFILMENT = "fulfilment", "Part of the offer done"
    CONCERN = "concern", "Concern"
    ESCALATION = "escalation", "Escalation"
    PROMISE = "promise", "Promise"
    CORRECTION = "correction", "Correction"
    RESTRICTION = "restriction", "Restriction"
    WARNING = "warning", "Warning"
    RULES = "rules", "Other rules"
    DATE = "date", "Date moved"
    STAGE = "stage", "Next stage acknowledged"
    REFERRAL = "referral", "Taken outside"


class Concern(models.TextChoices):
    """What one part of the house notices and another must hear of."""

    UNHAPPY = "unhappy", "The customer is not satisfied"
    ASKED_FOR_MANAGER = "asked_for_manager", "The customer asked for a manager"
    UNDELIVERED = "undelivered", "A letter could not be delivered"
    NO_ANSWER = "no_answer", "The customer did not answer our questions"
    OFFER_LAPSED = "offer_lapsed", "The offer ran out without an answer"
    SERIOUS = "serious", "Serious matter"
    VULNERABLE = "vulnerable", "Vulnerable customer"
    BROKEN_PROMISE = "broken_promise", "A promise was not kept"
    WROTE_AGAIN = "wrote_again", "The customer wrote after the end"
    ABUSE = "abuse", "A colleague met abuse"


class EntryQuerySet(models.QuerySet["Entry"]):
    def update(self, **_kwargs: Any) -> NoReturn:
        raise LedgerIsAppendOnly

    def delete(self) -> NoReturn:
        raise LedgerIsAppendOnly

    def moves(self) -> Self:
        return self.filter(kind=EntryKind.MOVE)


class Entry(models.Model):
    """One row of the ledger: who did what, when and why. Written in the transaction of the deed; never changed.

    `actor` is the member of staff, if it was one; `actor_name` is how the actor is called, frozen.
    `at` is when it happened, `recorded_at` when the row was written.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=15, choices=EntryKind.choices)
    move = models.CharField(max_length=15, choices=Move.choices, blank=True)
    concern = models.CharField(max_length=20, choices=Concern.choices, blank=True)
    from_state = models.CharField(max_length=16, choices=State.choices, blank=True)
    to_state = models.CharField(max_length=16, choices=State.choices, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    actor_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)
    text = models.TextField(blank=True)
    facts = models.JSONField(default=dict, blank=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["complaint", "at"], name="entry_by_complaint"),
            models.Index(fields=["move", "at"], name="entry_by_move"),
            models.Index(fields=["concern", "at"], condition=~models.Q(concern=""), name="entry_by_concern"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind=EntryKind.MOVE) ^ models.Q(move=""), name="entry_move_is_named"
            ),
        ]

    def __str__(self) -> str:
        return self.get_move_display() or self.get_kind_display()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise LedgerIsAppendOnly
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise LedgerIsAppendOnly
