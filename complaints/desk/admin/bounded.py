"""Lists that stay quick however long the table grows, and from which nothing is changed in passing."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold.admin import ModelAdmin

FURTHEST = 1000


class BoundedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts and pages no further than the first thousand rows: what lies beyond is found by searching."""

    @cached_property
    def count(self) -> int:
        first: QuerySet[Model] = self.object_list[:FURTHEST]  # type: ignore[assignment]
        return first.count()


class PlainAdmin(ModelAdmin):  # type: ignore[misc]
    """No bulk actions, no editing in the list, no exact totals, and nothing deleted unless a class says so."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ReadOnlyAdmin(PlainAdmin):
    """To look at. What is shown changes by the verbs alone."""

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
