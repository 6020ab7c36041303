from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import linebreaksbr
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from unfold.admin import ModelAdmin
from unfold.decorators import display

from complaints.mailroom.models import OutgoingMail, OutgoingMailQuerySet, State

NEWEST = 1000


class NewestPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than the newest letters: what is older is found by searching."""

    @cached_property
    def count(self) -> int:
        newest: QuerySet[OutgoingMail] = self.object_list[:NEWEST]  # type: ignore[assignment]
        return newest.count()


def in_one_line(at: datetime | None) -> str:
    return date_format(localtime(at), "j\xa0M\xa0Y,\xa0H:i") if at else ""


def moment(field: str, title: str) -> Callable[[OutgoingMail], str]:
    """A column as the rest of the desk has it: the day, and the time of twenty-four hours."""

    def shown(mail: OutgoingMail) -> str:
        return in_one_line(getattr(mail, field)) or "–"

    return display(description=title)(shown)  # type: ignore[no-any-return]


@admin.register(OutgoingMail)
class OutgoingMailAdmin(ModelAdmin):  # type: ignore[misc]
    """To look at. Nothing about a letter is changed by hand."""

    list_display = ("written", "shown_kind", "to", "subject", "shown_state", "tried")
    list_display_links = ("subject",)
    list_filter = ("state",)
    search_fields = ("to__exact", "message_id__exact", "dedupe_key__exact")
    search_help_text = "The whole address, Message-ID or key"
    ordering = ("-pk",)
    list_per_page = 50
    list_max_show_all = 0
    show_full_result_count = False
    paginator = NewestPaginator
    actions = None
    fieldsets = (
        (None, {"fields": ("to", "subject", "shown_body", "shown_kind", "automatic")}),
        (
            "Delivery",
            {
                "fields": (
                    "shown_state",
                    "due",
                    "expires",
                    "attempts",
                    "last_error",
                    "decided_by",
                    "taken_back",
                )
            },
        ),
        (
            "Trace",
            {"fields": ("message_id", "dedupe_key", "mime_sha256", "written", "sent", "announced")},
        ),
    )

    readonly_fields = (
        "shown_body",
        "shown_kind",
        "shown_state",
        "written",
        "due",
        "expires",
        "sent",
        "taken_back",
        "announced",
    )
    written = staticmethod(moment("created_at", "Written"))
    due = staticmethod(moment("due_at", "Tried next"))
    expires = staticmethod(moment("expires_at", "Not after"))
    sent = staticmethod(moment("sent_at", "Sent"))
    taken_back = staticmethod(moment("taken_back_at", "Taken back"))
    announced = staticmethod(moment("settled_at", "End announced"))

    @display(description="Kind")  # type: ignore[untyped-decorator]
    def shown_kind(self, mail: OutgoingMail) -> str:
        return mail.kind.replace("_", " ").capitalize()

    @display(  # type: ignore[untyped-decorator]
        description="State",
        ordering=None,
        label={
            State.QUEUED.label: "info",
            State.SENDING.label: "info",
            State.SENT.label: "success",
            State.FAILED.label: "danger",
            State.AMBIGUOUS.label: "warning",
            State.BOUNCED.label: "danger",
        },
    )
    def shown_state(self, mail: OutgoingMail) -> str:
        return mail.get_state_display()

    @display(description="Sent, or tried")  # type: ignore[untyped-decorator]
    def tried(self, mail: OutgoingMail) -> str:
        """When it left; of one that has not, how often it was tried and when it will be again."""
        if mail.sent_at:
            return in_one_line(mail.sent_at)
        often = f"{mail.attempts}\xa0times" if mail.attempts != 1 else "once"
        again = f"next {in_one_line(mail.due_at)}" if mail.state == State.QUEUED and mail.due_at else ""
        return ", ".join(filter(None, [often if mail.attempts else "", again])) or "–"

    @display(description="Text")  # type: ignore[untyped-decorator]
    def shown_body(self, mail: OutgoingMail) -> str:
        return linebreaksbr(mail.body)

    def get_queryset(self, request: HttpRequest) -> OutgoingMailQuerySet:
        return OutgoingMail.objects.defer("mime").order_by("-pk")

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: OutgoingMail | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OutgoingMail | None = None) -> bool:
        return False
