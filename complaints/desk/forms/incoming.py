from typing import Any

from django import forms

from complaints.desk.forms.base import DialogForm, ReasonForm
from complaints.intake.actions.post import title_of
from complaints.resolution import reference
from complaints.resolution.models import Complaint


class JoinForm(DialogForm):
    """The complaint is named by its reference: one that this person may not see is none."""

    reference = forms.CharField(label="Reference of the complaint", max_length=20)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.subject.to is not None:
            self.begin_with(reference=self.subject.to.reference)

    def briefing(self) -> list[tuple[str, str]]:
        read, to = self.subject.read, self.subject.to
        shown = [("From", read.sender if read and read.sender else "nobody who says so")]
        if to is not None and to.customer is not None:
            shown.append(("Customer", f"{to.customer.name} <{to.customer.email or 'no e-mail address'}>"))
        return shown

    def clean_reference(self) -> Complaint:
        meant = reference.understand(self.cleaned_data["reference"])
        seen = Complaint.objects.visible_to(self.subject.person).select_related("customer")
        complaint = seen.filter(reference=meant).first() if meant else None
        if complaint is None:
            raise forms.ValidationError("There is no such complaint.")
        return complaint


class OpenForm(DialogForm):
    widths = {"name": "half", "email": "half"}

    name = forms.CharField(label="Customer's name", max_length=200)
    email = forms.EmailField(label="Customer's e-mail address", max_length=254)
    title = forms.CharField(label="The complaint in one line", max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        read = self.subject.read
        if read is not None:
            name = read.sender.name if read.sender else ""
            self.begin_with(name=name[:200], email=self.subject.sender, title=title_of(read))


class RefuseMailForm(ReasonForm):
    reason_label = "Why is this no business of ours?"
