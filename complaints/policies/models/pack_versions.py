from datetime import date
from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

from complaints.policies.exceptions import KeptAsWritten


class PackVersionQuerySet(models.QuerySet["PackVersion"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)

    def withdraw(self, **fields: Any) -> int:
        """The one thing that may still happen to a version, once."""
        return super().update(**fields)

    def update(self, **_kwargs: Any) -> NoReturn:
        raise KeptAsWritten

    def delete(self) -> NoReturn:
        raise KeptAsWritten


class PackVersion(models.Model):
    """A version of a policy pack that the firm wrote itself: the whole TOML, as it was checked.

    Complaints point at it for life, so it is never changed. One whose day has not come may be withdrawn.
    """

    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    copied_from = models.PositiveIntegerField(help_text="The version it was written from.")
    effective_from = models.DateField()
    text = models.TextField()
    reason = models.CharField(max_length=300)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True)

    objects = PackVersionQuerySet.as_manager()

    class Meta:
        ordering = ["code", "-version"]
        default_permissions = ("view", "add")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="pack_version_is_one"),
            models.UniqueConstraint(
                fields=["code", "effective_from"],
                condition=Q(withdrawn_at__isnull=True),
                name="pack_version_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(version__gte=2) & ~Q(reason=""), name="pack_version_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="pack_version_withdrawn_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} version {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise KeptAsWritten
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise KeptAsWritten

    def has_begun(self, today: date) -> bool:
        return self.effective_from <= today
