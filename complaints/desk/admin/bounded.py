"""Lists that stay quick however long the table grows, and from which nothing is changed in passing."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin

FURTHEST = 1000
LONGEST_KEY = 18


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


class HistoryAdmin(SimpleHistoryAdmin, PlainAdmin):  # type: ignore[misc]
    """With its past to look at, and only to look at.

    simple-history's page of an old version writes that version back when it is posted to, whatever the settings say
    of reverting and for anybody who may look (3.13); and it shows the past of rows the list hides.
    """

    object_history_list_template = "desk/past.html"
    #: What is no longer there keeps its past; a class that hides rows must hide their past as well.
    hides_rows = False

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self._must_see(request, object_id)
        response: HttpResponse = super().history_view(request, object_id, extra_context)
        return response

    def history_form_view(
        self,
        request: HttpRequest,
        object_id: str,
        version_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            raise PermissionDenied
        self._must_see(request, object_id)
        key_of(version_id)
        response: HttpResponse = super().history_form_view(request, object_id, version_id, extra_context)
        return response

    def _must_see(self, request: HttpRequest, object_id: str) -> None:
        key = key_of(object_id)
        if self.hides_rows and not self.get_queryset(request).filter(pk=key).exists():
            raise Http404


def key_of(text: str) -> int:
    """A primary key as an address has it. Anything else names nothing that is there."""
    if not text.isascii() or not text.isdigit() or len(text) > LONGEST_KEY:
        raise Http404
    return int(text)


class ReadOnlyAdmin(PlainAdmin):
    """To look at. What is shown changes by the verbs alone."""

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
