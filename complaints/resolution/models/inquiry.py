from django.conf import settings
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from complaints.resolution.models.catalogue import RootCause
from complaints.resolution.models.complaints import Complaint


class Question(models.Model):
    """Something we asked the customer. Answered, or waived with a reason; never simply forgotten (C4)."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="questions")
    text = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)
    waived_because = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, answer="", waived_because="")
                | (Q(settled_at__isnull=False) & (~Q(answer="") | ~Q(waived_because=""))),
                name="question_settled_by_answer_or_waiver",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Fault(models.TextChoices):
    YES = "yes", "Our fault"
    PARTLY = "partly", "Partly our fault"
    NO = "no", "Not our fault"
    UNDETERMINED = "undetermined", "Cannot be determined"


class Basis(models.TextChoices):
    POLICY = "policy", "Policy or procedure"
    EVIDENCE = "evidence", "Documents or records"
    JUDGEMENT = "judgement", "Own judgement"


class Finding(models.Model):
    """What the investigation established. A basis is always named (D9).

    `what_happened` is internal; `explanation` is what the customer is told (A5).
    """

    complaint = models.OneToOneField(Complaint, on_delete=models.PROTECT, related_name="finding")
    fault = models.CharField(max_length=15, choices=Fault.choices)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    basis_detail = models.TextField("which policy, record or reason")
    what_happened = models.TextField()
    explanation = models.TextField("what the customer is told")
    root_cause = models.ForeignKey(RootCause, on_delete=models.PROTECT, null=True, blank=True)
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(basis_detail=""), name="finding_has_a_basis"),
        ]

    def __str__(self) -> str:
        return self.get_fault_display()
