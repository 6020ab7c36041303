from datetime import UTC, datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import models
from django.db.models import Exists, OuterRef, Q
from simple_history.models import HistoricalRecords

from complaints.resolution.models.catalogue import Category
from complaints.resolution.models.customers import Customer
from complaints.resolution.models.lifecycle import Lifecycle, State

#: Stands in `next_due_at` where nothing is due, so that one index orders every list on every database.
NOTHING_DUE = datetime(9999, 12, 31, tzinfo=UTC)


class Channel(models.TextChoices):
    WEB = "web", "Web form"
    PHONE = "phone", "Telephone"
    EMAIL = "email", "E-mail"
    LETTER = "letter", "Letter"
    VISIT = "visit", "In person"
    SOCIAL = "social", "Social media"
    REFERRAL = "referral", "Referral"
    OTHER = "other", "Other"


class Priority(models.TextChoices):
    NORMAL = "normal", "Normal"
    HIGH = "high", "High"
    SERIOUS = "serious", "Serious"


class Dispute(models.TextChoices):
    """Kinds of complaint for which some law sets clocks of its own."""

    NONE = "none", "Any other complaint"
    PAYMENT = "payment", "A payment service"
    EMONEY = "emoney", "Electronic money"
    BILLING = "billing", "The bill of a credit account"
    TRANSFER = "transfer", "An electronic transfer"
    SUPERANNUATION = "superannuation", "Superannuation"


