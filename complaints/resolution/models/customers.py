from typing import Any

from django.db import models
from django.db.models.functions import Upper
from simple_history.models import HistoricalRecords


class ContactChannel(models.TextChoices):
    EMAIL = "email", "E-mail"
    LETTER = "letter", "Letter"
    PHONE = "phone", "Telephone"


class Customer(models.Model):
    """A person who complained, and how they wish to be spoken to (A10).

    The e-mail address is kept in lower case and names one customer only, so that one person's complaints,
    and the money granted on them, are seen together.
    """

    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.TextField(blank=True)
    postcode = models.CharField(max_length=20, blank=True)
    preferred_channel = models.CharField(
        max_length=10, choices=ContactChannel.choices, default=ContactChannel.EMAIL
    )
    language = models.CharField(max_length=10, default="en")
    contact_from = models.TimeField(null=True, blank=True, help_text="Not before this time of day")
    contact_until = models.TimeField(null=True, blank=True, help_text="Not after this time of day")
    access_needs = models.CharField(max_length=200, blank=True, help_text="Large print, text relay …")
    vulnerable = models.BooleanField(default=False)
    customer_since = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    history = HistoricalRecords()
    _history_date: Any

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email"], condition=~models.Q(email=""), name="customer_one_per_email"
            ),
        ]
        indexes = [
            models.Index(Upper("name"), name="customer_by_name"),
            # Whole, though most look-ups are of what is not empty: SQLite cannot tell that from a parameter.
            models.Index(fields=["email"], name="customer_by_email"),
            models.Index(fields=["phone"], name="customer_by_phone"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def writes_by_email(self) -> bool:
        return bool(self.email) and self.preferred_channel != ContactChannel.LETTER
