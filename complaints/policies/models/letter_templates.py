from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn, Self

from django.conf import settings
from django.db import models

from complaints.policies import shipped_letters
from complaints.policies.exceptions import KeptAsWritten
from complaints.policies.letter_names import Wording
from complaints.policies.letter_text import LONGEST_SUBJECT, LetterText

KINDS = [(wording.value, wording.label) for wording in Wording]
#: What ships with the product counts as the version before the first.
SHIPPED = 0


@dataclass(frozen=True, slots=True)
class ChosenText:
    """The words of a letter, and where they come from."""

    wording: Wording
    language: str
    version: int
    text: LetterText

    @property
    def mark(self) -> str:
        """What a letter made from it carries for good: which version, or which of the shipped texts."""
        version = str(self.version) if self.version else f"shipped {shipped_letters.mark(self.text)}"
        return f"{self.wording} {self.language} {version}"


class LetterTemplateQuerySet(models.QuerySet["LetterTemplate"]):
    def of(self, wording: Wording, language: str) -> Self:
        return self.filter(kind=wording, language=language)

    def in_use(self, wording: Wording, *, now: datetime) -> dict[str, int]:
        """The key of the version in use in each language that has one of the firm's own."""
        begun = self.filter(kind=wording, in_use_from__lte=now).order_by("in_use_from", "version")
        return dict(begun.values_list("language", "pk"))

    def chosen(self, wording: Wording, *, customer: str, house: str, now: datetime) -> ChosenText:
        """The words for a customer of this language under a policy of that one: the firm's own before ours."""
        own, ours = self.in_use(wording, now=now), shipped_letters.shipped(wording)
        language = shipped_letters.best(customer, house, {*own, *ours})
        if language in own:
            return self.get(pk=own[language]).as_chosen()
        return ChosenText(wording, language, SHIPPED, ours[language])

    def update(self, **_kwargs: Any) -> NoReturn:
        raise KeptAsWritten

    def delete(self) -> NoReturn:
        raise KeptAsWritten


class LetterTemplate(models.Model):
    """One version of the words of a letter in one language. Never changed: a new version is written from a copy.

    The version in use is the one whose `in_use_from` was reached last.
    """

    kind = models.CharField(max_length=40, choices=KINDS)
    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    body = models.TextField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    in_use_from = models.DateTimeField()

    objects = LetterTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "language", "-version"]
        default_permissions = ("view", "add")
        constraints = [
            models.UniqueConstraint(fields=["kind", "language", "version"], name="letter_template_version"),
            models.CheckConstraint(
                condition=models.Q(version__gte=1) & ~models.Q(reason=""), name="letter_template_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.language}), version {self.version}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise KeptAsWritten
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise KeptAsWritten

    def as_chosen(self) -> ChosenText:
        return ChosenText(Wording(self.kind), self.language, self.version, self.text)

    @property
    def text(self) -> LetterText:
        return LetterText(self.subject, self.body)
