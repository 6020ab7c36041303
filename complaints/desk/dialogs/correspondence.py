"""Words that change no state: notes, letters in between, what the customer told us."""

from complaints.desk.dialogs.on_complaint import always, on_complaint
from complaints.desk.forms.correspondence import NoteForm
from complaints.desk.open_file import OpenFile
from complaints.resolution import actions
from complaints.resolution.permission import WORK


@on_complaint.dialog(
    "note",
    "Write a note",
    form=NoteForm,
    permission=WORK,
    when=always,
    guidance="Write it as if the customer might read it one day: facts, kindly put.",
    submit="Keep the note",
)
def note(file: OpenFile, form: NoteForm) -> str:
    actions.note(file.complaint, text=form.cleaned_data["text"], by=file.person, now=file.now)
    return "The note is in the file."
