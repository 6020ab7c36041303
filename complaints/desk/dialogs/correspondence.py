"""Words that change no state: notes, letters in between, what the customer told us, files."""

from complaints.desk.dialogs.on_complaint import always, on_complaint, while_open
from complaints.desk.forms.correspondence import (
    AttachForm,
    NoteForm,
    PostedForm,
    ReceivedForm,
    ReportForm,
    UpdateForm,
)
from complaints.desk.open_file import OpenFile
from complaints.resolution import actions
from complaints.resolution.models import Channel, MessageKind
from complaints.resolution.papers import PaperKind
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


@on_complaint.dialog(
    "update",
    "Write to the customer",
    form=UpdateForm,
    permission=WORK,
    when=while_open,
    title="Tell the customer how it stands",
    guidance="Say what has been done since the last letter and what comes next, with a day you can keep.",
    submit="Send the letter",
)
def update(file: OpenFile, form: UpdateForm) -> str:
    actions.send_letter(
        file.complaint, kind=MessageKind.UPDATE, letter=form.letter(), by=file.person, now=file.now
    )
    return "The letter is on its way."


@on_complaint.dialog(
    "received",
    "Record a message",
    form=ReceivedForm,
    permission=WORK,
    when=always,
    title="The customer called, wrote or came",
    guidance="Word for word where you can. What we think of it belongs in a note.",
    submit="Keep the message",
)
def received(file: OpenFile, form: ReceivedForm) -> str:
    actions.take_message(
        file.complaint,
        body=form.cleaned_data["body"],
        channel=Channel(form.cleaned_data["channel"]),
        by=file.person,
        now=file.now,
    )
    return "The message is in the file."


@on_complaint.dialog(
    "attach",
    "Attach a document",
    form=AttachForm,
    permission=WORK,
    when=always,
    guidance="Only what belongs to this complaint. Black out what concerns other people.",
    submit="Attach",
)
def attach(file: OpenFile, form: AttachForm) -> str:
    sent = form.cleaned_data["file"]
    kept = actions.keep_document(
        file.complaint, name=sent.name, content=sent.read(), by=file.person, now=file.now
    )
    return f"{kept.name} is in the file."


@on_complaint.dialog(
    "report",
    "Make a report",
    form=ReportForm,
    permission=WORK,
    when=always,
    title="Put this complaint on paper",
    guidance=(
        "The incident report tells everything but the notes, and is for the house alone. The summary is fit for the "
        "customer. Each is filed with its hash; while nothing changes, the same paper comes back."
    ),
    submit="Make it",
)
def report(file: OpenFile, form: ReportForm) -> str:
    paper = form.cleaned_data["paper"]
    if letter := form.letters.get(paper):
        made = actions.file_letter(letter, by=file.person, now=file.now)
    else:
        made = actions.make_report(file.complaint, kind=PaperKind(paper), by=file.person, now=file.now)
    return f"{made.name} is among the documents."


def is_to_be_posted(file: OpenFile) -> bool:
    letter = file.letter
    return letter is not None and letter.awaits_posting


@on_complaint.dialog(
    "posted",
    "Mark as posted",
    form=PostedForm,
    permission=WORK,
    when=is_to_be_posted,
    part="letter",
    title="This letter has left the house",
    submit="It is in the post",
)
def posted(file: OpenFile, form: PostedForm) -> str:
    if file.letter is not None:
        actions.post_printed(file.letter, by=file.person, now=file.now)
    return "Marked as posted."
