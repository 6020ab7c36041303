from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from complaints.desk.admin.bounded import PlainAdmin
from complaints.resolution.models import Category, RootCause


@admin.register(Category)
class CategoryAdmin(SimpleHistoryAdmin, PlainAdmin):  # type: ignore[misc]
    """Never deleted, for old complaints name them: what is no longer used is made inactive."""

    list_display = ("name", "fast_track", "active")
    list_filter = ("active", "fast_track")
    search_fields = ("name",)


@admin.register(RootCause)
class RootCauseAdmin(SimpleHistoryAdmin, PlainAdmin):  # type: ignore[misc]
    """Never deleted, for old findings name them: what is no longer used is made inactive."""

    list_display = ("name", "active")
    list_filter = ("active",)
    search_fields = ("name",)