class Outcome(models.TextChoices):
    UPHELD = "upheld", "Upheld"
    PARTLY_UPHELD = "partly_upheld", "Partly upheld"
    NOT_UPHELD = "not_upheld", "Not upheld"
    NO_RESOLUTION = "no_resolution", "No resolution reached"


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def visible_to(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        """The one rule of who may see what; every list, count, search, export and page starts here.

        Without the view permission: nothing. A complaint about oneself: never (B14). A restricted complaint:
        only its handler and the people named on it, administrators included (A27).
        """
        if not isinstance(user, User) or not user.has_perm("resolution.view_complaint"):
            return self.none()
        about_me = Complaint.about.through.objects.filter(complaint=OuterRef("pk"), user=user)
        names_me = Complaint.confidants.through.objects.filter(complaint=OuterRef("pk"), user=user)
        return self.filter(
            Q(restricted=False) | Q(handler=user) | Exists(names_me),
            ~Exists(about_me),
        )

    def open(self) -> Self:
        return self.filter(is_open__in=[True])  # "in": SQLite finds no index for a boolean that stands alone

    def held_by(self, user: User) -> Self:
        return self.open().filter(handler=user)

    def unassigned(self) -> Self:
        return self.open().filter(handler__isnull=True)

    def due_before(self, moment: datetime) -> Self:
        return self.open().filter(next_due_at__lt=moment)

    def by_urgency(self) -> Self:
        return self.order_by("next_due_at", "pk")


class Complaint(Lifecycle):
    """The file, from the day it arrives until it is closed.

    `received_at` is when the customer complained, `registered_at` when we wrote it down; clocks run from the
    first (D8). `customer` is empty only for imported history that names nobody. What rules depend on: `dispute`,
    `statement_day` (the day of the month on which the customer's billing cycle ends), `external_at` (the day
    somebody else set, as a portal that sent it), `stage` (empty in the first).
    """

    reference = models.CharField(max_length=16, unique=True, editable=False)
    title = models.CharField(max_length=200)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="complaints"
    )
    channel = models.CharField(max_length=10, choices=Channel.choices)
    received_at = models.DateTimeField()
    registered_at = models.DateTimeField()
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True)
    company = models.CharField(
        "business", max_length=200, blank=True, help_text="Brand or unit complained about"
    )
    priority = models.CharField(max_length=10, choices=Priority.choices, default=Priority.NORMAL)
    dispute = models.CharField(
        "kind of dispute", max_length=20, choices=Dispute.choices, default=Dispute.NONE
    )
    dispute_reference = models.CharField(max_length=80, blank=True)
    statement_day = models.PositiveSmallIntegerField(null=True, blank=True)
    external_at = models.DateTimeField(null=True, blank=True)
    stage = models.CharField(max_length=40, blank=True, editable=False)
    media_risk = models.BooleanField("media mentioned", default=False)
    desired_outcome = models.TextField("what the customer wants", blank=True)
    restatement = models.TextField("the problem in our words", blank=True)
    restatement_confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="held_complaints",
    )
    restricted = models.BooleanField(default=False)
    confidants = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    about = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    outcome = models.CharField(max_length=15, choices=Outcome.choices, blank=True)
    problem = models.TextField(blank=True)
    cause = models.TextField(blank=True)
    solution = models.TextField(blank=True)
    followed_up_at = models.DateTimeField(null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged"
    )
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    pack_code = models.CharField(max_length=40, editable=False)
    pack_version = models.PositiveIntegerField(editable=False)
    next_due_at = models.DateTimeField(default=NOTHING_DUE, editable=False)
    next_due_label = models.CharField(max_length=80, blank=True, editable=False)
    imported = models.BooleanField(default=False, editable=False)
    external_source = models.CharField(max_length=40, blank=True, editable=False)
    external_id = models.CharField(max_length=80, blank=True, editable=False)
    link_key = models.CharField(max_length=32, editable=False)

    #: Set by a verb before saving; simple-history reads them.
    _history_user: User | None
    _history_date: datetime
    _change_reason: str

    objects = ComplaintQuerySet.as_manager()
    #: Whom it is about and whom it is shown to stand in the ledger: a row of history for each would double every save.
    history = HistoricalRecords(excluded_fields=["is_open", "link_key"])

    class Meta:
        permissions = [
            ("work_complaint", "Can work complaints"),
            ("assign_complaint", "Can give complaints to others"),
            ("decide_offer", "Can approve or refuse offers"),
            ("supervise_complaint", "Can merge across customers, restrict and reopen late"),
            ("import_complaint", "Can import complaints"),
            ("export_complaint", "Can export complaints"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="complaint_state_is_known"),
            models.CheckConstraint(
                condition=Q(customer__isnull=False) | Q(imported=True), name="complaint_has_a_customer"
            ),
            models.CheckConstraint(
                condition=Q(registered_at__gte=models.F("received_at")),
                name="complaint_received_before_registered",
            ),
            models.CheckConstraint(
                condition=Q(state=State.MERGED) ^ Q(merged_into__isnull=True),
                name="complaint_merged_names_the_other",
            ),
            models.UniqueConstraint(
                fields=["external_source", "external_id"],
                condition=~Q(external_id=""),
                name="complaint_imported_once",
            ),
        ]
        indexes = [
            # Whole, for SQLite: from a parameter it cannot tell that what is looked up is not empty.
            models.Index(fields=["external_id"], name="complaint_by_external_id"),
            models.Index(fields=["is_open", "next_due_at", "id"], name="complaint_by_urgency"),
            models.Index(
                fields=["next_due_at", "id"],
                condition=Q(handler__isnull=True, is_open=True),
                name="complaint_unassigned",
            ),
            models.Index(fields=["handler", "is_open", "next_due_at", "id"], name="complaint_by_handler"),
            models.Index(
                fields=["handler", "received_at"],
                condition=Q(is_open=True),
                name="complaint_oldest_held",
            ),
            models.Index(fields=["state", "next_due_at", "id"], name="complaint_by_state"),
            models.Index(fields=["customer", "received_at"], name="complaint_by_customer"),
            models.Index(fields=["received_at", "id"], name="complaint_by_receipt"),
            models.Index(fields=["closed_at"], name="complaint_by_closing"),
            models.Index(fields=["category", "received_at"], name="complaint_by_category"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def has_due_date(self) -> bool:
        return self.next_due_at < NOTHING_DUE


class Point(models.Model):
    """One thing complained of. Each must be answered before the final response goes (A22)."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="points")
    text = models.CharField(max_length=500)
    answer = models.TextField(blank=True)
    outcome = models.CharField(max_length=15, choices=Outcome.choices, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text


class Reading(models.Model):
    """Who opened a restricted complaint, and when."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="readings")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.reader} read {self.complaint_id}"


class ReferenceCounter(models.Model):
    """The last number given out in a year. Taking the next locks the row, so no two complaints share one."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"
