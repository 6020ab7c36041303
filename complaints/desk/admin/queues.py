from django import forms
from django.contrib import admin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from complaints.desk.admin.bounded import HistoryAdmin
from escalations.models import Queue, Reason


class QueueForm(forms.ModelForm):  # type: ignore[type-arg]
    reasons = forms.MultipleChoiceField(
        choices=Reason.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="None chosen: any reason",
    )

    class Meta:
        model = Queue
        fields = ("name", "level", "group", "reasons", "categories", "answer_within", "active")


@admin.register(Queue)
class QueueAdmin(HistoryAdmin):
    """Where questions wait. Never deleted, for old questions name it: what is no longer used is made inactive."""

    form = QueueForm
    list_display = ("name", "level", "group", "takes", "answer_within", "active")
    list_filter = ("active", "level")
    list_select_related = ("group",)
    filter_horizontal = ("categories",)

    @display(description="Takes")  # type: ignore[untyped-decorator]
    def takes(self, queue: Queue) -> str:
        return ", ".join(Reason(reason).label for reason in queue.reasons) or "any reason"
