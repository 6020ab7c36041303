"""The form inside a dialog: plain labels, generous fields, and every word typed kept."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.forms.boundfield import BoundField
from django.urls import reverse
from django.utils.html import format_html

from complaints.resolution.actors import name_of


def ask_plainly(form: forms.Form) -> None:
    """What is missing is asked for as a colleague would, unless the field has words of its own for it."""
    for field in form.fields.values():
        if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
            chosen = isinstance(field, forms.ChoiceField)
            field.error_messages["required"] = "Choose one." if chosen else "This is still missing."


class DialogForm(forms.Form):
    """`widths` sets fields side by side on a wide screen: half, third or quarter. `template` draws the fields.

    `briefing` is what the person should know while filling it in: pairs of a word and a sentence.
    """

    template: ClassVar[str] = "desk/parts/fields.html"
    widths: ClassVar[dict[str, str]] = {}
    use_required_attribute = False

    def __init__(self, *args: Any, subject: Any, **kwargs: Any) -> None:
        self.subject = subject
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        ask_plainly(self)

    def begin_with(self, **values: Any) -> None:
        """What stands in the fields before anybody types."""
        self.initial.update(values)

    def briefing(self) -> list[tuple[str, str]]:
        return []

    def wants_another_look(self) -> bool:
        """Is there something the person should see before the deed is done? Asked of a valid form."""
        return False

    @property
    def postscript(self) -> str:
        """What to tell the person beside what the deed says of itself."""
        return ""

    def refuse(self, refused: Exception) -> None:
        """Say what a verb refused."""
        self.add_error(None, str(refused))

    @property
    def takes_files(self) -> bool:
        return self.is_multipart()

    def rows(self) -> Iterator[tuple[BoundField, str]]:
        """Each visible field with the classes of its place in the grid."""
        for field in self.visible_fields():
            yield field, " ".join(_classes(field, self.widths.get(field.name, "")))


def _classes(field: BoundField, width: str) -> Iterator[str]:
    yield "r-field"
    if width:
        yield f"r-field--{width}"
    if isinstance(field.field.widget, forms.CheckboxInput):
        yield "r-field--check"
    if field.errors:
        yield "r-field--bad"


def with_reason(words: str, page: str, pk: int) -> str:
    """A date in a briefing, leading to its reason: in a tab of its own, for what was typed must stay."""
    link = '<a class="r-link" href="{}" target="_blank" title="Why this date?">{}</a>'
    return format_html(link, reverse(f"desk:{page}", args=[pk]), words)


class NoFields(DialogForm):
    """For deeds that need a deliberate second step and not a word more."""


class ReasonForm(DialogForm):
    """For deeds that need a word on why. Subclasses give the word its label."""

    reason_label: ClassVar[str] = "Why?"
    reason = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = self.reason_label


class Words(forms.CharField):
    """Something written in sentences."""

    def __init__(self, *, rows: int = 4, letter: bool = False, **kwargs: Any) -> None:
        attrs: dict[str, Any] = {"rows": 16 if letter else rows}
        if letter:
            attrs["class"] = "r-letter"
        kwargs.setdefault("widget", forms.Textarea(attrs=attrs))
        super().__init__(**kwargs)


class DateField(forms.DateField):
    """The browser's own calendar; it wants ISO dates whatever the language."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class MomentField(forms.DateTimeField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **kwargs)


class StaffChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """People by the names they are called, not by their logins."""

    def label_from_instance(self, obj: User) -> str:
        return name_of(obj)


class StaffChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: User) -> str:
        return name_of(obj)
