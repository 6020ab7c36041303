"""What our letters said we will do: kept, or let go."""

from complaints.desk.dialogs.on_complaint import always, on_complaint
from complaints.desk.forms.promises import DropPromiseForm, KeptForm
from complaints.desk.open_file import OpenFile
from complaints.resolution import actions
from complaints.resolution.permission import WORK


@on_complaint.dialog(
    "keep-promise",
    "Kept",
    form=KeptForm,
    permission=WORK,
    when=always,
    part="promise",
    title="We did what we said",
    guidance="Only what has been done. Late is late, but done is better than forgotten.",
    submit="It is done",
)
def keep_promise(file: OpenFile, form: KeptForm) -> str:
    if file.promise is not None:
        actions.keep_promise(file.promise, text=form.cleaned_data["text"], by=file.person, now=file.now)
    return "The promise is kept."


@on_complaint.dialog(
    "drop-promise",
    "Let go",
    form=DropPromiseForm,
    permission=WORK,
    when=always,
    part="promise",
    title="This need not be done any more",
    guidance="It is settled otherwise, or the customer wants it no more. Tell the customer, if they still wait.",
)
def drop_promise(file: OpenFile, form: DropPromiseForm) -> str:
    if file.promise is not None:
        actions.drop_promise(file.promise, reason=form.cleaned_data["reason"], by=file.person, now=file.now)
    return "The promise is let go, and the file says why."
