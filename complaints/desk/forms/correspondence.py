from functools import cached_property
from typing import Any

from django import forms
from django.utils.timezone import localtime

from complaints.desk.forms.base import DialogForm, Words
from complaints.desk.forms.letters import LetterForm
from complaints.resolution.actions.documents import LARGEST
from complaints.resolution.letters import Letter
from complaints.resolution.models import Channel, MessageKind
from complaints.resolution.papers import PaperKind


class NoteForm(DialogForm):
    text = Words(label="Note", rows=5, help_text="Facts, calls, what was agreed. Only staff see it.")


class UpdateForm(LetterForm):
    kind = MessageKind.UPDATE


class AnewForm(LetterForm):
    """Begins with the words of the letter that was taken back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.kind = MessageKind(kwargs["subject"].letter.kind)
        super().__init__(*args, **kwargs)

    def draft(self) -> Letter:
        back = self.subject.letter
        return Letter(back.subject, back.body, template=back.template)

    @cached_property
    def mark(self) -> str:
        return str(self.subject.letter.template)


class ReceivedForm(DialogForm):
    channel = forms.ChoiceField(label="How did it come?", choices=Channel.choices, initial=Channel.PHONE)
    body = Words(label="What the customer said or wrote, word for word", rows=6)


class AttachForm(DialogForm):
    file = forms.FileField(
        label="File", help_text="PDF, picture, Word, Excel or plain text, up to 10 MB.", max_length=400
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError("The file is larger than 10 MB.")
        return file


class ReportForm(DialogForm):
    """The reports, and the letters by which a complaint is answered."""

    paper = forms.ChoiceField(label="What", initial=PaperKind.INCIDENT_REPORT, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.letters = {f"letter-{letter.pk}": letter for letter in self.subject.answers_given}
        reports = [(kind.value, kind.label) for kind in PaperKind]
        letters = [
            (name, f"{letter}, {localtime(letter.at):%-d %b %Y}") for name, letter in self.letters.items()
        ]
        paper = self.fields["paper"]
        if isinstance(paper, forms.ChoiceField):
            paper.choices = reports + letters


class PostedForm(DialogForm):
    def briefing(self) -> list[tuple[str, str]]:
        letter = self.subject.letter
        customer = self.subject.complaint.customer
        where = ", ".join(filter(None, (customer.address, customer.postcode))) if customer else ""
        return [("Letter", str(letter)), ("To", " ".join(where.split()))]
