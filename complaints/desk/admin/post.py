from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from complaints.desk.sight import visible_post
from complaints.mailroom.admin import OutgoingMailAdmin
from complaints.mailroom.models import OutgoingMail, OutgoingMailQuerySet

admin.site.unregister(OutgoingMail)


@admin.register(OutgoingMail)
class PostAdmin(OutgoingMailAdmin):
    """The mailroom's own page, which knows no complaints, without the letters of those this person may not see."""

    def get_queryset(self, request: HttpRequest) -> OutgoingMailQuerySet:
        user: Any = request.user
        return visible_post(user, super().get_queryset(request))
