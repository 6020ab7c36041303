from django.contrib import admin

from complaints.desk.admin.bounded import HistoryAdmin
from complaints.resolution.models import Category, RootCause


@admin.register(Category)
class CategoryAdmin(HistoryAdmin):
    """Never deleted, for old complaints name them: what is no longer used is made inactive."""

    list_display = ("name", "fast_track", "active")
    list_filter = ("active", "fast_track")
    search_fields = ("name",)


@admin.register(RootCause)
class RootCauseAdmin(HistoryAdmin):
    """Never deleted, for old findings name them: what is no longer used is made inactive."""

    list_display = ("name", "active")
    list_filter = ("active",)
    search_fields = ("name",)
