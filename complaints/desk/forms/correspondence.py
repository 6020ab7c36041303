from complaints.desk.forms.base import DialogForm, Words


class NoteForm(DialogForm):
    text = Words(label="Note", rows=5, help_text="Facts, calls, what was agreed. Only staff see it.")
