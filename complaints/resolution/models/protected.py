from collections.abc import Iterable
from typing import Any

from django.db import models


class ProtectedState(models.Model):
    """A model whose `state` only its transitions write, and which can still be read again from the database.

    The library's own mixin lifts the protection on the field object, which all threads share; here the old
    value is dropped from this one instance first.
    """

    class Meta:
        abstract = True

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, from_queryset: Any = None
    ) -> None:
        names = None if fields is None else list(fields)
        if names is None or "state" in names:
            self.__dict__.pop("state", None)
        super().refresh_from_db(using=using, fields=names, from_queryset=from_queryset)
