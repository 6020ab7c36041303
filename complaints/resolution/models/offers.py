from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition
from djmoney.models.fields import MoneyField
from simple_history.models import HistoricalRecords

from complaints.resolution.models.catalogue import Category
from complaints.resolution.models.complaints import Complaint
from complaints.resolution.models.protected import ProtectedState


class OfferState(models.TextChoices):
    DRAFT = "draft", "Draft"
    REFERRED = "referred", "Awaiting approval"
    APPROVED = "approved", "Approved"
    SENT = "sent", "With the customer"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Declined"
    LAPSED = "lapsed", "Lapsed"
    WITHDRAWN = "withdrawn", "Withdrawn"
    FULFILLED = "fulfilled", "Fulfilled"


#: Money in these counts against every ceiling: it is granted, promised or paid.
GRANTED = (OfferState.APPROVED, OfferState.SENT, OfferState.ACCEPTED, OfferState.FULFILLED)
LIVE = (OfferState.DRAFT, OfferState.REFERRED, OfferState.APPROVED, OfferState.SENT, OfferState.ACCEPTED)

S = OfferState


class RemedyKind(models.TextChoices):
    REFUND = "refund", "Refund"
    COMPENSATION = "compensation", "Compensation"
    GOODWILL = "goodwill", "Goodwill payment"
    CREDIT = "credit", "Credit"
    REPLACEMENT = "replacement", "Replacement"
    CORRECTION = "correction", "Correction"
    APOLOGY = "apology", "Apology"
    ACTION = "action", "Something else we do"


class Offer(ProtectedState):
    """A proposed remedy. Sealed when put forward; approval holds for that seal and no other.

    `seal` is the SHA-256 of the offer's canonical content, `approved_seal` what was approved, by a superior or
    by the proposer's own authority. An offer is never edited: a revision is a new version.
    """

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="offers")
    version = models.PositiveSmallIntegerField()
    state = FSMField(max_length=10, choices=OfferState.choices, default=OfferState.DRAFT, protected=True)
    benefit = models.TextField("what this gives the customer", blank=True)
    open_until = models.DateTimeField()
    follow_up_on = models.DateField()
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="proposed_offers"
    )
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="approved_offers",
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    within_own_authority = models.BooleanField(default=False)
    seal = models.CharField(max_length=64)
    approved_seal = models.CharField(max_length=64, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.TextField(blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["version"]
        constraints = [
            models.UniqueConstraint(fields=["complaint", "version"], name="offer_version_is_unique"),
            models.UniqueConstraint(
                fields=["complaint"],
                condition=Q(state__in=[s.value for s in LIVE]),
                name="offer_one_live_a_complaint",
            ),
            models.CheckConstraint(condition=Q(state__in=OfferState.values), name="offer_state_is_known"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
                name="offer_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[s.value for s in GRANTED])
                | (
                    Q(approved_seal=F("seal")) & (Q(within_own_authority=True) | Q(approved_by__isnull=False))
                ),
                name="offer_granted_under_its_seal",
            ),
        ]

    def __str__(self) -> str:
        return f"Offer {self.version} on {self.complaint_id}"

    @transition(field="state", source=S.DRAFT, target=S.REFERRED)
    def refer(self) -> None: ...

    @transition(field="state", source=[S.DRAFT, S.REFERRED], target=S.APPROVED)
    def approve(self, *, now: datetime) -> None:
        self.approved_at = now
        self.approved_seal = self.seal

    @transition(field="state", source=S.APPROVED, target=S.SENT)
    def send(self, *, now: datetime) -> None:
        self.sent_at = now

    @transition(field="state", source=S.SENT, target=S.ACCEPTED)
    def accept(self, *, now: datetime) -> None:
        self.answered_at = now

    @transition(field="state", source=S.SENT, target=S.DECLINED)
    def decline(self, *, now: datetime) -> None:
        self.answered_at = now

    @transition(field="state", source=S.SENT, target=S.LAPSED)
    def lapse(self) -> None: ...

    @transition(
        field="state", source=[S.DRAFT, S.REFERRED, S.APPROVED, S.SENT, S.ACCEPTED], target=S.WITHDRAWN
    )
    def withdraw(self) -> None: ...

    @transition(field="state", source=S.ACCEPTED, target=S.FULFILLED)
    def fulfil(self) -> None: ...


class OfferLine(models.Model):
    """One part of an offer: an amount or an action, and when. Never vague (C8)."""

    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="lines")
    kind = models.CharField(max_length=15, choices=RemedyKind.choices)
    amount = MoneyField(max_digits=12, decimal_places=2, null=True, blank=True, default_currency=None)
    action = models.CharField(max_length=300, blank=True)
    due_on = models.DateField()
    conditions = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=Decimal(0)),
                name="offer_line_amount_is_positive",
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=False) | ~Q(action=""), name="offer_line_is_not_vague"
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | ~Q(amount_currency=None),
                name="offer_line_names_its_currency",
            ),
        ]

    def __str__(self) -> str:
        return self.action or f"{self.get_kind_display()} {self.amount}"


class Fulfilment(models.Model):
    """A line was done: the proof, and for larger sums a second pair of eyes (A11). At most one a line, ever."""

    line = models.OneToOneField(OfferLine, on_delete=models.PROTECT, related_name="fulfilment")
    amount = MoneyField(max_digits=12, decimal_places=2, null=True, blank=True, default_currency=None)
    proof = models.TextField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()
    needs_check = models.BooleanField(default=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    checked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(proof=""), name="fulfilment_has_proof"),
            models.CheckConstraint(
                condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("done_by")),
                name="fulfilment_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return self.proof

    @property
    def awaits_check(self) -> bool:
        return self.needs_check and self.checked_by_id is None


class AuthorityLimit(models.Model):
    """How much a group may grant. No row, no authority; being a superuser grants none.

    The ceiling per customer counts everything granted within the last `window_days`, on all their complaints.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="authority_limits")
    currency = models.CharField(max_length=3)
    kind = models.CharField(
        max_length=15, choices=RemedyKind.choices, blank=True, help_text="Empty: any remedy"
    )
    category = models.ForeignKey(
        Category, on_delete=models.CASCADE, null=True, blank=True, help_text="Empty: any category"
    )
    per_complaint = models.DecimalField("ceiling per complaint", max_digits=12, decimal_places=2)
    per_customer = models.DecimalField("ceiling per customer", max_digits=12, decimal_places=2)
    window_days = models.PositiveSmallIntegerField("over how many days", default=365)
    history = HistoricalRecords()

    class Meta:
        ordering = ["group__name", "currency", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "currency", "kind", "category"], name="authority_limit_is_unique"
            ),
            models.UniqueConstraint(
                fields=["group", "currency", "kind"],
                condition=Q(category__isnull=True),
                name="authority_limit_is_unique_for_any_category",
            ),
            models.CheckConstraint(
                condition=Q(per_complaint__gte=0, per_customer__gte=0), name="authority_limit_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.per_complaint} {self.currency} {self.get_kind_display() or 'any remedy'}"
