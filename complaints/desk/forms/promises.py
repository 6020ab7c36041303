from django.utils import timezone
from django.utils.formats import date_format

from complaints.desk.forms.base import DialogForm, ReasonForm, Words, with_reason
from complaints.resolution.models import Promise


def said(promise: Promise) -> list[tuple[str, str]]:
    until = date_format(timezone.localtime(promise.due_at), "l j F Y, H:i")
    return [("Promised", f"“{promise.text}”"), ("By", with_reason(until, "why_promise", promise.pk))]


class KeptForm(DialogForm):
    text = Words(label="How", rows=2, required=False, help_text="If there is something to look up.")

    def briefing(self) -> list[tuple[str, str]]:
        return said(self.subject.promise)


class DropPromiseForm(ReasonForm):
    reason_label = "Why this need not be done any more"

    def briefing(self) -> list[tuple[str, str]]:
        return said(self.subject.promise)
