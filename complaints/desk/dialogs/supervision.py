"""Putting a question before a supervisor by hand."""

from complaints.desk.dialogs.on_complaint import always, on_complaint
from complaints.desk.forms.supervision import RaiseForm
from complaints.desk.open_file import OpenFile
from complaints.resolution.permission import WORK
from escalations import actions
from escalations.models import Reason


@on_complaint.dialog(
    "raise",
    "Raise to a supervisor",
    form=RaiseForm,
    permission=WORK,
    when=always,
    title="Put a question before a supervisor",
    guidance="Asking for help is part of the work. Say what you need and what was tried, so nobody tries it again.",
    submit="Raise it",
)
def raise_by_hand(file: OpenFile, form: RaiseForm) -> str:
    raised = actions.raise_escalation(
        file.complaint, reason=Reason.RAISED, **form.cleaned_data, by=file.person, now=file.now
    )
    return f"It is before {raised.queue} now."
